"""The panel of an assistant's versions."""

from collections.abc import Sequence

import reflex as rx

from convosphere.assistants.components.words import FIELDS, value_word, word
from convosphere.assistants.state.items import ChangeItem, LineItem, VersionItem
from convosphere.assistants.state.version_state import AssistantVersionsState
from convosphere.creations.components.versions import restore_button, version_panel, version_row
from convosphere.ui.buttons import button
from convosphere.ui.i18n import t

Versions = AssistantVersionsState
Version = rx.vars.ObjectVar[VersionItem]


def history_panel() -> rx.Component:
    """What each version changed, and the way back to it."""
    return version_panel(
        rx.foreach(Versions.rows, _version),
        is_open=Versions.is_open,
        on_close=Versions.close,
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
    restore = rx.cond(item.is_current, rx.fragment(), restore_button(Versions.restore(item.number)))
    return version_row(
        item,
        rx.el.div(compare, restore, class_name="acts"),
        rx.cond(is_compared, change_rows(Versions.changes)),
    )


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
