"""The page of one document."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE
from convosphere.knowledge.components.dialogs import document_dialogs
from convosphere.knowledge.components.ledger import ledger
from convosphere.knowledge.components.passages import facts, passage_list, passages, warnings
from convosphere.knowledge.components.preview import outdated, preview, preview_kind
from convosphere.knowledge.components.rows import row_menu
from convosphere.knowledge.components.status import document_status, visibility
from convosphere.knowledge.components.suggestions import document_tags
from convosphere.knowledge.components.versions import alike, comparison_panel, newer_failed, versions
from convosphere.knowledge.previews.kinds import FIRST
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.preview_state import PreviewState
from convosphere.ui.buttons import button, link_button
from convosphere.ui.feedback import empty_state, notice, skeleton_rows
from convosphere.ui.i18n import t, t_message
from convosphere.ui.layout import breadcrumb, page, page_header
from convosphere.ui.tabs import tab, tab_list


def document_page() -> rx.Component:
    """What is known of one document and what the machine reads of it."""
    shown = DocumentState
    name = rx.cond(shown.is_loaded, shown.row.name, t("Document"))
    return page(
        page_header(
            rx.el.div(
                breadcrumb((t("Knowledge"), KNOWLEDGE), current=name),
                class_name="document-heading",
                data_testid="document-title",
            ),
            _acts(),
        ),
        rx.cond(
            shown.is_missing,
            empty_state(
                t("This document does not exist, or you have no access to it."),
                link_button(t("All documents"), KNOWLEDGE),
                picture="lost",
            ),
            rx.cond(shown.is_loaded, _document(), skeleton_rows(6)),
        ),
        document_dialogs(),
        panel=comparison_panel(),
    )


def _document() -> rx.Component:
    row = DocumentState.row
    return rx.el.div(
        rx.el.div(document_status(row), visibility(row), class_name="document-state", data_status=row.status),
        rx.cond(
            row.status == "failed",
            notice(
                t_message(row.error),
                rx.cond(
                    row.can_edit,
                    button(t("Try again"), on_click=ActState.retry(row.id), data_testid="document-retry"),
                ),
                tone="bad",
            ),
        ),
        newer_failed(),
        alike(),
        warnings(),
        rx.el.div(_sides(), rx.el.div(facts(), document_tags(), versions(), ledger()), class_name="document-columns"),
        class_name="document",
        data_testid="document-preview",
    )


def _sides() -> rx.Component:
    """How the document looks, and what the machine reads of it; one at a time, so that there is room on a phone."""
    is_telling = rx.Var.create([kind.value for kind in FIRST]).contains(preview_kind())
    first = rx.cond(is_telling | (PreviewState.passage != ""), "preview", "text")
    side = rx.cond(PreviewState.side != "", PreviewState.side, first)
    return rx.cond(
        preview_kind() != "",
        rx.el.div(
            tab_list(_tab("preview", t("Preview"), side), _tab("text", t("What the machine reads"), side)),
            rx.cond(side == "preview", rx.fragment(outdated(), preview()), passage_list()),
        ),
        passages(),
    )


def _tab(name: str, label: rx.Var[str], side: rx.Var[str]) -> rx.Component:
    return tab(label, is_selected=side == name, on_click=PreviewState.show(name), testid=f"document-side-{name}")


def _acts() -> rx.Component:
    row = DocumentState.row
    return rx.cond(
        DocumentState.is_loaded & ~DocumentState.is_missing,
        rx.fragment(
            row_menu(row),
            rx.cond(
                row.can_manage,
                button(
                    t("Delete"),
                    icon="trash-2",
                    tone="bad",
                    on_click=ActState.trash(row.id, row.name),
                    data_testid="document-delete",
                ),
            ),
        ),
    )
