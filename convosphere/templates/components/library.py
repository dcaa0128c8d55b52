"""The list of templates, with its search and filters."""

from collections.abc import Callable

import reflex as rx

from convosphere.core.page_routes import NEW_TEMPLATE, template
from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.shell.sidebar import person_may
from convosphere.templates.schemas import OBJECT_TYPE
from convosphere.templates.state.items import TemplateItem
from convosphere.templates.state.list_state import TemplateListState
from convosphere.ui.buttons import icon_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import relative_time, t, tn
from convosphere.ui.lists import pager
from convosphere.ui.menus import menu, menu_item, menu_separator

Item = rx.vars.ObjectVar[TemplateItem]
Start = Callable[[rx.Var[str]], rx.event.EventType[()]]
List = TemplateListState
SEARCH_DELAY = 200


def new_template_link() -> rx.Component:
    """The one act of the page."""
    link = rx.link(
        rx.icon("plus", size=16, aria_hidden="true"), t("New template"), href=NEW_TEMPLATE, data_testid="template-new"
    )
    return rx.cond(person_may(Permission.TEMPLATE_WRITE), rx.button(link, as_child=True, variant="solid"))


def library(start: Start) -> rx.Component:
    """Search, filters, rows, and the ways to the pages before and behind; `start` begins a conversation with one."""
    is_narrowed = (List.text != "") | (List.whose != "")
    sentence = t("There are no templates yet. Keep how chats of one kind begin: who answers, with which documents.")
    nothing = rx.cond(
        is_narrowed,
        empty_state(t("No template matches this."), picture="search"),
        empty_state(sentence, new_template_link(), picture="conversations"),
    )
    rows = rx.el.ul(
        rx.foreach(List.rows, lambda item: _row(item, start)), class_name="prompt-rows", aria_label=t("Templates")
    )
    return rx.cond(
        List.is_loaded,
        rx.fragment(
            rx.cond(is_narrowed | (List.rows.length() > 0), _filters()),
            rx.cond(List.rows.length() > 0, rows, nothing),
            pager(List.first, List.rows.length(), List.found, List.turn_page),
        ),
        skeleton_rows(6),
    )


def template_menu(item: Item, *more: rx.Component) -> rx.Component:
    """Share and delete, for who may; `more` are items for whoever may change it."""
    share = menu_item(
        t("Share with people and groups"),
        icon="user-plus",
        on_select=SharingState.open(OBJECT_TYPE, item.id),
        data_testid="template-share",
    )
    delete = rx.fragment(
        menu_separator(),
        menu_item(
            t("Delete"), icon="trash-2", tone="bad", on_select=List.delete(item.id), data_testid="template-delete"
        ),
    )
    opener = icon_button(
        "ellipsis", t("More about “{title}”", title=item.name), size=18, tooltip=False, data_testid="template-menu"
    )
    managed = rx.cond(item.can_manage, rx.fragment(rx.cond(person_may(Permission.TEMPLATE_SHARE), share), delete))
    is_offered = (item.can_manage | item.can_edit) if more else item.can_manage
    return rx.cond(is_offered & person_may(Permission.TEMPLATE_WRITE), menu(opener, *more, managed))


def _filters() -> rx.Component:
    whose = {"": t("All"), "mine": t("Mine"), "shared": t("From others")}
    chips = [
        rx.el.button(
            label,
            type="button",
            class_name="filter-chip",
            aria_pressed=rx.cond(List.whose == key, "true", "false"),
            on_click=List.narrow(key),
            data_testid="templates-whose",
            data_value=key,
        )
        for key, label in whose.items()
    ]
    return rx.el.div(
        search_field(
            t("Search templates"), on_change=List.search.debounce(SEARCH_DELAY), data_testid="templates-search"
        ),
        rx.el.div(*chips, class_name="filter-chips", role="group", aria_label=t("Whose")),
        rx.el.p(
            tn("{count} template", "{count} templates", List.found), class_name="quiet tabular", role="status",
            data_testid="templates-count",
        ),
        class_name="prompt-filters",
    )  # fmt: skip


def _row(item: Item, start: Start) -> rx.Component:
    facts = rx.el.span(
        rx.cond(
            item.is_own,
            rx.cond(item.is_shared, t("Yours, shared"), t("Only yours")),
            t("from {name}", name=item.owner),
        ),
        " · ",
        relative_time(item.updated_at),
        class_name="quiet prompt-facts",
    )
    use = icon_button(
        "message-circle-plus",
        t("Begin a chat with it"),
        on_click=start(item.id),  # pyright: ignore[reportArgumentType]  # A var's text.
        data_testid="template-start",
    )
    return rx.el.li(
        rx.link(
            rx.el.span(rx.el.span(item.name, class_name="prompt-name", dir="auto"), class_name="prompt-title"),
            rx.cond(item.description != "", rx.el.span(item.description, class_name="prompt-description", dir="auto")),
            facts,
            href=template(item.id),  # pyright: ignore[reportArgumentType]
            underline="none",
            class_name="prompt-link",
            data_testid="template-open",
        ),
        rx.el.div(use, template_menu(item), class_name="prompt-acts"),
        class_name="prompt-row",
        data_testid="template-row",
        data_template_id=item.id,
        data_name=item.name,
    )
