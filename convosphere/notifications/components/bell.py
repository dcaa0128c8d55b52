"""The bell in the frame, and the panel that opens from it."""

import reflex as rx

from convosphere.core.page_routes import NOTIFICATIONS
from convosphere.notifications.schemas import Face
from convosphere.notifications.state.notification_state import NotificationState
from convosphere.ui import t, t_message
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.feedback import skeleton_rows
from convosphere.ui.i18n import exact_time

MODULE = "$/public/notifications.js"
_ICONS: dict[Face, str] = {
    "answer": "message-circle",
    "document": "file-text",
    "sharing": "share-2",
    "review": "clipboard-check",
    "budget": "gauge",
    "job": "list-checks",
    "mention": "at-sign",
}


class _BrowserNotifications(rx.Component):
    library = MODULE
    tag = "BrowserNotifications"
    fresh: rx.Var[list[dict]]
    unread: rx.Var[int]
    ended: rx.Var[str]


def bell() -> rx.Component:
    """A button with the number of what is unread; the panel shows the latest."""
    unread = NotificationState.unread
    name = rx.cond(unread > 0, t("Notifications: {count} unread", count=unread), t("Notifications"))
    opener = rx.icon_button(
        rx.icon("bell", size=18, aria_hidden="true"),
        rx.cond(
            unread > 0,
            rx.el.span(
                rx.cond(unread > 99, "99+", unread.to(str)),
                class_name="bell-count tabular",
                aria_hidden="true",
                data_testid="notifications-count",
            ),
        ),
        type="button",
        variant="ghost",
        size="2",
        color_scheme="gray",
        aria_label=name,
        class_name="icon-button bell",
        data_testid="notifications-open",
    )
    return rx.fragment(
        rx.popover.root(
            rx.popover.trigger(opener),
            rx.popover.content(
                _panel(),
                side="bottom",
                align="start",
                size="1",
                aria_label=t("Notifications"),
                class_name="notifications",
            ),
            on_open_change=NotificationState.set_open,
        ),
        _BrowserNotifications.create(fresh=NotificationState.fresh, unread=unread, ended=t("The answer is ready.")),
    )


def _panel() -> rx.Component:
    rows = NotificationState.items
    listed = rx.el.ul(
        rx.foreach(rows, lambda row: _row(row.to(dict))), class_name="notifications-list", aria_label=t("Notifications")
    )
    return rx.fragment(
        rx.el.div(
            rx.el.h2(t("Notifications"), class_name="notifications-title"),
            icon_button(
                "check-check",
                t("Mark all as read"),
                tooltip=False,  # It has the focus when the panel opens, and would show it at once.
                title=t("Mark all as read"),
                on_click=NotificationState.read_all,
                disabled=NotificationState.unread == 0,
                data_testid="notifications-read-all",
            ),
            rx.popover.close(
                rx.icon_button(
                    rx.link(
                        rx.icon("settings-2", size=18, aria_hidden="true"),
                        href=NOTIFICATIONS,
                        aria_label=t("Choose what you are told"),
                        title=t("Choose what you are told"),
                        data_testid="notifications-choose",
                    ),
                    as_child=True,
                    variant="ghost",
                    color_scheme="gray",
                    size="2",
                    class_name="icon-button",
                )
            ),
            class_name="notifications-head",
        ),
        rx.cond(NotificationState.is_loaded, rx.cond(rows.length() > 0, listed, _none()), skeleton_rows(4)),
        rx.cond(
            NotificationState.has_more,
            rx.el.div(
                button(
                    t("Show older ones"),
                    weight="quiet",
                    on_click=NotificationState.show_more,
                    data_testid="notifications-more",
                ),
                class_name="notifications-foot",
            ),
        ),
    )


def _row(row: rx.vars.ObjectVar) -> rx.Component:
    identity, is_read = row["id"].to(str), row["is_read"].to(bool)
    face = rx.match(
        row["face"].to(str),
        *((name, rx.icon(icon, size=18, aria_hidden="true")) for name, icon in _ICONS.items()),
        rx.icon("bell", size=18, aria_hidden="true"),
    )
    words = rx.el.span(
        t_message(row["message"]),
        rx.el.span(exact_time(row["at"].to(str)), class_name="notification-time"),
        class_name="notification-words",
        dir="auto",
    )
    way = rx.popover.close(
        rx.link(
            face,
            words,
            href=row["route"].to(str),
            underline="none",
            class_name="notification-way",
            on_click=NotificationState.read(identity),
            data_testid="notification-open",
        )
    )
    return rx.el.li(
        rx.cond(row["route"] != "", way, rx.el.div(face, words, class_name="notification-way")),
        rx.cond(
            is_read,
            rx.fragment(),
            rx.el.button(
                type="button",
                class_name="notification-read",
                aria_label=t("Mark as read"),
                title=t("Mark as read"),
                on_click=NotificationState.read(identity),
                data_testid="notification-read",
            ),
        ),
        class_name="notification",
        key=identity,
        data_testid="notification-row",
        custom_attrs={"data-kind": row["kind"].to(str), "data-read": rx.cond(is_read, "true", "false")},
    )


def _none() -> rx.Component:
    return rx.el.div(
        rx.icon("bell", size=24, aria_hidden="true"),
        rx.el.p(t("Nothing yet. You are told here what happens while you do something else.")),
        class_name="notifications-none",
        data_testid="notifications-none",
    )
