"""Collections: the lines below the folders, and the dialogs about them."""

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.collection_state import CollectionItem, CollectionState
from convosphere.knowledge.state.links_state import DocumentLinksState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t
from convosphere.ui.menus import menu, menu_item, menu_separator

Collections = CollectionState
Item = rx.vars.ObjectVar[CollectionItem]
LONGEST_NAME = 80


def collection_lines() -> rx.Component:
    """Each collection, to be opened."""
    return rx.cond(
        Collections.collections.length() > 0,
        rx.fragment(
            rx.el.div(rx.el.h2(t("Collections"), class_name="list-group"), class_name="shelf-head"),
            rx.foreach(Collections.collections, _line),
        ),
    )


def collection_dialogs() -> rx.Component:
    """Names and the end of collections."""
    asked, item = Collections.asked, Collections.item
    save = button(t("Save"), weight="primary", type="submit", data_testid="collection-save")
    hint = t("It shows whatever fits the filter at the time, and to each person only what they may see.")
    return rx.fragment(
        dialog(
            rx.cond(asked == "new", t("Save as a collection"), t("Rename the collection")),
            rx.cond(asked == "new", rx.el.p(hint, class_name="dialog-text")),
            rx.el.form(
                text_field(
                    t("Name"), name="collection-name", default_value=item.name, max_length=LONGEST_NAME,
                    auto_focus=True, required=True, data_testid="collection-name",
                ),
                rx.el.div(save, class_name="dialog-acts"),
                on_submit=Collections.keep,
            ),
            open=(asked == "new") | (asked == "rename"),
            on_open_change=Collections.close,
        ),
        confirm_dialog(
            t("Delete the collection “{name}”?", name=item.name),
            t("The documents stay. Assistants that read it find nothing there any more."),
            confirm_label=t("Delete collection"),
            on_confirm=Collections.delete,
            confirm_testid="collection-delete-confirm",
            open=asked == "delete",
            on_open_change=Collections.close,
        ),
    )  # fmt: skip


def _line(item: Item) -> rx.Component:
    link = rx.el.button(
        rx.icon("library-big", size=16, aria_hidden="true"),
        rx.el.span(item.name, class_name="conversation-name", dir="auto"),
        rx.cond(item.is_shared, rx.icon("users", size=14, aria_label=t("Shared"))),
        type="button",
        class_name="folder-link",
        aria_current=rx.cond(DocumentListState.filters.collection.id == item.id, "true", "false"),
        on_click=[DocumentListState.open_collection(item.id), ActState.clear],
        data_testid="collection-open",
        data_name=item.name,
    )
    return rx.el.div(
        rx.el.span(class_name="folder-fold"),
        link,
        rx.cond(item.can_edit & person_may(Permission.ACCOUNT_WRITE), _menu(item)),
        class_name="folder-line",
        style={"--depth": 0},
        data_testid="collection-item",
        key=item.id,
    )


def _menu(item: Item) -> rx.Component:
    share = menu_item(
        t("Share with people and groups"), icon="user-plus", on_select=SharingState.open("collection", item.id),
        data_testid="collection-share",
    )  # fmt: skip
    link = menu_item(
        t("Share by a link"), icon="link", on_select=DocumentLinksState.open("collection", item.id, item.name),
        data_testid="collection-link",
    )  # fmt: skip
    manages = [
        rx.cond(person_may(Permission.DOCUMENT_SHARE), rx.fragment(share, link)),
        menu_separator(),
        menu_item(t("Delete"), icon="trash-2", tone="bad", on_select=Collections.ask("delete", item.id),
                  data_testid="collection-delete"),
    ]  # fmt: skip
    return menu(
        icon_button("ellipsis", t("More about “{title}”", title=item.name), size=16, tooltip=False,
                    data_testid="collection-menu"),
        menu_item(t("Rename"), icon="pencil", on_select=Collections.ask("rename", item.id),
                  data_testid="collection-rename"),
        rx.cond(item.can_manage, rx.fragment(*manages)),
    )  # fmt: skip
