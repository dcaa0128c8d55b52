"""The page of all documents, and the page of one."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE
from convosphere.core.permissions import Permission
from convosphere.knowledge.components.dialogs import document_dialogs
from convosphere.knowledge.components.passages import facts, passages, warnings
from convosphere.knowledge.components.rows import bulk_bar, document_list, list_head, pager, row_menu
from convosphere.knowledge.components.search_status import search_status
from convosphere.knowledge.components.status import document_status, visibility
from convosphere.knowledge.components.upload import upload_list, upload_zone
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.shell.sidebar import person_may
from convosphere.shell.state import FrameState
from convosphere.ui.buttons import button, link_button
from convosphere.ui.feedback import empty_state, notice, skeleton_rows
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t, t_message, tn
from convosphere.ui.layout import breadcrumb, page, page_header

Documents = DocumentListState
SEARCH_DELAY = 200


def knowledge_page() -> rx.Component:
    """Upload, search, the list, and what can be done with what is selected."""
    return page(
        page_header(t("Knowledge")),
        rx.el.div(
            rx.cond(_may_add(), upload_zone()),
            upload_list(),
            search_status(),
            rx.cond(
                Documents.is_loaded,
                rx.cond(Documents.counts.total.to(int) > 0, _list(), _nothing_yet()),
                skeleton_rows(6),
            ),
            document_dialogs(),
            class_name="knowledge",
        ),
    )


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
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            search_field(
                t("Search by name"),
                on_change=[Documents.search.debounce(SEARCH_DELAY), ActState.clear.debounce(SEARCH_DELAY)],
                data_testid="document-search",
            ),
            _counts(),
            class_name="documents-bar",
        ),
        list_head(),
        rx.cond(
            Documents.rows.length() > 0,
            document_list(),
            empty_state(t("No document has this name."), picture="search"),
        ),
        pager(),
        bulk_bar(),
    )


def _counts() -> rx.Component:
    counts = Documents.counts
    return rx.el.p(
        tn("{count} document", "{count} documents", counts.total),
        rx.cond(
            counts.working.to(int) > 0,
            rx.fragment(" · ", tn("{count} being read", "{count} being read", counts.working)),
        ),
        rx.cond(counts.failed.to(int) > 0, rx.fragment(" · ", t("{count} not readable", count=counts.failed))),
        class_name="quiet tabular documents-counts",
        role="status",
    )


def _may_add() -> rx.Var[bool]:
    """Whether the person may add documents; as long as nobody knows, the page keeps its place for it."""
    return (FrameState.person.name == "") | person_may(Permission.DOCUMENT_WRITE)


def _nothing_yet() -> rx.Component:
    return empty_state(
        t("Upload documents, then ask about them in a chat. Or start with the handbook of ConvoSphere."),
        rx.cond(
            _may_add(),
            button(
                t("Load the handbook"), icon="book-open", on_click=Documents.load_handbook, data_testid="handbook-load"
            ),
        ),
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
                    row.can_manage,
                    button(t("Try again"), on_click=ActState.retry(row.id), data_testid="document-retry"),
                ),
                tone="bad",
            ),
        ),
        warnings(),
        rx.el.div(passages(), facts(), class_name="document-columns"),
        class_name="document",
        data_testid="document-preview",
    )


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
                    on_click=ActState.ask_to_delete(row.id, row.name),
                    data_testid="document-delete",
                ),
            ),
        ),
    )
