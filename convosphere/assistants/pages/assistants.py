"""The page of all assistants."""

import reflex as rx

from convosphere.assistants.components.cards import assistant_cards, new_assistant_link
from convosphere.assistants.components.gallery import gallery_dialogs
from convosphere.assistants.components.review import review_panel
from convosphere.ui.i18n import t
from convosphere.ui.layout import page, page_header


def assistants_page() -> rx.Component:
    """Search, filters and cards."""
    return page(
        page_header(t("Assistants"), new_assistant_link()),
        rx.el.div(assistant_cards(), gallery_dialogs(), class_name="assistants"),
        panel=review_panel(),
    )
