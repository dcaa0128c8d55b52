"""The page of documents that are stale and often cited."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE, document
from convosphere.core.permissions import Permission
from convosphere.knowledge.components.bulk import bulk_dialog, bulk_panel
from convosphere.knowledge.freshness.schemas import AGES
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.stale_state import StaleItem, StaleState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import format_full_day, t, tn
from convosphere.ui.layout import breadcrumb, page, page_header
from convosphere.ui.lists import pager

Stale = StaleState


def stale_page() -> rx.Component:
    """What answers rely on and nobody has looked at for long, the most cited first, with what can be done about it."""
    return page(
        page_header(breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Stale and often cited"))),
        rx.el.div(
            bulk_panel(),
            rx.el.div(
                rx.el.p(
                    t("Answers of the last 90 days cite these documents, though their review is due or they are old."),
                    class_name="quiet",
                ),
                _ages(),
                class_name="stale-head",
            ),
            rx.cond(
                Stale.is_loaded,
                rx.cond(
                    Stale.rows.length() > 0,
                    rx.fragment(
                        rx.el.ul(rx.foreach(Stale.rows, _row), class_name="stale-rows"),
                        pager(Stale.first, Stale.rows.length(), Stale.found, Stale.turn_page),
                    ),
                    empty_state(t("No document that answers cite is old or to be reviewed.")),
                ),
                skeleton_rows(6),
            ),
            bulk_dialog(),
            class_name="knowledge",
        ),
    )


def _ages() -> rx.Component:
    words = {6: t("6 months"), 12: t("1 year"), 24: t("2 years"), 36: t("3 years")}
    return rx.el.label(
        rx.el.span(t("Old from"), class_name="quiet"),
        rx.el.select(
            *(rx.el.option(words[age], value=str(age)) for age in AGES),
            value=Stale.months.to_string(),
            on_change=Stale.choose_age,
            class_name="select",
            data_testid="stale-age",
        ),
        class_name="stale-age",
    )


def _row(item: rx.vars.ObjectVar[StaleItem]) -> rx.Component:
    due = t("Review was due on {day}", day=format_full_day(item.review_on))
    last = t("last changed or reviewed on {day}", day=format_full_day(item.last_on))
    return rx.el.li(
        rx.el.div(
            rx.link(
                item.name,
                href=document(item.id),  # pyright: ignore[reportArgumentType]  # A var formats itself into the text.
                class_name="document-name",
                dir="auto",
                color_scheme="gray",
                high_contrast=True,
                data_testid="stale-open",
            ),
            rx.el.div(
                rx.el.span(
                    tn("cited by {count} answer", "cited by {count} answers", item.citations), class_name="strong"
                ),
                rx.cond(item.is_review_due, rx.el.span(due, class_name="stale-due")),
                rx.el.span(last),
                rx.el.span(t("from {name}", name=item.owner)),
                class_name="document-facts quiet",
            ),
            class_name="document-words",
        ),
        rx.cond(item.can_edit & person_may(Permission.DOCUMENT_WRITE), _acts(item)),
        class_name="stale-row",
        data_testid="stale-row",
        data_name=item.name,
    )


def _acts(item: rx.vars.ObjectVar[StaleItem]) -> rx.Component:
    return rx.el.div(
        button(
            t("Mark as reviewed"), icon="check", size="1", on_click=Stale.mark_reviewed(item.id, item.name),
            data_testid="stale-reviewed",
        ),
        button(
            t("Set review date"), icon="calendar-clock", size="1", on_click=BulkState.ask_about("review", item.id),
            data_testid="stale-review",
        ),
        class_name="stale-acts",
    )  # fmt: skip
