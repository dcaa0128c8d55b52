"""The panel of what a thing was: who made which version and why."""

from typing import Any

import reflex as rx

from convosphere.ui.buttons import button
from convosphere.ui.i18n import exact_time, t
from convosphere.ui.layout import side_panel


def version_panel(
    rows: rx.Component, *, is_open: rx.Var[bool] | bool, on_close: rx.event.EventType[()]
) -> rx.Component:
    """`rows` are `version_row`s, newest first."""
    return side_panel(
        t("Versions"),
        rx.el.ol(rows, class_name="version-rows"),
        is_open=is_open,
        on_close=on_close,
        testid="version-panel",
    )


def version_row(item: rx.vars.ObjectVar[Any], *more: rx.Component) -> rx.Component:
    """Number, reason, author and time of an item that has `number`, `why`, `author`, `created_at`, `is_current`."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(t("Version {number}", number=item.number), class_name="strong"),
            rx.cond(item.is_current, rx.el.span(t("current"), class_name="version-current")),
            class_name="version-head",
        ),
        rx.cond(item.why != "", rx.el.p(item.why, dir="auto")),
        rx.el.p(
            rx.cond(item.author != "", item.author, t("Somebody who left")), " · ", exact_time(item.created_at),
            class_name="quiet version-facts",
        ),
        *more,
        class_name="version-row",
        data_testid="version-row",
        data_version=item.number,
    )  # fmt: skip


def restore_button(on_click: rx.event.EventType[()]) -> rx.Component:
    """The way back to a version."""
    return button(t("Restore"), icon="undo-2", size="1", on_click=on_click, data_testid="version-restore")
