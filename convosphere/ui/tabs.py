"""Sides of one thing, of which one is shown."""

import reflex as rx


def tab_list(*tabs: rx.Component) -> rx.Component:
    """`tab`s in a row."""
    return rx.el.div(*tabs, role="tablist", class_name="tabs")


def tab(
    label: rx.Var[str], *, is_selected: rx.Var[bool], on_click: rx.event.EventType[()], testid: str
) -> rx.Component:
    """What one side is called."""
    return rx.el.button(
        label,
        type="button",
        role="tab",
        aria_selected=rx.cond(is_selected, "true", "false"),
        class_name="tab",
        on_click=on_click,
        data_testid=testid,
    )
