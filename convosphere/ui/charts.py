"""Charts and amounts, in the visitor's own form of numbers."""

from typing import Any

import reflex as rx

from convosphere.ui.i18n import Value, format_day, format_money, format_number, t

_MODULE = "$/public/charts.js"


class _DayBars(rx.Component):
    library = _MODULE
    tag = "DayBars"
    lib_dependencies: list[str] = ["recharts@3.10.1"]  # noqa: RUF012  # As Reflex declares it.
    rows: rx.Var[list[dict[str, Any]]]
    unit: rx.Var[str]
    label: rx.Var[str]


def day_bars(rows: rx.Var, metric: rx.Var[str]) -> rx.Component:
    """A bar for each day, and the same as a table.

    `rows` are `{day, value}`, and `metric` says of what: `tokens`, `calls`, or a currency.
    """
    unit = rx.cond((metric == "tokens") | (metric == "calls"), rx.Var.create(""), metric)
    label = rx.cond(metric == "tokens", t("Tokens"), rx.cond(metric == "calls", t("Calls"), t("Cost")))
    return rx.el.figure(
        _DayBars.create(rows=rows, unit=unit, label=label),
        rx.el.details(
            rx.el.summary(t("Show as a table"), class_name="quiet"),
            rx.el.table(
                rx.el.thead(rx.el.tr(rx.el.th(t("Day"), scope="col"), rx.el.th(label, scope="col"))),
                rx.el.tbody(rx.foreach(rows, lambda row: _day(row, unit))),
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
