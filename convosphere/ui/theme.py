"""Design tokens and how the browser gets them; every measure and colour of the product has its name here.

Colours are Radix Themes' scales, which turn with light and dark. The rules that need more than a prop stand in
`assets/*.css` and use the same names.
"""

from typing import Any, Final, Literal

import reflex as rx
from reflex_components_radix.plugin import RadixThemesPlugin

ColorMode = Literal["light", "dark", "system"]
COLOR_MODES: Final[tuple[ColorMode, ...]] = ("light", "dark", "system")

STYLESHEETS: Final = [
    "/base.css",
    "/sidebar.css",
    "/page.css",
    "/sections.css",
    "/people.css",
    "/rights.css",
    "/feedback.css",
    "/forms.css",
    "/factors.css",
    "/devices.css",
    "/prose.css",
    "/passage.css",
    "/artifact.css",
    "/chat.css",
    "/home.css",
    "/branches.css",
    "/company.css",
    "/composer.css",
    "/attachments.css",
    "/gauge.css",
    "/rating.css",
    "/conversations.css",
    "/panes.css",
    "/filing.css",
    "/life.css",
    "/transfer.css",
    "/palette.css",
    "/upload.css",
    "/documents.css",
    "/document.css",
    "/chunking.css",
    "/preview.css",
    "/assistants.css",
    "/offers.css",
    "/playground.css",
    "/prompts.css",
    "/account.css",
    "/audit.css",
    "/usage.css",
    "/notifications.css",
    "/models.css",
    "/density.css",
    "/touch.css",
]
# The scales in use. Radix's own stylesheet holds all 31 of them, which is a third of its weight.
COLOR_SCALES: Final = ("amber", "gray", "green", "indigo", "red", "slate")

# Lengths of the frame and of reading.
SIDEBAR_WIDTH: Final = "272px"
HEADER_HEIGHT: Final = "52px"
PANEL_WIDTH: Final = "440px"
CHAT_WIDTH: Final = "760px"
FORM_WIDTH: Final = "560px"
PROSE_WIDTH: Final = "72ch"
ROW_HEIGHT: Final = "44px"
LIST_ROW_HEIGHT: Final = "36px"
PHONE: Final = "700px"
TABLET: Final = "900px"

# Steps of the 4 px grid by what they part.
GAP_CONTROLS: Final = "12px"
GAP_CARD: Final = "16px"
GAP_SECTIONS: Final = "24px"
GAP_TITLE: Final = "40px"

# Icons, in pixels.
ICON_ROW: Final = 16
ICON_BAR: Final = 18

# Colours by what they mean.
HAIRLINE: Final = "1px solid var(--gray-a4)"
TEXT: Final = "var(--gray-12)"
TEXT_QUIET: Final = "var(--gray-11)"
SURFACE: Final = "var(--color-background)"
SURFACE_RAISED: Final = "var(--color-panel-solid)"
SURFACE_SOFT: Final = "var(--gray-a3)"
ACCENT: Final = "var(--accent-9)"
ACCENT_SOFT: Final = "var(--accent-a3)"
FLOATING_SHADOW: Final = "var(--floating-shadow)"

Tone = Literal["neutral", "accent", "good", "attention", "bad"]
TONE_COLORS: Final[dict[Tone, Literal["gray", "indigo", "green", "amber", "red"]]] = {
    "neutral": "gray",
    "accent": "indigo",
    "good": "green",
    "attention": "amber",
    "bad": "red",
}


class ThemePlugin(RadixThemesPlugin):
    """Radix Themes with the product's tokens, and only the parts of its files that are used.

    The framework's own plugin also bundles the whole library for components made at run time, of which there are
    none here: without that the bundler drops what no page uses.
    """

    def get_stylesheet_paths(self, **_context: Any) -> tuple[str, ...]:  # The framework's signature.
        """The scales in use, the tokens that refer to them, then components and utilities; the order counts."""
        scales = (f"@radix-ui/themes/tokens/colors/{scale}.css" for scale in COLOR_SCALES)
        return (
            *scales,
            "@radix-ui/themes/tokens/base.css",
            "@radix-ui/themes/components.css",
            "@radix-ui/themes/utilities.css",
        )

    def get_frontend_dependencies(self, **_context: Any) -> tuple[str, ...]:  # The framework's signature.
        """None beyond what the components themselves import."""
        return ()


def theme_plugin() -> RadixThemesPlugin:
    """What `rxconfig.py` lists among its plugins."""
    return ThemePlugin(
        theme=rx.theme(
            accent_color="indigo",
            gray_color="slate",
            radius="large",
            panel_background="solid",
            scaling="100%",
        )
    )
