"""Folders of documents: the tree beside the list, and the dialogs about them. Dragging lives in the browser."""

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.knowledge.components.collections import collection_lines
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.filter_items import NO_FOLDER
from convosphere.knowledge.state.folder_state import DocumentFolderState, FolderItem, TargetItem
from convosphere.knowledge.state.links_state import DocumentLinksState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.fields import search_field, text_field
from convosphere.ui.i18n import t
from convosphere.ui.menus import menu, menu_item, menu_separator

Documents = DocumentListState
Folders = DocumentFolderState
Folder = rx.vars.ObjectVar[FolderItem]
MODULE = "$/public/document_folders.js"
LONGEST_NAME = 120
SEARCH_DELAY = 250


def _on_file(ids: rx.Var[list[str]], folder: rx.Var[str]) -> tuple[rx.Var[list[str]], rx.Var[str]]:
    return (ids, folder)


def _on_nest(folder: rx.Var[str], parent: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (folder, parent)


class _FolderTree(rx.Component):
    library = MODULE
    tag = "FolderTree"
    labels: rx.Var[dict[str, str]]
    on_file: rx.EventHandler[_on_file]
    on_nest: rx.EventHandler[_on_nest]


class DraggedDocuments(rx.Component):
    """A list whose rows can be dragged into folders."""

    library = MODULE
    tag = "DraggedDocuments"


def folder_tree() -> rx.Component:
    """All documents, the folders that are open, what lies in none, and collections; a drawer on a phone."""
    head = rx.el.div(
        rx.el.h2(t("Folders"), class_name="list-group"),
        rx.cond(
            person_may(Permission.DOCUMENT_WRITE),
            icon_button(
                "folder-plus", t("New folder"), size=16, on_click=Folders.ask("new", "", ""), data_testid="folder-new"
            ),
        ),
        class_name="shelf-head",
    )
    return _FolderTree.create(
        head,
        _place("library", t("All documents"), "", is_target=False),
        rx.foreach(Folders.folders, _folder),
        _place("inbox", t("In no folder"), NO_FOLDER, is_target=True),
        collection_lines(),
        labels=rx.Var.create({"tree": t("Folders")}),
        on_file=Folders.file,
        on_nest=Folders.nest,
    )


def _place(icon: str, label: rx.Var[str], key: str, *, is_target: bool) -> rx.Component:
    return rx.el.div(
        rx.el.span(class_name="folder-fold"),
        _link(icon, label, key, key),
        class_name="folder-line",
        style={"--depth": 0},
        custom_attrs={"data-folder-id": "", "data-accepts": str(is_target).lower()},
    )


def _link(
    icon: str, label: rx.Var[str], key: rx.Var[str] | str, testid: rx.Var[str] | str, *more: rx.Component
) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        rx.el.span(label, class_name="conversation-name", dir="auto"),
        *more,
        type="button",
        class_name="folder-link",
        aria_current=rx.cond((Documents.folder.id == key) & (Documents.filters.collection.id == ""), "true", "false"),
        on_click=[Documents.show_folder(key), ActState.clear],
        data_testid="folder-show",
        custom_attrs={"data-folder": testid},
    )


def _folder(item: Folder) -> rx.Component:
    shared = rx.cond(item.is_shared, rx.icon("users", size=14, aria_label=t("Shared")))
    count = rx.cond(item.documents.to(int) > 0, rx.el.span(item.documents, class_name="folder-count tabular"))
    fold = rx.el.button(
        rx.icon("chevron-right", size=14, aria_hidden="true"),
        type="button",
        class_name="folder-fold",
        aria_expanded=item.is_open,
        aria_label=t("Fold “{name}”", name=item.name),
        on_click=Folders.toggle(item.id),
        data_testid="folder-fold",
    )
    return rx.el.div(
        rx.cond(item.has_inner, fold, rx.el.span(class_name="folder-fold")),
        _link("folder", item.name, item.id, item.id, shared, count),
        rx.cond(item.can_edit & person_may(Permission.DOCUMENT_WRITE), _menu(item)),
        class_name="folder-line",
        style={"--depth": item.depth},
        draggable=item.can_manage,
        data_testid="folder-item",
        custom_attrs={"data-folder-id": item.id, "data-accepts": rx.cond(item.can_edit, "true", "false"),
                      "data-name": item.name},
        key=item.id,
    )  # fmt: skip


def _menu(item: Folder) -> rx.Component:
    opener = icon_button(
        "ellipsis", t("More about “{title}”", title=item.name), size=16, tooltip=False, data_testid="folder-menu"
    )
    share = menu_item(
        t("Share with people and groups"), icon="user-plus", on_select=SharingState.open("document_folder", item.id),
        data_testid="folder-share",
    )  # fmt: skip
    link = menu_item(
        t("Share by a link"), icon="link", on_select=DocumentLinksState.open("document_folder", item.id, item.name),
        data_testid="folder-link",
    )  # fmt: skip
    manages = [
        menu_item(t("Move"), icon="folder-input", on_select=Folders.ask("move", item.id, item.name),
                  data_testid="folder-move"),
        rx.cond(person_may(Permission.DOCUMENT_SHARE), rx.fragment(share, link)),
        menu_separator(),
        menu_item(
            t("Delete"), icon="trash-2", tone="bad", on_select=Folders.ask("delete", item.id, item.name),
            data_testid="folder-delete",
        ),
    ]  # fmt: skip
    return menu(
        opener,
        menu_item(t("New folder in it"), icon="folder-plus", on_select=Folders.ask("new", item.id, ""),
                  data_testid="folder-inner"),
        menu_item(t("Rename"), icon="pencil", on_select=Folders.ask("rename", item.id, item.name),
                  data_testid="folder-rename"),
        rx.cond(item.can_manage, rx.fragment(*manages)),
    )  # fmt: skip


def folder_head() -> rx.Component:
    """Where the list is: the folders around the one that is shown, and what it is called."""
    shown = Documents.folder
    step = lambda each: rx.el.li(  # noqa: E731
        rx.el.button(each[1], type="button", class_name="folder-step", dir="auto",
                     on_click=[Documents.show_folder(each[0]), ActState.clear])
    )  # fmt: skip
    return rx.cond(
        shown.name != "",
        rx.el.nav(
            rx.el.ol(
                rx.foreach(shown.around, step),
                rx.el.li(rx.el.h2(shown.name, class_name="folder-title", dir="auto", data_testid="folder-title")),
                class_name="folder-steps",
            ),
            aria_label=t("Where this folder lies"),
        ),
    )


def folder_dialogs() -> rx.Component:
    """Names, places and the end of folders, and where documents are to lie."""
    return rx.fragment(_name_dialog(), _place_dialog(), _delete_dialog())


def _name_dialog() -> rx.Component:
    asked = Folders.asked
    is_new = asked.what == "new"
    save = button(rx.cond(is_new, t("Create"), t("Save")), weight="primary", type="submit", data_testid="folder-save")
    return dialog(
        rx.cond(is_new, t("New folder"), t("Rename folder")),
        rx.el.form(
            text_field(
                t("Name"), name="folder-name", default_value=asked.name, max_length=LONGEST_NAME, auto_focus=True,
                required=True, data_testid="folder-name",
            ),
            rx.el.div(save, class_name="dialog-acts"),
            on_submit=Folders.keep,
        ),
        open=is_new | (asked.what == "rename"),
        on_open_change=Folders.close,
    )  # fmt: skip


def _place_dialog() -> rx.Component:
    asked = Folders.asked
    return dialog(
        t("Move to a folder"),
        rx.el.p(t("Whoever sees a folder sees what lies in it."), class_name="quiet"),
        search_field(
            t("Find a folder"), on_change=Folders.look_up.debounce(SEARCH_DELAY), data_testid="folder-target-search"
        ),
        rx.el.div(
            _target(rx.cond(asked.what == "move", t("Outermost"), t("In no folder")), "inbox", ""),
            rx.foreach(Folders.targets, _target_of),
            class_name="choice-lines",
        ),
        open=(asked.what == "move") | (asked.what == "file"),
        on_open_change=Folders.close,
    )


def _target_of(item: rx.vars.ObjectVar[TargetItem]) -> rx.Component:
    return _target(item.name, "folder", item.id)


def _target(name: rx.Var[str], icon: str, key: rx.Var[str] | str) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        rx.el.span(name, class_name="choice-name", dir="auto"),
        type="button",
        class_name="choice-line",
        on_click=Folders.put(key),
        data_testid="folder-target",
        custom_attrs={"data-folder-id": key},
    )


def _delete_dialog() -> rx.Component:
    return confirm_dialog(
        t("Delete the folder “{name}”?", name=Folders.asked.name),
        t("Folders in it go too. The documents stay: they move to the folder around it, or to none, and who saw them "
          "only because of this folder sees them no longer."),
        confirm_label=t("Delete folder"),
        on_confirm=Folders.delete,
        confirm_testid="folder-delete-confirm",
        open=Folders.asked.what == "delete",
        on_open_change=Folders.close,
    )  # fmt: skip
