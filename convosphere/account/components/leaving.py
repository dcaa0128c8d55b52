"""Deleting one's own account: last, apart, and never by mistake."""

import reflex as rx

from convosphere.account.state.leaving_state import LeavingState
from convosphere.ui import t, t_message
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import form_section, text_field

Leaving = LeavingState


def leaving_section() -> rx.Component:
    """The button, and the dialog that says what is lost."""
    return form_section(
        t("Delete my account"),
        rx.el.div(
            button(
                t("Delete my account"), icon="trash-2", tone="bad", on_click=Leaving.ask, data_testid="account-delete"
            )
        ),
        _dialog(),
        note=t("Your conversations and what you keep to yourself are deleted. This cannot be undone."),
    )


def _dialog() -> rx.Component:
    return dialog(
        t("Delete my account"),
        rx.el.form(
            rx.el.p(t("This cannot be undone. The audit trail keeps its entries. Lost for good:")),
            rx.el.ul(
                rx.foreach(Leaving.lost, lambda words: rx.el.li(t_message(words))),
                rx.el.li(t("Profile, sessions and keys")),
                class_name="loss-list",
            ),
            rx.cond(Leaving.shared.length() > 0, _shared()),
            text_field(
                t("Type “{name}” to confirm", name=Leaving.email), name="leaving-email", auto_complete="off",
                error=t_message(Leaving.error), data_testid="account-delete-email",
            ),
            rx.el.div(
                button(
                    t("Delete my account"), weight="primary", tone="bad", type="submit",
                    data_testid="account-delete-confirm",
                ),
                class_name="dialog-acts",
            ),
            on_submit=Leaving.leave,
            class_name="form-column",
        ),
        open=Leaving.is_open,
        on_open_change=Leaving.close,
    )  # fmt: skip


def _shared() -> rx.Component:
    choice = rx.el.select(
        rx.el.option(t("An owner of the workspace gets it"), value="keep"),
        rx.el.option(t("It is deleted as well"), value="delete"),
        id="leaving-shared",
        name="leaving-shared",
        default_value="keep",
        class_name="select",
        data_testid="account-delete-shared",
    )
    return rx.el.div(
        rx.el.p(t("Others use as well:"), class_name="strong"),
        rx.el.ul(rx.foreach(Leaving.shared, lambda words: rx.el.li(t_message(words))), class_name="loss-list"),
        text_field(t("What is shared"), name="leaving-shared", control=choice),
        class_name="form-column",
    )
