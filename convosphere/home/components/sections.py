"""The parts of Home: lists of a few lines, each of which leads somewhere."""

from functools import reduce
from operator import or_

import reflex as rx

from convosphere.chat.state.welcome_state import WelcomeState
from convosphere.core.page_routes import KNOWLEDGE, OWN_USAGE
from convosphere.core.permissions import Permission
from convosphere.home.service import SHARED
from convosphere.home.state.home_state import HomeState
from convosphere.home.state.items import Line
from convosphere.shell.sidebar import person_may
from convosphere.ui import t
from convosphere.ui.buttons import Text, button
from convosphere.ui.charts import amount
from convosphere.ui.feedback import progress_bar, skeleton_rows, spinner
from convosphere.ui.figures import meter, money, stat, stats
from convosphere.ui.i18n import exact_time, format_date, format_number
from convosphere.usage.service.figures import BudgetItem

_ICONS = {
    "conversation": "message-circle",
    "answer": "message-circle",
    "document": "file-text",
    "assistant": "bot",
    "prompt": "text-quote",
    "conversation_template": "layout-template",
    "conversation_folder": "folder",
    "run": "list-checks",
}
Lines = rx.vars.ArrayVar[list[Line]]


def sections() -> rx.Component:
    """All of them; what goes on stands first, and only while something does."""
    shown = HomeState.home
    return rx.el.div(
        rx.cond(
            shown.running.to(list).length() > 0,
            _section(t("Going on"), "running", _lines(shown.running.to(list[Line]), t("Going on"))),
        ),
        _listed(
            t("Go on with"), "recent", shown.recent.to(list[Line]),
            t("Here stand the conversations that you had last."),
        ),
        rx.cond(
            reduce(or_, map(person_may, dict.fromkeys(SHARED.values()))),
            _listed(
                t("Shared with you"), "shared", shown.shared.to(list[Line]),
                t("Here stands what others share with you: conversations, folders, documents, assistants, prompts,"
                  " templates."),
            ),
        ),
        rx.cond(
            person_may(Permission.DOCUMENT_READ),
            _listed(
                t("News of documents"), "documents", shown.documents.to(list[Line]),
                t("There is no document yet that you can ask."),
                _handbook(), more=(t("All documents"), KNOWLEDGE),
            ),
        ),
        _usage(),
        class_name="home-sections",
    )  # fmt: skip


def _listed(
    title: Text, name: str, rows: Lines, empty: Text, *acts: rx.Component, more: tuple[Text, Text] | None = None
) -> rx.Component:
    nothing = rx.fragment(rx.el.p(empty, class_name="quiet home-empty"), *acts)
    body = rx.cond(
        HomeState.is_loaded, rx.cond(rows.length() > 0, _lines(rows, title), nothing), skeleton_rows(3, "36px")
    )
    return _section(title, name, body, more=more)


def _handbook() -> rx.Component:
    """Something to ask for whoever has just set up the product."""
    return rx.cond(
        person_may(Permission.DOCUMENT_WRITE),
        button(
            t("Load the handbook"),
            icon="book-open",
            on_click=WelcomeState.load_handbook,
            data_testid="handbook-load",
        ),
    )


def _section(title: Text, name: str, *body: rx.Component, more: tuple[Text, Text] | None = None) -> rx.Component:
    way = rx.link(more[0], href=more[1], underline="hover", class_name="home-more") if more else rx.fragment()
    return rx.el.section(
        rx.el.div(rx.el.h2(title, class_name="section-title"), way, class_name="home-head"),
        *body,
        class_name="home-section",
        data_testid=f"home-{name}",
    )


def _lines(rows: Lines, label: Text) -> rx.Component:
    return rx.el.ul(rx.foreach(rows, _line), class_name="home-lines", aria_label=label)


def _line(row: rx.vars.ObjectVar[Line]) -> rx.Component:
    icon = rx.match(
        row.kind,
        *((kind, rx.icon(name, size=16, aria_hidden="true")) for kind, name in _ICONS.items()),
        rx.icon("file-text", size=16, aria_hidden="true"),
    )
    beside = rx.cond(
        row.is_busy,
        spinner(t("An answer is being written")),
        rx.cond(row.is_unread, rx.el.span(class_name="home-dot", role="img", aria_label=t("Unread"))),
    )
    counted = progress_bar(row.done.to(int), t("{done} of {total}", done=row.done, total=row.total), total=row.total)
    return rx.el.li(
        rx.link(
            icon,
            rx.el.span(row.name, class_name="home-name", dir="auto"),
            beside,
            rx.cond(row.total.to(int) > 0, counted),
            rx.cond(row.is_version, rx.el.span(t("New version"), class_name="quiet home-by")),
            rx.cond(row.by != "", rx.el.span(row.by, class_name="quiet home-by")),
            rx.cond(row.at != "", rx.el.span(exact_time(row.at), class_name="quiet home-at tabular")),
            href=row.route,
            underline="none",
            class_name="home-line",
            data_testid="home-line",
            custom_attrs={"data-kind": row.kind},
        ),
    )


def _usage() -> rx.Component:
    used, budgets = HomeState.home.used, HomeState.home.budgets
    numbers = stats(
        stat(
            t("Answers today"),
            format_number(used.answers_today, 0),
            data_metric="today",
            data_value=used.answers_today,
        ),
        stat(t("Answers this month"), format_number(used.answers, 0), data_metric="month", data_value=used.answers),
        rx.cond(
            used.costs.length() > 0,
            stat(t("Cost this month"), money(used.costs), data_metric="cost"),
            stat(t("Tokens this month"), format_number(used.tokens, 0), data_metric="tokens"),
        ),
    )
    return _section(
        t("Your usage"),
        "usage",
        rx.cond(
            HomeState.is_loaded,
            rx.fragment(
                numbers,
                rx.el.ul(rx.foreach(budgets, _budget), class_name="home-budgets", aria_label=t("Budgets")),
            ),
            skeleton_rows(2, "36px"),
        ),
        more=(t("More about it"), OWN_USAGE),
    )


def _budget(budget: rx.vars.ObjectVar[BudgetItem]) -> rx.Component:
    left = t(
        "{left} of {amount} left", left=amount(budget.left, budget.unit), amount=amount(budget.amount, budget.unit)
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(budget.name, class_name="strong", dir="auto"),
            rx.el.span(left, class_name="quiet tabular"),
            class_name="home-head",
        ),
        meter(
            budget.percent.to(int),
            t("{percent} % used", percent=budget.percent),
            is_bad=budget.is_used_up.to(bool),
            is_near=budget.is_warning.to(bool),
        ),
        rx.el.span(t("Begins anew on {day}", day=format_date(budget.renews_at, "date")), class_name="quiet"),
        data_testid="home-budget",
    )
