"""The list of documents: its head, its rows, and the bar for what is selected."""

import reflex as rx

from convosphere.core.page_routes import document
from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.knowledge.components.bulk import act_words
from convosphere.knowledge.components.order import shown_time
from convosphere.knowledge.components.status import Item, document_status, failure, visibility
from convosphere.knowledge.components.tags import tag_mark
from convosphere.knowledge.components.thumbnails import thumbnail
from convosphere.knowledge.components.upload import pick_version
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.folder_state import DocumentFolderState
from convosphere.knowledge.state.links_state import DocumentLinksState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.knowledge.state.suggestion_state import SuggestionState
from convosphere.knowledge.state.tag_state import TagChoiceState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.i18n import format_bytes, t, tn
from convosphere.ui.layout import bottom_bar
from convosphere.ui.lists import FIRST_ROWS, gradually, pager
from convosphere.ui.menus import menu, menu_item
from convosphere.ui.selection import SelectableList

Acts = ActState
Bulk = BulkState
Documents = DocumentListState


def document_list() -> rx.Component:
    """The rows of the page, to be selected by pointer and by keys."""
    return SelectableList.create(
        rx.foreach(gradually(Documents.rows, FIRST_ROWS), _document_row),
        label=t("Documents"),
        first=Documents.first,
        selecting=(Acts.selected.length() > 0) | (Acts.matching.to(int) > 0),
        on_select=Acts.select,
        on_clear=Acts.clear,
    )


def document_pager() -> rx.Component:
    """Which rows these are, and the ways to those before and behind."""
    return pager(Documents.first, Documents.rows.length(), Documents.found, Documents.turn_page)


def _document_row(item: Item) -> rx.Component:
    """One document, with what can be done with it."""
    return rx.el.li(
        rx.checkbox(
            checked=Acts.selected.contains(item.id) | (Acts.matching.to(int) > 0),
            on_change=lambda is_selected: Acts.select([item.id], is_selected),  # pyright: ignore[reportArgumentType]
            aria_label=t("Select {name}", name=item.name),
            data_testid="document-select",
        ),
        rx.el.div(
            thumbnail(item),
            rx.el.div(
                rx.link(
                    item.name,
                    href=document(item.id),  # pyright: ignore[reportArgumentType]  # A var formats itself into the text.
                    class_name="document-name",
                    dir="auto",
                    color_scheme="gray",
                    high_contrast=True,
                    data_testid="document-open",
                ),
                _facts(item),
                failure(item),
                class_name="document-words",
            ),
            class_name="document-what",
        ),
        document_status(item),
        rx.el.div(shown_time(item), class_name="document-time quiet"),
        rx.el.div(*_acts(item), class_name="document-acts"),
        class_name="document-row",
        draggable=item.can_manage,
        data_testid="document-row",
        data_document_id=item.id,
        data_name=item.name,
        data_status=item.status,
    )


def bulk_bar() -> rx.Component:
    """What can be done with the selected documents."""
    matching = Acts.matching.to(int)
    count = rx.cond(matching > 0, matching, Acts.selected.length())
    all_matching = button(
        t("Select all {count}", count=Documents.found),
        weight="quiet",
        on_click=Acts.select_matching,
        data_testid="select-all-matching",
    )
    return bottom_bar(
        rx.el.span(
            tn("{count} selected", "{count} selected", count), class_name="strong tabular", data_testid="bulk-count"
        ),
        rx.cond((matching == 0) & (Documents.found.to(int) > Documents.rows.length()), all_matching),
        rx.cond(
            person_may(Permission.DOCUMENT_SHARE),
            button(t("Share"), icon="users", on_click=Bulk.ask("share"), data_testid="bulk-share"),
        ),
        rx.cond(
            person_may(Permission.DOCUMENT_WRITE),
            button(t("Tag"), icon="tag", on_click=_ask_for_tag("tag"), data_testid="bulk-tag"),
        ),
        button(t("Move"), icon="folder-input", on_click=DocumentFolderState.ask_where("", ""), data_testid="bulk-move"),
        button(t("Download"), icon="download", on_click=Bulk.ask("download"), data_testid="bulk-download"),
        menu(
            icon_button("ellipsis", t("More for the selected ones"), tooltip=False, data_testid="bulk-more"),
            rx.cond(person_may(Permission.DOCUMENT_SHARE), rx.fragment(*_acts_of("unshare", "owner"))),
            rx.cond(
                person_may(Permission.DOCUMENT_WRITE),
                rx.fragment(_untag(), _suggest(), *_acts_of("review", "reprocess", "embed")),
            ),
            *_acts_of("export"),
        ),
        rx.cond(
            person_may(Permission.DOCUMENT_WRITE),
            button(t("Delete"), icon="trash-2", tone="bad", on_click=Bulk.ask("trash"), data_testid="bulk-delete"),
        ),
        icon_button("x", t("Select none"), on_click=Acts.clear, data_testid="bulk-clear"),
        is_open=(matching > 0) | (Acts.selected.length() > 0),
        label=t("Selected documents"),
        data_testid="bulk-bar",
    )


def _suggest() -> rx.Component:
    return menu_item(
        t("Suggest tags"), icon="sparkles", on_select=SuggestionState.look_at_selected, data_testid="bulk-suggest"
    )


def _untag() -> rx.Component:
    return menu_item(
        act_words(rx.Var.create("untag")), icon="tag", on_select=_ask_for_tag("untag"), data_testid="bulk-untag"
    )


def _ask_for_tag(act: str) -> list[rx.event.EventType[()]]:
    return [Bulk.ask(act), TagChoiceState.look_up("")]


def _acts_of(*acts: str) -> list[rx.Component]:
    icons = {"unshare": "lock", "owner": "user-check", "review": "calendar-clock", "reprocess": "rotate-cw",
             "embed": "sparkles", "export": "table"}  # fmt: skip
    return [
        menu_item(act_words(rx.Var.create(act)), icon=icons[act], on_select=Bulk.ask(act), data_testid=f"bulk-{act}")
        for act in acts
    ]


def _facts(item: Item) -> rx.Component:
    return rx.el.div(
        rx.cond(item.is_favourite, rx.icon("star", size=14, class_name="favourite", aria_label=t("Favourite"))),
        rx.foreach(item.tags, tag_mark),
        rx.cond(item.folder != "", rx.el.span(item.folder, dir="auto")),
        rx.el.span(item.kind, " · ", format_bytes(item.size)),
        rx.cond(item.pages.to(int) > 0, rx.el.span(tn("{count} page", "{count} pages", item.pages))),
        rx.cond(item.is_own, visibility(item), rx.el.span(t("from {name}", name=item.owner))),
        class_name="document-facts quiet",
    )


def _acts(item: Item) -> list[rx.Component]:
    retry = icon_button(
        "rotate-cw", t("Try again"), on_click=Acts.retry(item.id), size=16, data_testid="document-retry"
    )
    delete = icon_button(
        "trash-2", t("Delete"), on_click=Acts.trash(item.id, item.name), size=16, data_testid="document-delete"
    )
    return [
        rx.cond(item.can_edit & (item.status == "failed"), retry),
        rx.cond(item.can_manage, delete),
        row_menu(item),
    ]


def row_menu(item: Item) -> rx.Component:
    """What is done more rarely."""
    return menu(
        icon_button(
            "ellipsis", t("More about “{title}”", title=item.name), size=16, tooltip=False, data_testid="document-menu"
        ),
        rx.cond(item.can_take, _download(item)),
        menu_item(
            rx.cond(item.is_favourite, t("No longer a favourite"), t("Add to favourites")),
            icon="star",
            on_select=Acts.favour(item.id, ~item.is_favourite),
            data_testid="document-favour",
        ),
        menu_item(
            rx.cond(item.is_followed, t("Tell me no more"), t("Tell me of new versions")),
            icon="bell",
            on_select=Acts.follow(item.id, ~item.is_followed),
            data_testid="document-follow",
        ),
        rx.cond(item.can_edit, rx.fragment(*_changing(item))),
        rx.cond(
            item.can_manage,
            rx.fragment(
                menu_item(
                    t("Move to a folder"),
                    icon="folder-input",
                    on_select=DocumentFolderState.ask_where(item.id, item.name),
                    data_testid="document-move",
                ),
                rx.cond(person_may(Permission.DOCUMENT_SHARE), rx.fragment(*_sharing(item))),
            ),
        ),
    )


def _changing(item: Item) -> list[rx.Component]:
    return [
        *(_tagging(item, act) for act in ("tag", "untag")),
        menu_item(
            t("Rename"),
            icon="pencil",
            on_select=Acts.ask_to_rename(item.id, item.name),
            data_testid="document-rename",
        ),
        menu_item(
            t("Upload new version"), icon="upload", on_select=pick_version(item.id), data_testid="document-renew"
        ),
        rx.cond(_is_settled(item), _read_again(item)),
    ]


def _is_settled(item: Item) -> rx.Var[bool]:
    """Whether it may be read again; what came out of an archive are documents of their own."""
    return (item.status == "ready") & ~item.is_renewing & (item.kind != DocumentType.ZIP.value)


def _read_again(item: Item) -> rx.Component:
    return menu_item(
        t("Read again"), icon="rotate-cw", on_select=Acts.retry(item.id), data_testid="document-read-again"
    )


def _tagging(item: Item, act: str) -> rx.Component:
    return menu_item(
        act_words(rx.Var.create(act)),
        icon="tag",
        on_select=[Bulk.ask_about(act, item.id), TagChoiceState.look_up("")],
        data_testid=f"document-{act}",
    )


def _download(item: Item) -> rx.Component:
    return rx.dropdown_menu.item(
        rx.el.a(
            rx.icon("download", size=16, aria_hidden="true"),
            t("Download"),
            href=f"/api/documents/{item.id}/file",
            download=True,
            custom_attrs={"reloadDocument": True},  # It is no page of the frontend's router.
        ),
        as_child=True,
        data_testid="document-download",
    )


def _sharing(item: Item) -> list[rx.Component]:
    is_given = item.is_shared | item.is_shared_with_some
    return [
        menu_item(
            t("Share with people and groups"),
            icon="user-plus",
            on_select=SharingState.open("document", item.id),
            data_testid="document-sharing",
        ),
        menu_item(t("Share by a link"), icon="link", data_testid="document-link",
                  on_select=DocumentLinksState.open("document", item.id, item.name)),
        menu_item(
            rx.cond(is_given, t("Only me"), t("Share with everyone in the workspace")),
            icon="users",
            on_select=Acts.share(item.id, ~is_given),
            data_testid="document-share",
        ),
    ]  # fmt: skip
