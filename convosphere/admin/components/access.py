"""Letting somebody in again: a link for a new password, another address."""

import reflex as rx

from convosphere.admin.state.access_state import AccessState
from convosphere.admin.state.person_state import PersonState
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui import t, t_message
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import form_section, text_field
from convosphere.ui.once import once_dialog


def access_section() -> rx.Component:
    """For those who may manage people, about somebody who may come in."""
    shown = PersonState.shown
    return rx.cond(
        person_may(Permission.PERSON_MANAGE) & (shown.standing == "active"),
        form_section(
            t("Access"),
            rx.el.div(
                button(
                    t("Link for a new password"), icon="key-round", on_click=AccessState.make_link,
                    data_testid="person-recovery",
                ),
                button(
                    t("Change e-mail address"), icon="mail", on_click=AccessState.ask_email(True),
                    data_testid="person-email-open",
                ),
                class_name="person-acts",
            ),
            _link_dialog(),
            _email_dialog(),
        ),
    )  # fmt: skip


def _link_dialog() -> rx.Component:
    return once_dialog(
        t("Link for a new password"),
        t("Pass it on to {name} yourself. It works once, for 30 minutes.", name=PersonState.shown.name),
        name="person-recovery-link",
        label=t("Link for a new password"),
        value=AccessState.link,
        on_taken=AccessState.forget_link,
    )


def _email_dialog() -> rx.Component:
    return dialog(
        t("Change e-mail address"),
        rx.el.form(
            text_field(
                t("New e-mail address"),
                name="person-email",
                type="email",
                required=True,
                auto_complete="off",
                help_text=t("It counts as confirmed; you vouch for it. The address before is told."),
                error=t_message(AccessState.email_error),
                data_testid="person-email",
            ),
            rx.el.div(
                button(t("Change"), weight="primary", type="submit", data_testid="person-email-save"),
                class_name="dialog-acts",
            ),
            on_submit=AccessState.change_email,
            class_name="form-column",
        ),
        open=AccessState.is_open,
        on_open_change=AccessState.ask_email,
    )
