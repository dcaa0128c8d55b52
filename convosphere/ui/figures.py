"""Figures that stand for themselves: a number with its name, amounts of money, a part of a whole."""

from typing import Any

import reflex as rx

from convosphere.ui.buttons import Text
from convosphere.ui.i18n import format_money, t


def stat(name: Text, value: rx.Component | Text, note: rx.Component | Text = "", **props: Any) -> rx.Component:
    """A number under its name."""
    return rx.el.div(
        rx.el.dt(name, class_name="quiet"),
        rx.el.dd(rx.el.span(value, class_name="stat-value tabular"), rx.el.span(note, class_name="quiet stat-note")),
        **{"class_name": "stat", "data_testid": "stat", **props},
    )


def stats(*children: rx.Component) -> rx.Component:
    """Some numbers side by side."""
    return rx.el.dl(*children, class_name="stats")


def money(costs: rx.Var, otherwise: Text | None = None) -> rx.Component:
    """Amounts `{value, currency}`, which are never added up over currencies."""
    nothing = rx.el.span(t("None") if otherwise is None else otherwise, class_name="quiet")
    rows = rx.Var.create(costs).to(list)
    return rx.cond(rows.length() > 0, rx.el.span(rx.foreach(rows, _one), class_name="money"), nothing)


def meter(
    percent: rx.Var[int], label: Text, *, is_bad: rx.Var[bool] | bool = False, is_near: rx.Var[bool] | bool = False
) -> rx.Component:
    """A part of a whole as a bar; `label` says for screen readers how much it is, and of what."""
    return rx.el.div(
        rx.el.span(style={"inline-size": f"min(100%, {percent}%)"}, class_name="meter-used"),
        role="img",
        aria_label=label,
        class_name="meter",
        data_level=rx.cond(is_bad, "bad", rx.cond(is_near, "near", "fine")),
    )


def bar_line(
    label: rx.Component | Text, value: Text, percent: rx.Var[int], part: Text, href: Text, **props: Any
) -> rx.Component:
    """A line of a list of bars: a name that leads to what it counts, how much that is, and `part` read aloud."""
    return rx.el.li(
        rx.link(label, href=href, underline="hover", class_name="bar-name", dir="auto"),
        rx.el.span(value, class_name="tabular bar-value"),
        meter(percent, part),
        **{"class_name": "bar-line", **props},
    )


def _one(cost: rx.Var) -> rx.Component:
    row = cost.to(dict)
    return rx.el.span(format_money(row["value"], row["currency"]), class_name="tabular")
