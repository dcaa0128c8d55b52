"""Folders and shelves of the sidebar, and the dialogs about them."""

import reflex as rx

from convosphere.chat.components.filing_module import DropZone, FolderLine
from convosphere.chat.state.filing_state import FilingState
from convosphere.chat.state.folder_items import FolderItem
from convosphere.chat.state.folder_state import FolderBriefState
from convosphere.chat.state.import_state import ConversationImportState
from convosphere.chat.state.list_state import ConversationListState
from convosphere.core.page_routes import CHAT
from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import t
from convosphere.ui.menus import menu, menu_item, menu_separator, submenu

Filing = FilingState
List = ConversationListState
Brief = FolderBriefState
Folder = rx.vars.ObjectVar[FolderItem]


def folder_tree() -> rx.Component:
    """All folders, above the list."""
    head = rx.el.div(
        rx.el.h2(t("Folders"), class_name="list-group"),
        icon_button(
            "folder-plus",
            t("New folder"),
            size=16,
            on_click=Filing.ask_of_folder("new", "", ""),
            data_testid="conversation-folder-new",
        ),
        class_name="shelf-head",
    )
    return rx.el.div(_shared_line(), head, rx.foreach(Filing.folders, _folder), class_name="folder-tree")


def _shared_line() -> rx.Component:
    """Where others' conversations are that the person may see."""
    is_shown = List.shelf.kind == "shared"
    return rx.el.button(
        rx.icon("users", size=16, aria_hidden="true"),
        rx.el.span(t("Shared with me"), class_name="conversation-name"),
        type="button",
        class_name="folder-link shared-link",
        aria_current=rx.cond(is_shown, "true", "false"),
        on_click=List.show_shelf(rx.cond(is_shown, "home", "shared"), "", ""),
        data_testid="shelf-shared",
    )


def _folder(item: Folder) -> rx.Component:
    is_shown = (List.shelf.kind == "folder") & (List.shelf.key == item.id)
    return FolderLine.create(
        rx.el.button(
            rx.icon("folder", size=16, aria_hidden="true"),
            rx.el.span(item.name, class_name="conversation-name", dir="auto"),
            rx.cond(item.is_shared, rx.icon("users", size=14, aria_label=t("Shared"))),
            rx.cond(item.conversations.to(int) > 0, rx.el.span(item.conversations, class_name="folder-count")),
            type="button",
            class_name="folder-link",
            aria_current=rx.cond(is_shown, "true", "false"),
            on_click=List.show_shelf(rx.cond(is_shown, "home", "folder"), item.id, item.name),
        ),
        _folder_menu(item),
        folder=item.id,
        above=item.above,
        depth=item.depth,
        has_inner=item.has_inner,
        can_use=item.can_use,
        can_manage=item.can_manage,
        fold_label=t("Fold “{name}”", name=item.name),
        on_file=Filing.move,
        on_nest=Filing.move_folder,
        key=item.id,
    )


def _folder_menu(item: Folder) -> rx.Component:
    opener = icon_button(
        "ellipsis", t("More about “{title}”", title=item.name), size=16, tooltip=False,
        class_name="icon-button conversation-more", data_testid="folder-menu",
    )  # fmt: skip
    edits = [
        menu_item(t("Rename"), icon="pencil", on_select=Filing.ask_of_folder("rename", item.id, item.name)),
        menu_item(t("New folder in it"), icon="folder-plus", on_select=Filing.ask_of_folder("new", item.id, "")),
    ]
    share = menu_item(
        t("Share with people and groups"), icon="user-plus", data_testid="folder-share",
        on_select=SharingState.open("conversation_folder", item.id),
    )  # fmt: skip
    manages = [
        rx.cond(person_may(Permission.CONVERSATION_SHARE), share),
        menu_item(
            t("Move to…"), icon="folder-tree", data_testid="folder-move",
            on_select=Filing.ask_of_folder("nest", item.id, item.name),
        ),
        menu_separator(),
        menu_item(
            t("Delete"), icon="trash-2", tone="bad", data_testid="folder-delete",
            on_select=Filing.ask_of_folder("delete", item.id, item.name),
        ),
    ]  # fmt: skip
    begin = menu_item(
        t("New chat in it"), icon="square-pen", on_select=rx.redirect(f"{CHAT}?folder={item.id}"),
        data_testid="folder-chat",
    )  # fmt: skip
    brief = menu_item(
        t("Instructions and documents"), icon="book-open-text", on_select=Brief.open(item.id), data_testid="folder-open"
    )
    return menu(
        opener, rx.cond(item.can_use, begin), brief, rx.cond(item.can_edit, rx.fragment(*edits)),
        rx.cond(item.can_manage, rx.fragment(*manages)),
    )  # fmt: skip


def shelf_head() -> rx.Component:
    """What the list below shows, and what else it could."""
    names = rx.match(
        List.shelf.kind,
        ("archive", t("Archived chats")),
        ("shared", t("Shared with me")),
        ("leaving", t("Going soon")),
        ("tag", with_hash(List.shelf.name)),
        ("folder", List.shelf.name),
        t("Chats"),
    )
    is_home = List.shelf.kind == "home"
    back = icon_button(
        "x", t("Show all chats"), size=16, on_click=List.show_shelf("home", "", ""), data_testid="shelf-close"
    )
    return DropZone.create(
        rx.el.h2(names, class_name="list-group", data_testid="shelf-name"),
        rx.cond(is_home, _shelf_menu(), back),
        folder="",
        accepts=True,
        on_file=Filing.move,
        on_nest=Filing.move_folder,
        class_name="shelf-head",
    )


def _shelf_menu() -> rx.Component:
    opener = icon_button("list-filter", t("Show only"), size=16, tooltip=False, data_testid="shelf-menu")
    tags = rx.foreach(
        Filing.tags,
        lambda tag: menu_item(
            with_hash(tag.name), on_select=List.show_shelf("tag", tag.name, tag.name), data_testid="shelf-tag",
            data_tag=tag.name,
        ),
    )  # fmt: skip
    return menu(
        opener,
        menu_item(
            t("Archived chats"),
            icon="archive",
            on_select=List.show_shelf("archive", "", ""),
            data_testid="shelf-archive",
        ),
        rx.cond(
            person_may(Permission.CONVERSATION_EXPORT),
            menu_item(
                t("Export all…"), icon="download", on_select=Filing.ask("export", ["all"]), data_testid="shelf-export"
            ),
        ),
        rx.cond(
            person_may(Permission.CONVERSATION_WRITE),
            menu_item(t("Import…"), icon="upload", on_select=ConversationImportState.open, data_testid="shelf-import"),
        ),
        rx.cond(Filing.tags.length() > 0, submenu(t("Tags"), tags, icon="tag", data_testid="shelf-tags")),
    )


def with_hash(name: rx.Var[str]) -> rx.Var[str]:
    """A tag as it is shown."""
    return rx.Var.create("#") + name.to(str)
