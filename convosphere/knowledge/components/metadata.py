"""What people correct of what is known of a document."""

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.knowledge.components.status import LANGUAGES
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.metadata_state import MetadataState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t

Known = DocumentState.detail.metadata


def edit_metadata() -> rx.Component:
    """The dialog behind its button."""
    return dialog(
        t("Edit details"),
        rx.el.p(
            t("What you change here stays, whatever the file says when it is read again."), class_name="dialog-text"
        ),
        rx.el.form(
            text_field(t("Title"), name="metadata-title", default_value=Known.title, max_length=300,
                       auto_focus=True, data_testid="metadata-title"),
            text_field(t("Author"), name="metadata-author", default_value=Known.author, max_length=200,
                       data_testid="metadata-author"),
            rx.el.div(
                text_field(t("Date"), name="metadata-date", control=_day("metadata-date", Known.dated_on)),
                text_field(t("Language"), name="metadata-language", control=_languages()),
                text_field(t("Review on"), name="metadata-review", control=_day("metadata-review", Known.review_on)),
                class_name="metadata-row",
            ),
            _owner(),
            rx.el.div(
                rx.cond(
                    Known.is_corrected,
                    button(t("Take what the file says"), weight="quiet", on_click=MetadataState.take_from_file,
                           data_testid="metadata-reset"),
                ),
                rx.dialog.close(button(t("Cancel"))),
                button(t("Save"), weight="primary", type="submit", data_testid="metadata-save"),
                class_name="dialog-acts",
            ),
            on_submit=MetadataState.keep,
            class_name="tag-fields",
        ),
        trigger=button(t("Edit details"), icon="pencil", weight="quiet", size="1", data_testid="metadata-edit"),
        open=MetadataState.is_open,
        on_open_change=MetadataState.set_open,
    )  # fmt: skip


def _day(name: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.input(type="date", id=name, name=name, default_value=value, class_name="select", data_testid=name)


def _languages() -> rx.Component:
    """The usual ones, and whichever it is in now."""
    is_usual = rx.Var.create([code for code, _ in LANGUAGES]).contains(Known.language)
    other = rx.el.option(Known.language, value=Known.language)
    return rx.el.select(
        rx.el.option(t("Not recognised"), value="und"),
        *(rx.el.option(label, value=code) for code, label in LANGUAGES),
        rx.cond(is_usual | (Known.language == "und") | (Known.language == ""), rx.fragment(), other),
        id="metadata-language",
        name="metadata-language",
        default_value=Known.language,
        class_name="select",
        data_testid="metadata-language",
    )


def _owner() -> rx.Component:
    """Whose it is, and the way to hand it over."""
    row = DocumentState.row
    hand_over = button(
        t("Set owner"), weight="quiet", data_testid="metadata-owner",
        on_click=[MetadataState.set_open(False), BulkState.ask_about("owner", row.id)],
    )  # fmt: skip
    return rx.el.div(
        rx.el.span(t("Owner"), class_name="field-label"),
        rx.el.span(row.owner, dir="auto"),
        rx.cond(row.can_manage & person_may(Permission.DOCUMENT_SHARE), hand_over),
        class_name="metadata-owner",
    )
