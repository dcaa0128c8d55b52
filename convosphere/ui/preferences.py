"""Choice of language and of light or dark: at once in the browser, and told to the server where asked."""

import reflex as rx
from reflex.style import color_mode, set_color_mode

from convosphere.core.i18n import LOCALE_NAMES
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import LocaleHandler, current_locale, set_locale, t
from convosphere.ui.menus import choice, choice_group, menu
from convosphere.ui.theme import COLOR_MODES, ColorMode

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


def theme_options() -> rx.Component:
    """Choices of a menu: light, dark and the system's own."""
    return choice_group(
        color_mode,
        *(
            choice(
                _mode_label(mode),
                mode,
                icon=_MODE_ICONS[mode],
                on_select=set_color_mode(mode),
                data_testid="theme-option",
                data_theme=mode,
            )
            for mode in COLOR_MODES
        ),
    )


def preference_menus(on_change: LocaleHandler | None = None) -> rx.Component:
    """Both choices as buttons side by side, for pages without a frame."""
    language = icon_button("languages", t("Language"), tooltip=False, data_testid="language-menu")
    theme = icon_button("sun-moon", t("Appearance"), tooltip=False, data_testid="theme-menu")
    return rx.el.div(
        menu(language, language_options(on_change)), menu(theme, theme_options()), class_name="preferences"
    )
