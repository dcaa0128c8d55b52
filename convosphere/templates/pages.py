"""The list of templates, and the page of one with its fields."""

from collections.abc import Callable

import reflex as rx

from convosphere.core.page_routes import TEMPLATES, template
from convosphere.templates.components.editor import editor
from convosphere.templates.components.library import library, new_template_link, template_menu
from convosphere.templates.components.versions import history_panel
from convosphere.templates.state.editor_state import NEW, TemplateState
from convosphere.ui.buttons import button, link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.fields import staying
from convosphere.ui.i18n import t
from convosphere.ui.layout import active_path, breadcrumb, page, page_header
from convosphere.ui.menus import menu_item

Shown = TemplateState
Start = Callable[[rx.Var[str]], rx.event.EventType[()]]


def templates_page(start: Start) -> rx.Component:
    """Search and rows; `start` begins a conversation with a template."""
    return page(
        page_header(t("Templates"), new_template_link()),
        rx.el.div(library(start), class_name="prompts"),
    )


def template_page(start: Start) -> rx.Component:
    """One template, to change or only to look at."""
    # The address changes at once; until the server follows, nothing may be written into what is about to go.
    is_here = active_path() == template(Shown.place)  # pyright: ignore[reportArgumentType]  # As a link's address.
    shown_name = rx.cond(is_here & (Shown.shown.name != ""), Shown.shown.name, t("Template"))
    name = rx.cond(is_here & (Shown.place == NEW), t("New template"), shown_name)
    missing = empty_state(
        t("This template does not exist, or you have no access to it."),
        link_button(t("All templates"), TEMPLATES),
        picture="lost",
    )
    begin = button(
        t("Begin a chat"),
        icon="message-circle-plus",
        weight="primary",
        on_click=start(Shown.shown.id),  # pyright: ignore[reportArgumentType]  # A var's text.
        data_testid="template-start",
    )
    history = menu_item(t("Versions"), icon="history", on_select=Shown.open_history, data_testid="template-versions")
    acts = rx.fragment(template_menu(Shown.shown, rx.cond(Shown.shown.can_edit, history)), begin)
    was = Shown.was
    is_changed = (Shown.documents.to_string() != was.documents.to_string()) | (
        Shown.exchanges.to_string() != was.exchanges.to_string()
    )
    form = staying(editor(), saved=Shown.shown.updated_at, is_changed=is_changed, key=Shown.place)
    return page(
        page_header(
            breadcrumb((t("Templates"), TEMPLATES), current=name), rx.cond(is_here & (Shown.shown.id != ""), acts)
        ),
        rx.el.div(
            rx.cond(is_here, rx.cond(Shown.is_missing, missing, form), skeleton_rows(6)),
            class_name="prompts",
        ),
        panel=history_panel(),
    )
