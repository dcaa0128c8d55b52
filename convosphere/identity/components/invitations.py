"""The dialog in which people are invited."""

import reflex as rx

from convosphere.core.i18n import LOCALE_NAMES
from convosphere.identity.state.invite_state import GROUP_FIELD, Choice, InviteState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import notice
from convosphere.ui.fields import copy_field, text_field
from convosphere.ui.i18n import current_locale, t, t_message, tn

_DAYS = (1, 3, 7, 14, 30)
_USUAL_DAYS = "7"


def invite_dialog() -> rx.Component:
    """Asks for whom it is and what they will be; then shows the link, or says where it was sent."""
    state = InviteState
    return dialog(
        t("Invite people"),
        rx.cond(state.link != "", _link(), rx.cond(state.sent_to != "", _sent(), _form())),
        open=state.is_open,
        on_open_change=InviteState.show,
    )


def days_select() -> rx.Component:
    """How long links work."""
    options = [rx.el.option(tn("{count} day", "{count} days", days), value=str(days)) for days in _DAYS]
    return rx.el.select(
        *options, id="days", name="days", default_value=_USUAL_DAYS, class_name="select", data_testid="invite-days"
    )


def locale_select() -> rx.Component:
    """In which language mails are written."""
    options = [rx.el.option(name, value=locale, lang=locale) for locale, name in LOCALE_NAMES.items()]
    return rx.el.select(
        *options, id="locale", name="locale", default_value=current_locale(), class_name="select",
        data_testid="invite-locale",
    )  # fmt: skip


def _form() -> rx.Component:
    state = InviteState
    return rx.cond(
        state.roles.length() > 0,
        rx.form(
            text_field(
                rx.cond(state.is_mailing, t("E-mail address"), t("E-mail address (optional)")),
                name="email",
                type="email",
                help_text=rx.cond(
                    state.is_mailing,
                    t("The link is sent there and works for this person alone. Empty: you get a link to pass on."),
                    t("With an address, the link works for this person alone. It is not sent; pass it on yourself."),
                ),
                error=t_message(state.error),
                data_testid="invite-email",
            ),
            rx.el.div(
                text_field(t("Role"), name="role", control=_roles()),
                text_field(t("Works for"), name="days", control=days_select()),
                rx.cond(
                    state.is_mailing, text_field(t("Language of the mail"), name="locale", control=locale_select())
                ),
                class_name="invite-choices",
            ),
            rx.cond(state.groups.length() > 0, _groups()),
            button(
                rx.cond(state.is_mailing, t("Invite"), t("Create link")),
                weight="primary",
                type="submit",
                data_testid="invite-send",
            ),
            on_submit=InviteState.create,
            class_name="form-column",
        ),
    )


def _roles() -> rx.Component:
    return rx.el.select(
        rx.foreach(InviteState.roles, _option),
        id="role",
        name="role",
        default_value="member",
        class_name="select",
        data_testid="invite-role",
    )


def _option(choice: Choice) -> rx.Component:
    return rx.el.option(t_message(rx.Var.create(choice.name)), value=choice.key)


def _groups() -> rx.Component:
    return rx.el.details(
        rx.el.summary(t("Groups")),
        rx.el.div(rx.foreach(InviteState.groups, _group), class_name="check-list"),
        class_name="disclosure",
        data_testid="invite-groups",
    )


def _group(choice: Choice) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=rx.Var.create(GROUP_FIELD) + choice.key),
        t_message(rx.Var.create(choice.name)),
        class_name="check-line",
    )


def _link() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("This link works once. It is shown only now.")),
        copy_field(InviteState.link, t("Link to join"), "invite-link"),
        class_name="form-column",
    )


def _sent() -> rx.Component:
    return rx.el.div(
        notice(
            t("The invitation is on its way to {email}.", email=InviteState.sent_to), tone="good", icon="mail-check"
        ),
        rx.el.div(
            button(t("Invite somebody else"), on_click=InviteState.show(True), data_testid="invite-another"),
            class_name="dialog-acts",
        ),
        class_name="form-column",
        data_testid="invite-sent",
    )
