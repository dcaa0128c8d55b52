"""The list of prompts, with its search and filters."""

import reflex as rx

from convosphere.core.page_routes import NEW_PROMPT, chat_with_prompt, prompt
from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.prompts.state.items import PromptItem
from convosphere.prompts.state.list_state import PromptListState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import icon_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import relative_time, t, tn
from convosphere.ui.lists import pager
from convosphere.ui.menus import menu, menu_item, menu_separator

Item = rx.vars.ObjectVar[PromptItem]
List = PromptListState
SEARCH_DELAY = 200


def new_prompt_link() -> rx.Component:
    """The one act of the page."""
    link = rx.link(
        rx.icon("plus", size=16, aria_hidden="true"), t("New prompt"), href=NEW_PROMPT, data_testid="prompt-new"
    )
    return rx.cond(person_may(Permission.PROMPT_WRITE), rx.button(link, as_child=True, variant="solid"))


def library() -> rx.Component:
    """Search, filters, rows, and the ways to the pages before and behind."""
    is_narrowed = (List.text != "") | (List.whose != "")
    sentence = t("There are no prompts yet. Keep what you ask again and again, with gaps for what changes.")
    nothing = rx.cond(
        is_narrowed,
        empty_state(t("No prompt matches."), picture="search"),
        empty_state(sentence, new_prompt_link(), picture="conversations"),
    )
    rows = rx.el.ul(rx.foreach(List.rows, _row), class_name="prompt-rows", aria_label=t("Prompts"))
    return rx.cond(
        List.is_loaded,
        rx.fragment(
            rx.cond(is_narrowed | (List.rows.length() > 0), _filters()),
            rx.cond(List.rows.length() > 0, rows, nothing),
            pager(List.first, List.rows.length(), List.found, List.turn_page),
        ),
        skeleton_rows(6),
    )


def prompt_menu(item: Item, *more: rx.Component) -> rx.Component:
    """Duplicate, share, delete, for who may; `more` stands above."""
    share = menu_item(
        t("Share with people and groups"),
        icon="user-plus",
        on_select=SharingState.open("prompt", item.id),
        data_testid="prompt-share",
    )
    delete = rx.fragment(
        menu_separator(),
        menu_item(t("Delete"), icon="trash-2", tone="bad", on_select=List.delete(item.id), data_testid="prompt-delete"),
    )
    duplicate = menu_item(
        t("Duplicate"), icon="copy", on_select=List.duplicate(item.id), data_testid="prompt-duplicate"
    )
    opener = icon_button(
        "ellipsis", t("More about “{title}”", title=item.name), size=18, tooltip=False, data_testid="prompt-menu"
    )
    offered = menu(
        opener,
        *more,
        duplicate,
        rx.cond(item.can_manage & person_may(Permission.PROMPT_SHARE), share),
        rx.cond(item.can_manage, delete),
    )
    return rx.cond(person_may(Permission.PROMPT_WRITE), offered)


def _filters() -> rx.Component:
    whose = {"": t("All"), "mine": t("Mine"), "shared": t("From others")}
    chips = [
        rx.el.button(
            label,
            type="button",
            class_name="filter-chip",
            aria_pressed=rx.cond(List.whose == key, "true", "false"),
            on_click=List.narrow(key),
            data_testid="prompts-whose",
            data_value=key,
        )
        for key, label in whose.items()
    ]
    return rx.el.div(
        search_field(
            t("Search prompts"),
            default_value=List.text,
            on_change=List.search.debounce(SEARCH_DELAY),
            data_testid="prompts-search",
        ),
        rx.el.div(*chips, class_name="filter-chips", role="group", aria_label=t("Whose")),
        rx.el.p(
            tn("{count} prompt", "{count} prompts", List.found), class_name="quiet tabular", role="status",
            data_testid="prompts-count",
        ),
        class_name="prompt-filters",
    )  # fmt: skip


def _row(item: Item) -> rx.Component:
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
        "message-circle",
        t("Use in a new chat"),
        on_click=rx.redirect(chat_with_prompt(item.id)),  # pyright: ignore[reportArgumentType]  # A var's text.
        data_testid="prompt-use",
    )
    return rx.el.li(
        rx.link(
            rx.el.span(
                rx.el.span(item.name, class_name="prompt-name", dir="auto"),
                rx.el.code("/", item.command, class_name="prompt-command"),
                class_name="prompt-title",
            ),
            rx.cond(item.description != "", rx.el.span(item.description, class_name="prompt-description", dir="auto")),
            facts,
            href=prompt(item.id),  # pyright: ignore[reportArgumentType]
            underline="none",
            class_name="prompt-link",
            data_testid="prompt-open",
        ),
        rx.el.div(use, prompt_menu(item), class_name="prompt-acts"),
        class_name="prompt-row",
        data_testid="prompt-row",
        data_prompt_id=item.id,
        data_name=item.name,
    )
