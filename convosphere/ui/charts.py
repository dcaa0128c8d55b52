"""Charts and amounts, in the visitor's own form of numbers."""

from typing import Any

import reflex as rx

from convosphere.ui.i18n import Value, format_day, format_money, format_month, format_number, t

_MODULE = "$/public/charts.js"


class _DayBars(rx.Component):
    library = _MODULE
    tag = "DayBars"
    lib_dependencies: list[str] = ["recharts@3.10.1"]  # noqa: RUF012  # As Reflex declares it.
    rows: rx.Var[list[dict[str, Any]]]
    unit: rx.Var[str]
    label: rx.Var[str]


class _MonthLine(rx.Component):
    library = _MODULE
    tag = "MonthLine"
    lib_dependencies: list[str] = ["recharts@3.10.1"]  # noqa: RUF012  # As Reflex declares it.
    rows: rx.Var[list[dict[str, Any]]]
    label: rx.Var[str]


def day_bars(rows: rx.Var, metric: rx.Var[str]) -> rx.Component:
    """A bar for each day, and the same as a table.

    `rows` are `{day, value}`, and `metric` says of what: `tokens`, `calls`, or a currency.
    """
    unit = rx.cond((metric == "tokens") | (metric == "calls"), rx.Var.create(""), metric)
    label = rx.cond(metric == "tokens", t("Tokens"), rx.cond(metric == "calls", t("Calls"), t("Cost")))
    chart = _DayBars.create(rows=rows, unit=unit, label=label)
    return _figure(chart, (t("Day"), label), rx.foreach(rows, lambda row: _day(row, unit)))


def month_line(rows: rx.Var, label: rx.Var[str]) -> rx.Component:
    """A line from month to month, and the same as a table; `rows` are `{day, value}` with the first day of each."""
    rows = rows.to(list[dict[str, Any]])
    chart = _MonthLine.create(rows=rows, label=label)
    return _figure(chart, (t("Month"), label), rx.foreach(rows, _month))


def value_bars(rows: rx.Var, name: rx.Var[str], value: rx.Var[str]) -> rx.Component:
    """A table whose values are bars: `rows` are `{name, value, percent}`, with the share of the largest."""
    return rx.el.table(
        rx.el.thead(rx.el.tr(rx.el.th(name, scope="col"), rx.el.th(value, scope="col")), class_name="visually-hidden"),
        rx.el.tbody(rx.foreach(rows.to(list[dict[str, Any]]), _bar)),
        class_name="value-bars",
    )


def _figure(chart: rx.Component, head: tuple[rx.Var[str], rx.Var[str]], rows: rx.Component) -> rx.Component:
    """A chart, and what it shows as a table, for copying and for those who do not see it."""
    return rx.el.figure(
        chart,
        rx.el.details(
            rx.el.summary(t("Show as a table"), class_name="quiet"),
            rx.el.table(
                rx.el.thead(rx.el.tr(*(rx.el.th(label, scope="col") for label in head))),
                rx.el.tbody(rows),
                class_name="figures",
            ),
            class_name="chart-table",
        ),
        class_name="chart-figure",
    )


def amount(value: Value, unit: rx.Var[str]) -> rx.Var[str]:
    """A number of money or of something else."""
    return rx.cond(unit != "", format_money(value, unit), format_number(value, 0))


def _day(row: rx.Var, unit: rx.Var[str]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(format_day(row["day"]), scope="row"),  # pyright: ignore[reportIndexIssue]
        rx.el.td(amount(row["value"], unit), class_name="tabular"),  # pyright: ignore[reportIndexIssue]
    )


def _month(row: rx.Var) -> rx.Component:
    return rx.el.tr(
        rx.el.th(format_month(row["day"]), scope="row"),  # pyright: ignore[reportIndexIssue]
        rx.el.td(format_number(row["value"], 0), class_name="tabular"),  # pyright: ignore[reportIndexIssue]
    )


def _bar(row: rx.Var) -> rx.Component:
    width = rx.el.span(class_name="value-bar", style={"--percent": row["percent"]}, aria_hidden="true")  # pyright: ignore[reportIndexIssue]
    return rx.el.tr(
        rx.el.th(row["name"], scope="row", dir="auto"),  # pyright: ignore[reportIndexIssue]
        rx.el.td(width, rx.el.span(format_number(row["value"], 0), class_name="tabular")),  # pyright: ignore[reportIndexIssue]
    )
