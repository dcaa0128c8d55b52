"""The page of all documents."""

import reflex as rx

from convosphere.core.page_routes import (
    KNOWLEDGE_DUPLICATES,
    KNOWLEDGE_HEALTH,
    KNOWLEDGE_JOBS,
    KNOWLEDGE_SOURCES,
    KNOWLEDGE_STALE,
    KNOWLEDGE_TAGS,
    KNOWLEDGE_TRASH,
)
from convosphere.core.permissions import Permission
from convosphere.knowledge.components.bulk import bulk_panel
from convosphere.knowledge.components.collections import collection_dialogs
from convosphere.knowledge.components.dialogs import document_dialogs
from convosphere.knowledge.components.filters import filter_chips, filter_menu, is_filtered
from convosphere.knowledge.components.folders import DraggedDocuments, folder_dialogs, folder_head, folder_tree
from convosphere.knowledge.components.order import list_head
from convosphere.knowledge.components.rows import bulk_bar, document_list, document_pager
from convosphere.knowledge.components.search_status import search_status
from convosphere.knowledge.components.space import own_space
from convosphere.knowledge.components.suggestions import suggestion_dialog
from convosphere.knowledge.components.upload import upload_list, upload_zone, version_input
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.shell.sidebar import person_may
from convosphere.shell.state import FrameState
from convosphere.ui.buttons import button, icon_button, link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t, tn
from convosphere.ui.layout import page, page_header
from convosphere.ui.menus import menu, menu_item

Documents = DocumentListState
SEARCH_DELAY = 200


def knowledge_page() -> rx.Component:
    """Upload, search, the list, and what can be done with what is selected."""
    return page(
        page_header(t("Knowledge"), _ways()),
        rx.el.div(
            rx.cond(_may_add(), upload_zone()),
            version_input(),
            upload_list(),
            own_space(),
            bulk_panel(),
            search_status(),
            rx.el.div(
                folder_tree(),
                rx.el.div(
                    folder_head(),
                    rx.cond(
                        Documents.is_loaded,
                        rx.cond(Documents.counts.total.to(int) > 0, _list(), _nothing_yet()),
                        skeleton_rows(6),
                    ),
                    class_name="documents-shown",
                ),
                class_name="documents-beside-folders",
            ),
            document_dialogs(),
            suggestion_dialog(),
            folder_dialogs(),
            collection_dialogs(),
            class_name="knowledge",
        ),
    )


def _ways() -> rx.Component:
    """To where documents come from, their tags, what was done with many, and the trash; a menu on a phone."""
    ways = (
        (t("Sources"), KNOWLEDGE_SOURCES, "rss"),
        (t("Tags"), KNOWLEDGE_TAGS, "tags"),
        (t("Duplicates"), KNOWLEDGE_DUPLICATES, "copy"),
        (t("Stale"), KNOWLEDGE_STALE, "calendar-clock"),
        (t("Jobs"), KNOWLEDGE_JOBS, "list-checks"),
        (t("Trash"), KNOWLEDGE_TRASH, "trash-2"),
    )
    health = (t("Health"), KNOWLEDGE_HEALTH, "heart-pulse")
    may_look = person_may(Permission.KNOWLEDGE_MANAGE)
    opener = icon_button("ellipsis", t("More about documents"), tooltip=False, data_testid="knowledge-ways")
    return rx.fragment(
        rx.el.div(
            *(link_button(label, route, icon=icon, weight="quiet") for label, route, icon in ways),
            rx.cond(may_look, link_button(health[0], health[1], icon=health[2], weight="quiet")),
            class_name="document-ways",
        ),
        rx.el.div(
            menu(
                opener,
                *(menu_item(label, icon=icon, on_select=rx.redirect(route)) for label, route, icon in ways),
                rx.cond(may_look, menu_item(health[0], icon=health[2], on_select=rx.redirect(health[1]))),
            ),
            class_name="document-ways-menu",
        ),
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            search_field(
                t("Search by name"),
                default_value=Documents.text,
                on_change=[Documents.search.debounce(SEARCH_DELAY), ActState.clear.debounce(SEARCH_DELAY)],
                data_testid="document-search",
            ),
            filter_menu(),
            _counts(),
            class_name="documents-bar",
        ),
        filter_chips(),
        list_head(),
        rx.cond(
            Documents.rows.length() > 0,
            DraggedDocuments.create(document_list()),
            rx.cond(
                Documents.text != "",
                empty_state(t("No document has this name."), picture="search"),
                rx.cond(
                    is_filtered(),
                    empty_state(t("No document here fits the filter."), picture="search"),
                    empty_state(t("Nothing lies here yet. Upload files here, or drag documents onto the folder.")),
                ),
            ),
        ),
        document_pager(),
        bulk_bar(),
    )


def _counts() -> rx.Component:
    counts = Documents.counts
    return rx.el.p(
        rx.cond(
            Documents.found.to(int) == counts.total.to(int),
            tn("{count} document", "{count} documents", counts.total),
            t("{found} of {count} documents", found=Documents.found, count=counts.total),
        ),
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
