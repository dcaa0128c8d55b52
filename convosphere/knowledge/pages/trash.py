"""The page of the trash."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE, KNOWLEDGE_HEALTH
from convosphere.core.permissions import Permission
from convosphere.knowledge.components.bulk import bulk_dialog, bulk_panel
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.trash_items import TrashItem
from convosphere.knowledge.state.trash_state import TrashState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button, link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import exact_time, format_bytes, format_date, t, tn
from convosphere.ui.layout import bottom_bar, breadcrumb, page, page_header
from convosphere.ui.lists import pager
from convosphere.ui.selection import SelectableList

Trash = TrashState


def trash_page() -> rx.Component:
    """What was deleted in the last 30 days, and the ways back and out."""
    empty = button(
        t("Empty the trash"), icon="trash-2", tone="bad", on_click=BulkState.ask_in_trash("delete", []),
        data_testid="trash-empty",
    )  # fmt: skip
    return page(
        page_header(
            breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Trash")),
            rx.cond((Trash.total.to(int) > 0) & person_may(Permission.DOCUMENT_WRITE), empty),
        ),
        rx.el.div(
            bulk_panel(),
            rx.cond(
                Trash.is_loaded,
                rx.cond(Trash.total.to(int) > 0, _list(), empty_state(t("The trash is empty."))),
                skeleton_rows(6),
            ),
            rx.cond(person_may(Permission.KNOWLEDGE_MANAGE), _health()),
            _bar(),
            bulk_dialog(),
            class_name="knowledge",
        ),
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("Documents stay here for 30 days, then they go for good."), class_name="quiet"),
        SelectableList.create(
            rx.foreach(Trash.rows, _row), label=t("Trash"), first=Trash.first,
            selecting=Trash.selected.length() > 0, on_select=Trash.select, on_clear=Trash.clear,
        ),
        pager(Trash.first, Trash.rows.length(), Trash.total, Trash.turn_page),
    )  # fmt: skip


def _bar() -> rx.Component:
    selected = Trash.selected.to(list[str])
    return bottom_bar(
        rx.el.span(tn("{count} selected", "{count} selected", Trash.selected.length()), class_name="strong tabular"),
        button(
            t("Restore"),
            icon="undo-2",
            on_click=BulkState.ask_in_trash("restore", selected),
            data_testid="trash-restore",
        ),
        button(
            t("Delete for good"),
            icon="trash-2",
            tone="bad",
            on_click=BulkState.ask_in_trash("delete", selected),
            data_testid="trash-delete",
        ),
        icon_button("x", t("Select none"), on_click=Trash.clear),
        is_open=Trash.selected.length() > 0,
        label=t("Selected documents"),
        data_testid="bulk-bar",
    )


def _row(item: rx.vars.ObjectVar[TrashItem]) -> rx.Component:
    return rx.el.li(
        rx.checkbox(
            checked=Trash.selected.contains(item.id),
            on_change=lambda is_selected: Trash.select([item.id], is_selected),  # pyright: ignore[reportArgumentType]
            aria_label=t("Select {name}", name=item.name),
            data_testid="document-select",
        ),
        rx.el.div(
            rx.el.span(item.name, dir="auto", class_name="bulk-name"),
            rx.el.div(
                rx.el.span(format_bytes(item.size)),
                rx.cond(item.by != "", rx.el.span(t("deleted by {name}", name=item.by))),
                rx.el.span(t("until {date}", date=format_date(item.kept_until, "date"))),
                class_name="document-facts quiet",
            ),
            class_name="document-words",
        ),
        rx.el.div(exact_time(item.trashed_at), class_name="document-time quiet"),
        rx.el.div(
            icon_button(
                "undo-2", t("Restore"), on_click=Trash.restore(item.id), size=16, data_testid="trash-restore-one"
            ),
            class_name="document-acts",
        ),
        class_name="document-row trash-row",
        data_testid="trash-row",
        data_document_id=item.id,
        data_name=item.name,
    )


def _health() -> rx.Component:
    return rx.el.section(
        rx.el.p(
            t("Whatever a deleted document consisted of goes with it. Here you can see whether anything is left."),
            class_name="quiet",
        ),
        link_button(t("Look for remains"), KNOWLEDGE_HEALTH, icon="scan-search"),
        class_name="trash-scan",
        aria_label=t("Look for remains"),
    )
