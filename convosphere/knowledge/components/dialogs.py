"""Questions about documents: is this to be lost, and what is it to be called."""

import reflex as rx

from convosphere.knowledge.state.act_state import ActState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t, tn


def document_dialogs() -> rx.Component:
    """All, opened by `ActState` and `SharingState`."""
    return rx.fragment(_delete(), _rename())


def _delete() -> rx.Component:
    acts = ActState
    loss = rx.cond(
        acts.name != "",
        t("“{name}” is deleted with its file, its text and everything found in it. This cannot be undone.",
          name=acts.name),
        tn(
            "{count} document is deleted with its file, its text and everything found in it. This cannot be undone.",
            "{count} documents are deleted with their files, their texts and everything found in them. "
            "This cannot be undone.",
            acts.asked,
        ),
    )  # fmt: skip
    return confirm_dialog(
        tn("Delete {count} document?", "Delete {count} documents?", acts.asked),
        loss,
        confirm_label=t("Delete"),
        on_confirm=ActState.delete,
        confirm_testid="bulk-confirm",
        open=acts.dialog == "delete",
        on_open_change=ActState.close_dialog,
    )


def _rename() -> rx.Component:
    return dialog(
        t("Rename document"),
        rx.el.form(
            text_field(
                t("Name"), name="document-name", default_value=ActState.name, auto_focus=True, max_length=255,
                data_testid="document-name",
            ),
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", data_testid="document-rename-save"),
                class_name="dialog-acts",
            ),
            on_submit=ActState.rename,
        ),
        open=ActState.dialog == "rename",
        on_open_change=ActState.close_dialog,
    )  # fmt: skip
