"""The page of how an assistant's answers did."""

import reflex as rx

from convosphere.assistants.components.quality import quality_content
from convosphere.assistants.state.quality_state import AssistantQualityState
from convosphere.core.page_routes import ASSISTANTS, assistant
from convosphere.ui.buttons import link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import t
from convosphere.ui.layout import active_path, breadcrumb, page, page_header


def assistant_quality_page() -> rx.Component:
    """How an assistant's answers did, for who may change it."""
    shown = AssistantQualityState
    place = assistant(shown.place)  # pyright: ignore[reportArgumentType]  # As a link's address.
    is_here = (shown.place != "") & (active_path() == f"{place}/quality")
    missing = empty_state(
        t("This assistant does not exist, or you have no access to it."),
        link_button(t("All assistants"), ASSISTANTS),
        picture="lost",
    )
    name = rx.cond(is_here & (shown.name != ""), shown.name, t("Assistant"))
    return page(
        page_header(breadcrumb((t("Assistants"), ASSISTANTS), (name, place), current=t("Quality"))),
        rx.el.div(
            rx.cond(is_here, rx.cond(shown.is_missing, missing, quality_content()), skeleton_rows(6)),
            class_name="assistant-page quality-page",
        ),
    )
