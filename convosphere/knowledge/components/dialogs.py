"""Questions about documents: what is to be done with many, and what is one to be called."""

import reflex as rx

from convosphere.knowledge.components.bulk import bulk_dialog
from convosphere.knowledge.components.links import document_links_dialogs
from convosphere.knowledge.state.act_state import ActState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t


def document_dialogs() -> rx.Component:
    """All, opened by `ActState`, `BulkState` and `DocumentLinksState`."""
    return rx.fragment(bulk_dialog(), _rename(), document_links_dialogs())


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
