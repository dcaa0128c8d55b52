"""The head of the list of documents: what it is sorted by."""

import reflex as rx

from convosphere.knowledge.components.status import Item
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.ui.i18n import exact_time, format_full_day, t

Acts = ActState
Documents = DocumentListState


def list_head() -> rx.Component:
    """Select all, and the order by name, by when documents came, or by the day that they are from."""
    is_all = (Acts.selected.length() > 0) & (Acts.selected.length() >= Documents.rows.length())
    return rx.el.div(
        rx.checkbox(
            checked=is_all | (Acts.matching.to(int) > 0),
            on_change=Acts.toggle_all,
            aria_label=t("Select all that are shown"),
            data_testid="select-all",
        ),
        _sort(t("Name"), "name", "name_descending"),
        rx.el.span(t("Status"), class_name="document-status"),
        rx.el.div(
            _sort(t("Added"), "newest", "oldest"),
            _sort(t("Date"), "dated", "dated_oldest"),
            class_name="documents-times",
        ),
        class_name="documents-head",
    )


def shown_time(item: Item) -> rx.Component:
    """When a document came, or, where the list is sorted by that, the day that it is from."""
    by_day = (Documents.sort == "dated") | (Documents.sort == "dated_oldest")
    return rx.cond(by_day, rx.el.time(format_full_day(item.dated_on)), exact_time(item.created_at))


def _sort(label: rx.Var[str], first: str, second: str) -> rx.Component:
    sort = Documents.sort
    arrow = rx.match(
        sort,
        (first, rx.icon("arrow-down", size=14, aria_hidden="true")),
        (second, rx.icon("arrow-up", size=14, aria_hidden="true")),
        rx.fragment(),
    )
    return rx.el.button(
        label,
        arrow,
        type="button",
        class_name="documents-sort",
        data_sort=first,
        aria_pressed=(sort == first) | (sort == second),
        on_click=Documents.sort_by(rx.cond(sort == first, second, first)),
    )
