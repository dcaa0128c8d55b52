"""The panel of an assistant's versions."""

from collections.abc import Sequence

import reflex as rx

from convosphere.assistants.components.words import FIELDS, value_word, word
from convosphere.assistants.state.items import ChangeItem, LineItem, VersionItem
from convosphere.assistants.state.version_state import AssistantVersionsState
from convosphere.ui.buttons import button
from convosphere.ui.i18n import exact_time, t
from convosphere.ui.layout import side_panel

Versions = AssistantVersionsState
Version = rx.vars.ObjectVar[VersionItem]


def version_panel() -> rx.Component:
    """Who made which version and why, what it changed, and the way back to it."""
    return side_panel(
        t("Versions"),
        rx.el.ol(rx.foreach(Versions.rows, _version), class_name="version-rows"),
        is_open=Versions.is_open,
        on_close=Versions.close,
        testid="version-panel",
    )


def _version(item: Version) -> rx.Component:
    is_compared = Versions.compared == item.number
    compare = button(
        rx.cond(is_compared, t("Hide the changes"), t("Show the changes")),
        size="1",
        on_click=Versions.compare(item.number),
        aria_expanded=is_compared,
        data_testid="version-compare",
    )
    restore = button(
        t("Restore"), icon="undo-2", size="1", on_click=Versions.restore(item.number), data_testid="version-restore"
    )
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
        rx.el.div(compare, rx.cond(item.is_current, rx.fragment(), restore), class_name="acts"),
        rx.cond(is_compared, change_rows(Versions.changes)),
        class_name="version-row",
        data_testid="version-row",
        data_version=item.number,
    )  # fmt: skip


def change_rows(given: rx.Var[Sequence[ChangeItem]]) -> rx.Component:
    """Fields that changed, line by line."""
    changes: rx.vars.ArrayVar[list[ChangeItem]] = given  # pyright: ignore[reportAssignmentType]
    return rx.el.div(
        rx.foreach(changes, _change),
        rx.cond(changes.length() == 0, rx.el.p(t("Nothing changed."), class_name="quiet")),
        class_name="version-changes",
    )


def _change(item: rx.vars.ObjectVar[ChangeItem]) -> rx.Component:
    lines: rx.vars.ArrayVar[list[LineItem]] = item.lines  # pyright: ignore[reportAssignmentType]
    return rx.el.section(
        rx.el.h3(word(FIELDS, item.name)),
        rx.el.ul(rx.foreach(lines, lambda line: _line(item.name, line)), class_name="diff"),
        data_testid="version-change",
        data_field=item.name,
    )


def _line(field: rx.Var[str], item: rx.vars.ObjectVar[LineItem]) -> rx.Component:
    said = rx.match(item.kind, ("added", t("new")), ("removed", t("gone")), "")
    return rx.el.li(
        rx.el.span(said, class_name="visually-hidden"),
        rx.el.span(value_word(field, item.text), dir="auto"),
        class_name="diff-line",
        data_kind=item.kind,
    )
