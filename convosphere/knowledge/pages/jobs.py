"""The page of all that somebody did with many documents."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE
from convosphere.knowledge.components.bulk import act_words, job_acts, state_words
from convosphere.knowledge.components.status import words
from convosphere.knowledge.state.bulk_items import JobItem, ResultItem
from convosphere.knowledge.state.jobs_state import JobsState
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import exact_time, format_bytes, t, t_message, tn
from convosphere.ui.layout import breadcrumb, page, page_header, side_panel
from convosphere.ui.lists import pager

Jobs = JobsState


def jobs_page() -> rx.Component:
    """Jobs, the newest first; one opens beside them with what became of each document."""
    return page(
        page_header(breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Work on many documents"))),
        rx.el.div(
            rx.cond(
                Jobs.is_loaded,
                rx.cond(
                    Jobs.jobs.length() > 0,
                    rx.el.ul(rx.foreach(Jobs.jobs, _job), class_name="bulk-jobs"),
                    empty_state(t("What you do with many documents at once stands here for 30 days.")),
                ),
                skeleton_rows(6),
            ),
            class_name="knowledge",
        ),
        panel=_results(),
    )


def _job(job: rx.vars.ObjectVar[JobItem]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(act_words(job.act), class_name="strong"),
            rx.el.span(state_words(job), class_name="tabular"),
            rx.cond(
                job.failed.to(int) > 0,
                rx.el.span(
                    tn("{count} could not be done", "{count} could not be done", job.failed),
                    class_name="document-error",
                ),
            ),
            type="button",
            class_name="bulk-job",
            on_click=Jobs.open(job.id),
            data_testid="job-open",
        ),
        rx.el.span(exact_time(job.created_at), class_name="quiet"),
        rx.el.div(*job_acts(job), class_name="bulk-acts"),
        class_name="bulk-line",
        data_testid="job-row",
        data_job_id=job.id,
        data_status=job.state,
        data_done=job.done,
        data_total=job.total,
    )


def _results() -> rx.Component:
    shown = Jobs.shown
    most = rx.cond(Jobs.only_in_vain, shown.failed.to(int), shown.total.to(int))
    return side_panel(
        act_words(shown.act),
        rx.el.p(state_words(shown), class_name="tabular"),
        rx.cond(shown.documents_gone.to(int) > 0, _receipt()),
        rx.el.label(
            rx.switch(checked=Jobs.only_in_vain, on_change=Jobs.show_only, data_testid="bulk-only-failed"),
            t("Only what could not be done"),
            class_name="bulk-only",
        ),
        rx.el.ul(rx.foreach(Jobs.items, _result), class_name="bulk-results"),
        pager(Jobs.first, Jobs.items.length(), most, Jobs.turn_page),
        is_open=shown.id != "",
        on_close=Jobs.close,
        testid="bulk-results",
    )


def _receipt() -> rx.Component:
    shown = Jobs.shown
    told = t(
        "Gone for good: {documents}, {passages}, {vectors}, {size} of files.",
        documents=tn("{count} document", "{count} documents", shown.documents_gone),
        passages=tn("{count} passage", "{count} passages", shown.passages_gone),
        vectors=tn("{count} vector", "{count} vectors", shown.vectors_gone),
        size=format_bytes(shown.bytes_gone),
    )
    return rx.el.p(told, data_testid="bulk-receipt")


def _result(item: rx.vars.ObjectVar[ResultItem]) -> rx.Component:
    return rx.el.li(
        rx.el.span(item.name, dir="auto", class_name="bulk-name"),
        rx.el.span(
            words(
                item.outcome,
                ("waiting", t("Not done yet")),
                ("done", t("Done")),
                ("unchanged", t("Nothing to change")),
                ("refused", t("You may not do this with it.")),
                ("gone", t("It is not there any more, or you no longer see it.")),
                ("failed", t_message(item.error)),
            ),
            class_name=rx.cond(
                (item.outcome == "done") | (item.outcome == "unchanged") | (item.outcome == "waiting"),
                "quiet", "document-error",
            ),
        ),
        data_testid="bulk-result",
        data_outcome=item.outcome,
    )  # fmt: skip
