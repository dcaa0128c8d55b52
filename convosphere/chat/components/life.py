"""How long conversations live: the mode of those that are not kept, and the notice before others go."""

import reflex as rx

from convosphere.chat.components.module import place
from convosphere.chat.state.life_state import LifeState
from convosphere.chat.state.list_state import ConversationListState
from convosphere.core.page_routes import CHAT, TEMPORARY_CHAT
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import format_date, t, tn

Life = LifeState
ICON = "message-circle-dashed"


def temporary_act(is_here: rx.Var[bool]) -> rx.Component:
    """In the header: the switch of a new conversation, or the way to close one that is temporary."""
    close = icon_button("x", t("Close temporary chat"), on_click=Life.close, data_testid="temporary-close")
    return rx.cond(
        is_here,
        rx.cond(
            place() == "",
            rx.cond(Life.rule == "allowed", _switch()),
            rx.cond(Life.is_temporary, close),
        ),
    )


def _switch() -> rx.Component:
    """A link, so that the address says it."""
    is_on = Life.is_temporary
    link = rx.link(
        rx.icon(ICON, size=18, aria_hidden="true"),
        href=rx.cond(is_on, CHAT, TEMPORARY_CHAT),
        role="switch",
        aria_checked=rx.cond(is_on, "true", "false"),
        aria_label=t("Temporary chat"),
        class_name="temporary-switch",
        data_testid="temporary-switch",
    )
    return rx.tooltip(link, content=t("Temporary chat"), delay_duration=500)


def temporary_note(is_here: rx.Var[bool]) -> rx.Component:
    """Above the composer, as long as what is written here is not kept."""
    sentence = t(
        "Temporary chat: in no list, search or export. Gone when you close it or open another one, and at the latest"
        " after a day."
    )
    return rx.cond(
        is_here & Life.is_temporary,
        rx.el.p(
            rx.icon(ICON, size=16, aria_hidden="true"),
            rx.el.span(sentence),
            class_name="temporary-note",
            role="note",
            data_testid="temporary-note",
        ),
    )


def leaving_note() -> rx.Component:
    """In the sidebar: which conversations go soon."""
    day, count = format_date(Life.leaves_at, "date"), Life.leaving
    deleted = tn(
        "{count} chat will be deleted from {day} on", "{count} chats will be deleted from {day} on", count, day=day
    )
    archived = tn(
        "{count} chat will be archived from {day} on", "{count} chats will be archived from {day} on", count, day=day
    )
    return rx.cond(
        (count > 0) & (ConversationListState.shelf.kind != "leaving"),
        rx.el.button(
            rx.icon("hourglass", size=16, aria_hidden="true"),
            rx.el.span(rx.cond(Life.act == "delete", deleted, archived)),
            type="button",
            class_name="leaving-note",
            on_click=ConversationListState.show_shelf("leaving", "", ""),
            data_testid="leaving-note",
            data_count=count,
        ),
    )
