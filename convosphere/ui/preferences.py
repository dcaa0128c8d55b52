"""Choice of language and of light or dark: at once in the browser, and told to the server where asked."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.style import color_mode, set_color_mode
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.core.i18n import LOCALE_NAMES
from convosphere.ui.buttons import Text, icon_button
from convosphere.ui.i18n import LocaleHandler, current_locale, set_locale, t
from convosphere.ui.menus import choice, choice_group, menu
from convosphere.ui.theme import COLOR_MODES, ColorMode

MODULE = "$/public/preferences.js"
_DENSITY_ICONS = {"comfortable": "rows-2", "compact": "rows-4"}
_MODE_ICONS: dict[ColorMode, str] = {"light": "sun", "dark": "moon", "system": "monitor"}


def _mode_label(mode: ColorMode) -> rx.Var[str]:
    labels = {"light": t("Light"), "dark": t("Dark"), "system": t("Like the system")}
    return labels[mode]


def language_options(on_change: LocaleHandler | None = None) -> rx.Component:
    """Choices of a menu, one for each language, by its own name."""
    return choice_group(
        current_locale(),
        *(
            choice(
                rx.el.span(name, lang=locale),
                locale,
                on_select=set_locale(locale, on_change),
                data_testid="language-option",
                data_locale=locale,
            )
            for locale, name in LOCALE_NAMES.items()
        ),
    )


def set_theme(mode: ColorMode, on_change: LocaleHandler | None = None) -> list[Any]:
    """What a choice of light or dark does: switch at once, then tell `on_change(mode)`."""
    return [set_color_mode(mode), *([on_change(mode)] if on_change else [])]


def theme_options(on_change: LocaleHandler | None = None) -> rx.Component:
    """Choices of a menu: light, dark and the system's own."""
    return choice_group(
        color_mode,
        *(
            choice(
                _mode_label(mode),
                mode,
                icon=_MODE_ICONS[mode],
                on_select=set_theme(mode, on_change),
                data_testid="theme-option",
                data_theme=mode,
            )
            for mode in COLOR_MODES
        ),
    )


class _PreferencesOfPerson(rx.Component):
    """Follows what is stored with the account."""

    library = MODULE
    tag = "PreferencesOfPerson"
    is_self: rx.Var[bool]
    theme: rx.Var[str]
    density: rx.Var[str]
    time_zone: rx.Var[str]


class _ZoneSelect(rx.Component):
    library = MODULE
    tag = "ZoneSelect"
    own: rx.Var[str]
    test_id: rx.Var[str]
    on_pick: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class _ZoneField(rx.Component):
    library = MODULE
    tag = "ZoneField"
    name: rx.Var[str]
    chosen: rx.Var[str]
    test_id: rx.Var[str]


preferences_of_person = _PreferencesOfPerson.create


def zone_select(name: str, on_pick: LocaleHandler, testid: str) -> rx.Component:
    """All time zones; dates in the page follow the choice at once."""
    # The words are a key of the catalogue, which the browser fills and translates.
    own = t("Like this browser ({zone})", zone="{zone}")
    return _ZoneSelect.create(id=name, own=own, test_id=testid, on_pick=on_pick)


def zone_field(name: str, chosen: rx.Var[str], testid: str) -> rx.Component:
    """All time zones as a field of a form."""
    return _ZoneField.create(id=name, name=name, chosen=chosen, test_id=testid)


def theme_choices(on_change: LocaleHandler) -> rx.Component:
    """Light, dark and the system's own, side by side."""
    rows = [(mode, _mode_label(mode), _MODE_ICONS[mode], set_theme(mode, on_change)) for mode in COLOR_MODES]
    return choice_row(t("Appearance"), "theme", color_mode, rows)


def density_choices(on_change: LocaleHandler) -> rx.Component:
    """How close rows and words stand."""
    data = VarData(imports={MODULE: [ImportVar(tag="useDensity")]}, hooks={"const density = useDensity();": None})
    current = rx.Var(_js_expr="density", _var_type=str, _var_data=data).to(str)
    labels = {"comfortable": t("Comfortable"), "compact": t("Compact")}
    switch = FunctionStringVar.create("setDensity", _var_data=VarData(imports={MODULE: [ImportVar(tag="setDensity")]}))
    rows = [
        (density, label, _DENSITY_ICONS[density], [switch.partial(density), on_change(density)])
        for density, label in labels.items()
    ]
    return choice_row(t("Density"), "density", current, rows)


def choice_row(
    label: Text, name: str, current: rx.Var[str], rows: Sequence[tuple[str, Text | rx.Component, str, list[Any]]]
) -> rx.Component:
    """Some choices of which one holds, all of them in sight: value, words, icon and what a choice does."""
    return rx.el.fieldset(
        rx.el.legend(label, class_name="field-label"),
        *(
            rx.el.label(
                rx.el.input(
                    type="radio", name=name, value=value, checked=current == value, on_change=acts,
                    data_testid=f"{name}-choice", custom_attrs={f"data-{name}": value},
                ),
                rx.icon(icon, size=16, aria_hidden="true"),
                words,
                class_name="choice",
            )
            for value, words, icon, acts in rows
        ),
        class_name="choices",
    )  # fmt: skip


def preference_menus(on_change: LocaleHandler | None = None) -> rx.Component:
    """Both choices as buttons side by side, for pages without a frame."""
    language = icon_button("languages", t("Language"), tooltip=False, data_testid="language-menu")
    theme = icon_button("sun-moon", t("Appearance"), tooltip=False, data_testid="theme-menu")
    return rx.el.div(
        menu(language, language_options(on_change)), menu(theme, theme_options()), class_name="preferences"
    )
