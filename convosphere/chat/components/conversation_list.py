"""The conversations in the sidebar, by days."""

import reflex as rx

from convosphere.chat.components.branch_module import TitleMark
from convosphere.chat.components.module import DayGroup, LinkList, TitleField
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.items import ConversationItem
from convosphere.chat.state.list_state import ConversationListState
from convosphere.core.page_routes import conversation
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.feedback import skeleton_rows, spinner
from convosphere.ui.i18n import t
from convosphere.ui.layout import active_path
from convosphere.ui.menus import menu, menu_item

List = ConversationListState


def conversation_list() -> rx.Component:
    """Fills the frame's slot; what the frame loads follows changes while the tab is open."""
    return LinkList.create(
        TitleMark.create(busy=AnswerState.message_id != "", unread=List.unread),
        rx.cond(
            List.is_loaded,
            rx.fragment(
                rx.cond(
                    List.has_newer,
                    button(
                        t("Back to the newest"),
                        weight="quiet",
                        on_click=List.show_newest,
                        data_testid="conversation-newest",
                    ),
                ),
                rx.foreach(List.items, _line),
                rx.cond(List.items.length() == 0, rx.el.p(t("No conversations yet."), class_name="quiet list-note")),
                rx.cond(
                    List.has_more,
                    button(t("Show more"), weight="quiet", on_click=List.show_more, data_testid="conversation-more"),
                ),
            ),
            skeleton_rows(5, "36px"),
        ),
        class_name="conversation-list rail-hidden",
    )


def _line(item: rx.vars.ObjectVar[ConversationItem]) -> rx.Component:
    labels = {
        "today": t("Today"),
        "yesterday": t("Yesterday"),
        "week": t("Last 7 days"),
        "older": t("Older"),
    }
    return rx.fragment(
        DayGroup.create(moment=item.updated_at, previous=item.previous_at, labels=labels),
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
    return rx.el.div(
        rx.link(
            rx.el.span(item.title, class_name="conversation-name", dir="auto"),
            href=conversation(item.id),  # pyright: ignore[reportArgumentType]  # A var formats itself into the text.
            underline="none",
            class_name="conversation-link",
            aria_current=rx.cond(is_shown, "page", "false"),
        ),
        rx.cond(
            item.is_streaming,
            spinner(t("The answer is being written")),
            rx.cond(item.is_unread, rx.el.span(class_name="unread-dot", role="img", aria_label=t("New answer"))),
        ),
        _menu(item),
        class_name="conversation-line",
        data_testid="conversation-item",
        data_conversation_id=item.id,
        data_streaming=rx.cond(item.is_streaming, "true", "false"),
        data_unread=rx.cond(item.is_unread, "true", "false"),
        data_current=rx.cond(is_shown, "true", "false"),
    )


def _menu(item: rx.vars.ObjectVar[ConversationItem]) -> rx.Component:
    opener = icon_button(
        "ellipsis",
        t("More about “{title}”", title=item.title),
        size=16,
        tooltip=False,
        class_name="icon-button conversation-more",
        data_testid="conversation-menu",
    )
    return menu(
        opener,
        menu_item(
            t("Rename"), icon="pencil", on_select=List.start_renaming(item.id), data_testid="conversation-rename"
        ),
        menu_item(
            t("Delete"), icon="trash-2", tone="bad", on_select=List.delete(item.id), data_testid="conversation-delete"
        ),
    )
