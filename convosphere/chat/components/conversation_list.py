"""The conversations in the sidebar, by days."""

import reflex as rx

from convosphere.chat.components.branch_module import TitleMark
from convosphere.chat.components.company import share_choices
from convosphere.chat.components.filing_dialogs import filing_dialogs
from convosphere.chat.components.filing_module import ConversationLine, SelectionBar, select
from convosphere.chat.components.folders import folder_tree, shelf_head
from convosphere.chat.components.life import leaving_note
from convosphere.chat.components.links import links_dialogs
from convosphere.chat.components.module import DayGroup, LinkList, TitleField
from convosphere.chat.components.palette_acts import palette_acts
from convosphere.chat.components.pane_module import open_beside
from convosphere.chat.components.transfer import selection_export, transfer_dialogs
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.conversation_items import ConversationItem
from convosphere.chat.state.filing_state import FilingState
from convosphere.chat.state.life_state import LifeState
from convosphere.chat.state.list_state import ConversationListState
from convosphere.chat.state.start_state import StartState
from convosphere.core.page_routes import conversation
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.feedback import skeleton_rows, spinner
from convosphere.ui.i18n import t
from convosphere.ui.layout import active_path
from convosphere.ui.lists import FIRST_ROWS, gradually
from convosphere.ui.menus import menu, menu_item, menu_separator, submenu
from convosphere.ui.palette import open_palette

List = ConversationListState
Filing = FilingState


def conversation_list() -> rx.Component:
    """Fills the frame's slot; what the frame loads follows changes while the tab is open."""
    return LinkList.create(
        TitleMark.create(busy=AnswerState.message_id != "", unread=List.unread),
        rx.cond(
            List.is_loaded,
            rx.fragment(
                _search(),
                folder_tree(),
                leaving_note(),
                shelf_head(),
                rx.cond(
                    List.has_newer,
                    button(
                        t("Back to the newest"),
                        weight="quiet",
                        on_click=List.show_newest,
                        data_testid="conversation-newest",
                    ),
                ),
                rx.foreach(gradually(List.items, FIRST_ROWS), _line),
                rx.cond(List.items.length() == 0, rx.el.p(_nothing_here(), class_name="quiet list-note")),
                rx.cond(
                    List.has_more,
                    button(t("Show more"), weight="quiet", on_click=List.show_more, data_testid="conversation-more"),
                ),
            ),
            skeleton_rows(5, "36px"),
        ),
        _selection_bar(),
        filing_dialogs(),
        transfer_dialogs(),
        links_dialogs(),
        palette_acts(),
        class_name="conversation-list rail-hidden",
    )


def _line(item: rx.vars.ObjectVar[ConversationItem]) -> rx.Component:
    labels = {
        "pinned": t("Pinned"),
        "today": t("Today"),
        "yesterday": t("Yesterday"),
        "week": t("Last 7 days"),
        "older": t("Older"),
    }
    return rx.fragment(
        DayGroup.create(moment=item.updated_at, previous=item.previous_at, group=item.group, labels=labels),
        rx.cond(
            List.renaming_id == item.id,
            TitleField.create(
                conversation=item.id,
                value=item.title,
                label=t("Title"),
                on_done=lambda title: List.rename(item.id, title),
            ),
            _link(item),
        ),
        # Else a line would be whatever stands at its place, and a title being written would jump to another one.
        key=item.id,
    )


def _link(item: rx.vars.ObjectVar[ConversationItem]) -> rx.Component:
    is_shown = active_path() == conversation(item.id)  # pyright: ignore[reportArgumentType]  # As the link below.
    return ConversationLine.create(
        rx.link(
            rx.el.span(item.title, class_name="conversation-name", dir="auto"),
            href=conversation(item.id),  # pyright: ignore[reportArgumentType]  # A var formats itself into the text.
            underline="none",
            class_name="conversation-link",
            aria_current=rx.cond(is_shown, "page", "false"),
        ),
        rx.cond(item.is_shared, rx.icon("users", size=14, aria_label=t("Shared"), class_name="shared-sign")),
        rx.cond(
            item.is_streaming,
            spinner(t("The answer is being written")),
            rx.cond(item.is_unread, rx.el.span(class_name="unread-dot", role="img", aria_label=t("New answer"))),
        ),
        rx.cond(item.is_own, _menu(item), _menu_of_others(item)),
        class_name="conversation-line",
        conversation=item.id,
        is_streaming=item.is_streaming,
        is_unread=item.is_unread,
        is_current=is_shown,
        select_label=t("Select “{title}”", title=item.title),
    )


def _menu(item: rx.vars.ObjectVar[ConversationItem]) -> rx.Component:
    ids = rx.Var.create([item.id]).to(list[str])
    share = submenu(t("Share"), *share_choices(item.id), icon="user-plus", data_testid="conversation-share")
    return menu(
        _opener(item),
        menu_item(
            t("Rename"), icon="pencil", on_select=List.start_renaming(item.id), data_testid="conversation-rename"
        ),
        _pinning(item, ids),
        _beside(item),
        rx.cond(person_may(Permission.CONVERSATION_SHARE), share),
        rx.cond(
            List.shelf.kind == "leaving",
            menu_item(t("Keep"), icon="shield-check", on_select=LifeState.stay(ids), data_testid="conversation-stay"),
        ),
        menu_item(t("Move to…"), icon="folder", on_select=Filing.ask("move", ids), data_testid="conversation-move"),
        _tagging(ids),
        *_copies(item, ids),
        menu_item(t("Select"), icon="square-check", on_select=select(item.id), data_testid="conversation-mark"),
        _archiving(item, ids),
        menu_separator(),
        menu_item(
            t("Delete"), icon="trash-2", tone="bad", on_select=List.delete(item.id), data_testid="conversation-delete"
        ),
    )


def _menu_of_others(item: rx.vars.ObjectVar[ConversationItem]) -> rx.Component:
    """What one may do with a conversation that somebody else shares."""
    ids = rx.Var.create([item.id]).to(list[str])
    export = menu_item(t("Export…"), icon="download", on_select=Filing.ask("export", ids), data_testid="export-menu")
    return menu(
        _opener(item),
        rx.cond(
            person_may(Permission.CONVERSATION_WRITE), rx.fragment(_pinning(item, ids), _beside(item), _tagging(ids))
        ),
        rx.cond(person_may(Permission.CONVERSATION_EXPORT), export),
        rx.cond(person_may(Permission.CONVERSATION_WRITE), _archiving(item, ids)),
    )


def _opener(item: rx.vars.ObjectVar[ConversationItem]) -> rx.Component:
    return icon_button(
        "ellipsis",
        t("More about “{title}”", title=item.title),
        size=16,
        tooltip=False,
        class_name="icon-button conversation-more",
        data_testid="conversation-menu",
    )


def _pinning(item: rx.vars.ObjectVar[ConversationItem], ids: rx.vars.ArrayVar[list[str]]) -> rx.Component:
    return rx.cond(
        item.is_pinned,
        menu_item(t("Unpin"), icon="pin-off", on_select=Filing.pin(ids, False), data_testid="conversation-unpin"),
        menu_item(t("Pin"), icon="pin", on_select=Filing.pin(ids, True), data_testid="conversation-pin"),
    )


def _beside(item: rx.vars.ObjectVar[ConversationItem]) -> rx.Component:
    return menu_item(
        t("Open beside"), icon="columns-2", on_select=open_beside(item.id), data_testid="conversation-beside"
    )


def _tagging(ids: rx.vars.ArrayVar[list[str]]) -> rx.Component:
    return menu_item(t("Tags…"), icon="tag", on_select=Filing.ask("tag", ids), data_testid="conversation-tags")


def _copies(item: rx.vars.ObjectVar[ConversationItem], ids: rx.vars.ArrayVar[list[str]]) -> list[rx.Component]:
    """What is made of a conversation, which itself stays as it is."""
    return [
        rx.cond(
            person_may(Permission.CONVERSATION_EXPORT),
            menu_item(t("Export…"), icon="download", on_select=Filing.ask("export", ids), data_testid="export-menu"),
        ),
        rx.cond(
            person_may(Permission.TEMPLATE_WRITE),
            menu_item(
                t("Make a template"),
                icon="layout-template",
                on_select=StartState.make(item.id),
                data_testid="conversation-template",
            ),
        ),
    ]


def _archiving(item: rx.vars.ObjectVar[ConversationItem], ids: rx.vars.ArrayVar[list[str]]) -> rx.Component:
    return rx.cond(
        item.is_archived,
        menu_item(
            t("Take out of the archive"),
            icon="archive-restore",
            on_select=Filing.archive(ids, False),
            data_testid="conversation-unarchive",
        ),
        menu_item(
            t("Archive"),
            icon="archive",
            on_select=Filing.archive(ids, True),
            data_testid="conversation-archive",
        ),
    )


def _search() -> rx.Component:
    return rx.el.button(
        rx.icon("search", size=16, aria_hidden="true"),
        rx.el.span(t("Search"), class_name="folder-words"),
        rx.el.kbd(t("Ctrl"), " K"),
        type="button",
        class_name="folder-link sidebar-search",
        on_click=open_palette(),
        data_testid="nav-search",
    )


def _selection_bar() -> rx.Component:
    """Acts on all that is selected; further ones, such as an export, are its children."""
    labels = {
        "selected": t("selected"),
        "clear": t("Select nothing"),
        "archive": t("Archive"),
        "unarchive": t("Take out of the archive"),
        "tag": t("Tags"),
        "move": t("Move"),
        "delete": t("Delete"),
    }
    return SelectionBar.create(
        selection_export(),
        labels=labels,
        is_archive=List.shelf.kind == "archive",
        shelf=List.shelf.kind.to(str) + List.shelf.key.to(str),
        on_archive=Filing.archive,
        on_tag=lambda ids: Filing.ask("tag", ids),
        on_move=lambda ids: Filing.ask("move", ids),
        on_delete=Filing.delete,
    )


def _nothing_here() -> rx.Component | rx.Var[str]:
    return rx.match(
        List.shelf.kind,
        ("archive", t("Nothing is archived.")),
        ("shared", t("Nobody has shared a conversation with you.")),
        ("folder", t("Nothing lies in this folder yet. Drag conversations here, or begin a chat in it.")),
        ("tag", t("No conversation has this tag.")),
        ("leaving", t("No chat goes soon.")),
        t("No conversations yet."),
    )
