"""Choice of language and of light or dark: at once in the browser, and told to the server where asked."""

import reflex as rx
from reflex.style import color_mode, set_color_mode

from convosphere.core.i18n import LOCALE_NAMES
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import LocaleHandler, current_locale, set_locale, t
from convosphere.ui.theme import COLOR_MODES, ColorMode

_MODE_ICONS: dict[ColorMode, str] = {"light": "sun", "dark": "moon", "system": "monitor"}


def _mode_label(mode: ColorMode) -> rx.Var[str]:
    labels = {"light": t("Light"), "dark": t("Dark"), "system": t("Like the system")}
    return labels[mode]


def _check(is_chosen: rx.Var[bool]) -> rx.Component:
    return rx.el.span(rx.cond(is_chosen, rx.icon("check", size=16, aria_hidden="true")), class_name="menu-check")


def _chosen(is_chosen: rx.Var[bool]) -> rx.Var[str]:
    return rx.cond(is_chosen, "true", "false")


def language_options(on_change: LocaleHandler | None = None) -> list[rx.Component]:
    """Menu items, one for each language, by its own name."""
    return [
        rx.dropdown_menu.item(
            rx.el.span(name, lang=locale),
            _check(current_locale() == locale),
            on_select=set_locale(locale, on_change),
            role="menuitemradio",
            aria_checked=_chosen(current_locale() == locale),
            data_testid="language-option",
            data_locale=locale,
        )
        for locale, name in LOCALE_NAMES.items()
    ]


def theme_options() -> list[rx.Component]:
    """Menu items for light, dark and the system's choice."""
    return [
        rx.dropdown_menu.item(
            rx.icon(_MODE_ICONS[mode], size=16, aria_hidden="true"),
            _mode_label(mode),
            _check(color_mode == mode),
            on_select=set_color_mode(mode),
            role="menuitemradio",
            aria_checked=_chosen(color_mode == mode),
            data_testid="theme-option",
            data_theme=mode,
        )
        for mode in COLOR_MODES
    ]


def language_menu(on_change: LocaleHandler | None = None) -> rx.Component:
    """A button that opens the list of languages."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(icon_button("languages", t("Language"), tooltip=False, data_testid="language-menu")),
        rx.dropdown_menu.content(*language_options(on_change), align="end"),
    )


def theme_menu() -> rx.Component:
    """A button that opens the choice of light and dark."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(icon_button("sun-moon", t("Appearance"), tooltip=False, data_testid="theme-menu")),
        rx.dropdown_menu.content(*theme_options(), align="end"),
    )


def preference_menus(on_change: LocaleHandler | None = None) -> rx.Component:
    """Both menus side by side, for pages without a frame."""
    return rx.el.div(language_menu(on_change), theme_menu(), class_name="preferences")
