"""The library of prompts, and the page of one with its editor."""

import reflex as rx

from convosphere.core.page_routes import PROMPTS, chat_with_prompt, prompt
from convosphere.prompts.components.editor import editor, history_panel
from convosphere.prompts.components.library import library, new_prompt_link, prompt_menu
from convosphere.prompts.state.editor_state import NEW, PromptState
from convosphere.ui.buttons import link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import t
from convosphere.ui.layout import active_path, breadcrumb, page, page_header
from convosphere.ui.menus import menu_item

Shown = PromptState


def prompts_page() -> rx.Component:
    """Search and rows."""
    return page(
        page_header(t("Prompts"), new_prompt_link()),
        rx.el.div(library(), class_name="prompts"),
    )


def prompt_page() -> rx.Component:
    """One prompt, to change or only to look at."""
    # The address changes at once; until the server follows, nothing may be written into what is about to go.
    is_here = active_path() == prompt(Shown.place)  # pyright: ignore[reportArgumentType]  # As a link's address.
    shown_name = rx.cond(is_here & (Shown.shown.name != ""), Shown.shown.name, t("Prompt"))
    name = rx.cond(is_here & (Shown.place == NEW), t("New prompt"), shown_name)
    missing = empty_state(
        t("This prompt does not exist, or you have no access to it."),
        link_button(t("All prompts"), PROMPTS),
        picture="lost",
    )
    return page(
        page_header(
            breadcrumb((t("Prompts"), PROMPTS), current=name), rx.cond(is_here & (Shown.shown.id != ""), _acts())
        ),
        rx.el.div(
            rx.cond(is_here, rx.cond(Shown.is_missing, missing, editor()), skeleton_rows(6)),
            class_name="prompts",
        ),
        panel=history_panel(),
    )


def _acts() -> rx.Component:
    shown = Shown.shown
    history = menu_item(t("Versions"), icon="history", on_select=Shown.open_history, data_testid="prompt-versions")
    use = rx.button(
        rx.link(
            rx.icon("message-circle", size=16, aria_hidden="true"),
            t("Use"),
            href=chat_with_prompt(shown.id),  # pyright: ignore[reportArgumentType]  # A var formats itself.
            data_testid="prompt-use",
        ),
        as_child=True,
        variant="solid",
    )
    return rx.fragment(prompt_menu(shown, rx.cond(shown.can_edit, history)), use)
