"""The playground of an assistant: answers side by side, and test cases with their runs."""

import reflex as rx

from convosphere.core.page_routes import ASSISTANTS, assistant, playground
from convosphere.playground.components.cases import case_section
from convosphere.playground.components.runs import run_section
from convosphere.playground.components.trying import trying
from convosphere.playground.state.playground_state import PlaygroundState
from convosphere.ui.buttons import link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import t
from convosphere.ui.layout import active_path, breadcrumb, page, page_header

Page = PlaygroundState


def playground_page() -> rx.Component:
    """For who may change the assistant; to others it is not there."""
    place = assistant(Page.place)  # pyright: ignore[reportArgumentType]  # As a link's address.
    is_here = (Page.place != "") & (active_path() == playground(Page.place))  # pyright: ignore[reportArgumentType]
    missing = empty_state(
        t("This assistant does not exist, or you have no access to it."),
        link_button(t("All assistants"), ASSISTANTS),
        picture="lost",
    )
    name = rx.cond(is_here & (Page.name != ""), Page.name, t("Assistant"))
    is_trying = Page.view == "try"
    content = rx.fragment(
        _views(),
        # Only out of sight: what is written in its fields is nowhere else.
        rx.el.div(trying(), hidden=~is_trying),
        rx.cond(is_trying, rx.fragment(), rx.el.div(case_section(), run_section(), class_name="cases")),
    )
    return page(
        page_header(breadcrumb((t("Assistants"), ASSISTANTS), (name, place), current=t("Playground"))),
        rx.el.div(
            rx.cond(is_here, rx.cond(Page.is_missing, missing, content), skeleton_rows(6)), class_name="playground"
        ),
    )


def _views() -> rx.Component:
    labels = {"try": t("Side by side"), "cases": t("Test cases")}
    return rx.el.div(
        *(
            rx.el.button(
                label, type="button", class_name="filter-chip", aria_pressed=Page.view == view,
                on_click=Page.choose_view(view), data_testid=f"playground-view-{view}",
            )
            for view, label in labels.items()
        ),
        class_name="filter-chips",
        role="group",
        aria_label=t("Playground"),
    )  # fmt: skip
