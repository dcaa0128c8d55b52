"""What stands at addresses that lead nowhere."""

import reflex as rx

from convosphere.core.page_routes import CHAT
from convosphere.ui.buttons import link_button
from convosphere.ui.feedback import empty_state
from convosphere.ui.i18n import t
from convosphere.ui.layout import page, page_header

MISSING = "404"
"""How the framework calls this page."""


def missing_page() -> rx.Component:
    """Says that there is nothing, and leads back."""
    return page(
        page_header(t("Page not found")),
        empty_state(
            t("There is nothing at this address. It may have moved, or been mistyped."),
            link_button(t("To the chat"), CHAT),
            picture="lost",
        ),
    )
