"""The dialog in which an administrator makes a link to join."""

import reflex as rx

from convosphere.identity.state.invite_state import InviteState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t, t_message
from convosphere.ui.layout import FRAME_MODULE


class _CopyField(rx.Component):
    library = FRAME_MODULE
    tag = "CopyField"
    value: rx.Var[str]
    label: rx.Var[str]
    copy_label: rx.Var[str]
    done_label: rx.Var[str]
    test_id: rx.Var[str]


def invite_dialog() -> rx.Component:
    """Asks for the role and, if the link is for one person only, their address; then shows the link."""
    return dialog(
        t("Invite people"),
        rx.cond(InviteState.link != "", _link(), _form()),
        open=InviteState.is_open,
        on_open_change=InviteState.show,
    )


def _form() -> rx.Component:
    return rx.form(
        text_field(
            t("E-mail address (optional)"),
            name="email",
            type="email",
            help_text=t("With an address, the link works for this person alone. It is not sent; pass it on yourself."),
            error=t_message(InviteState.error),
            data_testid="invite-email",
        ),
        text_field(t("Role"), name="role", control=_roles()),
        button(t("Create link"), weight="primary", type="submit", data_testid="invite-send"),
        on_submit=InviteState.create,
        class_name="form-column",
    )


def _roles() -> rx.Component:
    return rx.el.select(
        rx.el.option(t("Member: chats and adds documents"), value="member"),
        rx.el.option(t("Administrator: also invites people"), value="admin"),
        id="role",
        name="role",
        class_name="select",
        data_testid="invite-role",
    )


def _link() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("This link works once, for 7 days. It is shown only now.")),
        _CopyField.create(
            value=InviteState.link,
            label=t("Link to join"),
            copy_label=t("Copy"),
            done_label=t("Copied"),
            test_id="invite-link",
        ),
        class_name="form-column",
    )
