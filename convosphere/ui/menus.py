"""Menus that open from a button, with icons, choices and menus within."""

from typing import Any

import reflex as rx
from reflex_components_radix.themes.base import RadixThemesComponent

from convosphere.ui.buttons import Text
from convosphere.ui.theme import ICON_ROW, TONE_COLORS, Tone


class _RadioGroup(RadixThemesComponent):
    tag = "DropdownMenu.RadioGroup"
    value: rx.Var[str]


class _RadioItem(RadixThemesComponent):
    tag = "DropdownMenu.RadioItem"
    value: rx.Var[str]
    on_select: rx.EventHandler[rx.event.no_args_event_spec]


def menu(trigger: rx.Component, *items: rx.Component, **content_props: Any) -> rx.Component:
    """A menu below its trigger; the page behind it stays in use, so screen readers lose nothing."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(trigger),
        rx.dropdown_menu.content(*items, **{"align": "end", **content_props}),
        modal=False,
    )


def menu_item(label: Text, *, icon: str | None = None, tone: Tone | None = None, **props: Any) -> rx.Component:
    """An act of a menu, given as `on_select`."""
    color = {"color_scheme": TONE_COLORS[tone]} if tone else {}
    return rx.dropdown_menu.item(*_icon(icon), label, **color, **props)


def menu_separator() -> rx.Component:
    """A line between groups of acts; what destroys stands last, below one."""
    return rx.dropdown_menu.separator()


def submenu(label: Text, *items: rx.Component, icon: str | None = None, **trigger_props: Any) -> rx.Component:
    """A menu within a menu."""
    return rx.dropdown_menu.sub(
        rx.dropdown_menu.sub_trigger(*_icon(icon), label, **trigger_props),
        rx.dropdown_menu.sub_content(*items),
    )


def choice_group(value: rx.Var[str], *choices: rx.Component) -> rx.Component:
    """Choices of which exactly one holds: the one whose value is `value`."""
    return _RadioGroup.create(*choices, value=value)


def choice(label: Text | rx.Component, value: Text, *, icon: str | None = None, **props: Any) -> rx.Component:
    """One of a `choice_group`, with `on_select`."""
    return _RadioItem.create(*_icon(icon), label, value=value, **props)


def _icon(name: str | None) -> list[rx.Component]:
    return [rx.icon(name, size=ICON_ROW, aria_hidden="true")] if name else []
