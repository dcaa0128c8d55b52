"""What everybody used: numbers, bars by day, and lines by person, group, assistant, model or purpose."""

import reflex as rx

from convosphere.admin.state.usage_state import RANGES, VIEWS, UsageState
from convosphere.ui import t, tn
from convosphere.ui.buttons import file_link
from convosphere.ui.charts import day_bars
from convosphere.ui.feedback import empty_state, notice, skeleton_rows
from convosphere.ui.figures import meter, money, stat, stats
from convosphere.ui.i18n import format_number
from convosphere.usage.schemas import CallPurpose
from convosphere.usage.service.figures import LineItem

Usage = UsageState
Line = rx.vars.ObjectVar[LineItem]


def export_button() -> rx.Component:
    """The days that are shown as a file."""
    address = rx.Var.create("/api/usage/export?since=") + Usage.since + "&until=" + Usage.until
    return rx.cond(Usage.is_loaded, file_link(t("Export as CSV"), address, data_testid="usage-export"))


def usage_overview() -> rx.Component:
    """All of it."""
    content = rx.fragment(_numbers(), _drawing(), _breakdown())
    nothing = empty_state(t("Nothing was used in these days."), picture="figures")
    return rx.fragment(
        _choices(),
        rx.cond(Usage.is_loaded, rx.cond(Usage.total.calls.to(int) > 0, content, nothing), skeleton_rows(6)),
    )


def _choices() -> rx.Component:
    labels = {
        "7": t("Last 7 days"), "month": t("This month"), "last-month": t("Last month"), "90": t("Last 90 days"),
        "365": t("Last 12 months"),
    }  # fmt: skip
    options = [rx.el.option(labels[name], value=name) for name in RANGES]
    select = rx.el.select(
        *options, value=Usage.range, on_change=Usage.choose_range, aria_label=t("Days"), class_name="select",
        data_testid="usage-range",
    )  # fmt: skip
    return rx.el.div(select, class_name="usage-bar")


def _numbers() -> rx.Component:
    total = Usage.total
    estimated = rx.el.span(t("and about"), " ", money(total.estimated), " ", t("estimated"))
    return rx.fragment(
        stats(
            stat(
                t("Cost"),
                money(total.costs, t("Unknown")),
                rx.cond(rx.Var.create(total.estimated).to(list).length() > 0, estimated),
                data_metric="cost",
            ),
            stat(t("Calls"), format_number(total.calls, 0), _failed(), data_metric="calls", data_value=total.calls),
            stat(t("Tokens"), format_number(total.tokens, 0), data_metric="tokens", data_value=total.tokens),
            stat(
                t("First word after"),
                t("{seconds}\u00a0s", seconds=format_number(total.first_token_seconds)),
                t("on average"),
                data_metric="first-token",
            ),
        ),
        rx.cond(
            total.unpriced.to(int) > 0,
            notice(
                tn(
                    "{count} call has no known price. It counts in budgets of tokens only.",
                    "{count} calls have no known price. They count in budgets of tokens only.",
                    total.unpriced,
                ),
                data_testid="usage-unpriced",
            ),
        ),
    )


def _failed() -> rx.Component:
    return rx.cond(Usage.total.failed.to(int) > 0, rx.fragment(t("{count} failed", count=Usage.total.failed)))


def _drawing() -> rx.Component:
    options = rx.foreach(
        Usage.metrics,
        lambda metric: rx.el.option(
            rx.match(metric, ("tokens", t("Tokens")), ("calls", t("Calls")), t("Cost in {currency}", currency=metric)),
            value=metric,
        ),
    )
    select = rx.el.select(
        options, value=Usage.metric, on_change=Usage.choose_metric, aria_label=t("What is drawn"), class_name="select",
        data_testid="usage-metric",
    )  # fmt: skip
    return rx.el.section(
        rx.el.div(rx.el.h2(t("Over time"), class_name="section-title"), select, class_name="usage-bar"),
        day_bars(Usage.bars, Usage.metric),
        class_name="usage-section",
    )


def _breakdown() -> rx.Component:
    labels = {
        "person": t("By person"), "group": t("By group"), "assistant": t("By assistant"), "model": t("By model"),
        "purpose": t("By purpose"),
    }  # fmt: skip
    options = [rx.el.option(labels[name], value=name) for name in VIEWS]
    select = rx.el.select(
        *options, value=Usage.view, on_change=Usage.choose_view, aria_label=t("Listed by"), class_name="select",
        data_testid="usage-view",
    )  # fmt: skip
    lines = rx.el.ol(_head(), rx.foreach(Usage.lines, _line), class_name="usage-rows", aria_label=t("Usage"))
    nothing = rx.el.p(t("Nobody was in a group in these days."), class_name="quiet")
    return rx.el.section(
        rx.el.div(rx.el.h2(t("In detail"), class_name="section-title"), select, class_name="usage-bar"),
        rx.cond(Usage.lines.length() > 0, lines, nothing),
        rx.cond(
            Usage.hidden > 0,
            rx.el.p(
                tn("{count} more is in the file.", "{count} more are in the file.", Usage.hidden), class_name="quiet"
            ),
        ),
        rx.cond(Usage.view == "group", rx.el.p(t("Whoever is in several groups counts for each."), class_name="quiet")),
        class_name="usage-section",
    )


def _head() -> rx.Component:
    return rx.el.li(
        rx.el.span(),
        rx.el.span(t("Part of all"), class_name="usage-share"),
        rx.el.span(t("Calls"), class_name="usage-number usage-calls"),
        rx.el.span(t("Tokens"), class_name="usage-number usage-calls"),
        rx.el.span(t("Cost"), class_name="usage-number"),
        class_name="usage-row usage-head",
        aria_hidden="true",
    )


def _line(line: Line) -> rx.Component:
    return rx.el.li(
        rx.el.span(_name(line), class_name="usage-name", dir="auto"),
        rx.el.span(
            meter(line.share.to(int), t("{percent} % of all", percent=line.share)),
            class_name="usage-share",
        ),
        rx.el.span(format_number(line.calls, 0), class_name="usage-number tabular usage-calls"),
        rx.el.span(format_number(line.tokens, 0), class_name="usage-number tabular usage-calls"),
        rx.el.span(
            t("{count} tokens", count=format_number(line.tokens, 0)),
            class_name="usage-number tabular usage-tokens quiet",
        ),
        rx.el.span(money(line.costs, t("Unknown")), class_name="usage-number"),
        class_name="usage-row",
        data_testid="usage-row",
        data_key=line.key,
        data_calls=line.calls,
        data_tokens=line.tokens,
    )


def _name(line: Line) -> rx.Component | rx.Var:
    return rx.match(
        Usage.view,
        ("person", rx.cond(line.key == "", t("Nobody (background jobs)"), _or_gone(line, t("Person who has left")))),
        ("group", _or_gone(line, t("Group that was deleted"))),
        (
            "assistant",
            rx.cond(line.key == "", t("Without an assistant"), _or_gone(line, t("Assistant that was deleted"))),
        ),
        ("purpose", purpose(line.key)),
        line.name,
    )


def _or_gone(line: Line, gone: rx.Var[str]) -> rx.Component | rx.Var:
    # What has no name any more is called by its id.
    return rx.cond(line.name == line.key, gone, line.name)


PURPOSES: dict[CallPurpose, rx.Var[str]] = {
    "answer": t("Answers"),
    "title": t("Titles"),
    "embedding": t("Search by meaning"),
    "summary": t("Summaries"),
    "playground": t("Playground"),
    "judging": t("Judging of test cases"),
    "follow_ups": t("Questions that may follow"),
    "rewriting": t("Rewriting of questions for search"),
    "rerank": t("Ranking of what search finds"),
    "speech": t("Speech to text"),
    "describing": t("Describing of pictures"),
    "image": t("Making of pictures"),
    "test": t("Trials of models"),
}


def purpose(name: rx.Var[str]) -> rx.Component | rx.Var:
    """What calls were made for, in words."""
    return rx.match(name, *PURPOSES.items(), name)
