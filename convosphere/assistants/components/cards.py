"""The list of assistants as cards, with its search and filters."""

from collections.abc import Mapping

import reflex as rx

from convosphere.assistants.components.face import face
from convosphere.assistants.components.menu import assistant_menu
from convosphere.assistants.components.review import review_button
from convosphere.assistants.components.words import CATEGORY_WORDS, STATE_WORDS, state_word, word
from convosphere.assistants.state.items import AssistantItem
from convosphere.assistants.state.list_state import AssistantListState
from convosphere.core.page_routes import NEW_ASSISTANT, assistant, chat_with
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import icon_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t, tn
from convosphere.ui.lists import gradually, pager

Item = rx.vars.ObjectVar[AssistantItem]
List = AssistantListState
SEARCH_DELAY = 200
FIRST_CARDS = 12


def new_assistant_link() -> rx.Component:
    """The one act of the page."""
    link = rx.button(
        rx.link(
            rx.icon("plus", size=16, aria_hidden="true"),
            t("New assistant"),
            href=NEW_ASSISTANT,
            data_testid="assistant-new",
        ),
        as_child=True,
        variant="solid",
    )
    return rx.cond(person_may(Permission.ASSISTANT_WRITE), link)


def assistant_cards() -> rx.Component:
    """Search, filters, cards, and the ways to the pages before and behind."""
    is_narrowed = (List.text != "") | (List.whose != "") | (List.state != "") | (List.category != "")
    is_bare_gallery = (List.whose == "gallery") & (List.text == "") & (List.category == "") & (List.state == "")
    nothing = rx.cond(
        is_bare_gallery,
        empty_state(t("The gallery is empty. Publish an assistant from its menu, so that everybody finds it.")),
        empty_state(t("No assistant matches."), picture="search"),
    )
    return rx.cond(
        List.is_loaded,
        rx.fragment(
            rx.cond(is_narrowed | (List.found > 0), _filters(), review_button()),
            rx.cond(
                List.rows.length() > 0,
                rx.el.ul(
                    rx.foreach(gradually(List.rows, FIRST_CARDS), _card),
                    class_name="assistant-cards",
                    aria_label=t("Assistants"),
                ),
                rx.cond(is_narrowed, nothing, _nothing_yet()),
            ),
            pager(List.first, List.rows.length(), List.found, List.turn_page),
        ),
        skeleton_rows(6, "96px"),
    )


def _nothing_yet() -> rx.Component:
    sentence = t("There are no assistants yet. One answers as you instruct it, from the documents that you choose.")
    return empty_state(sentence, new_assistant_link(), picture="conversations")


def _filters() -> rx.Component:
    whose = {
        "": t("All"), "favourites": t("Favourites"), "mine": t("Mine"), "shared": t("From others"),
        "gallery": t("Gallery"),
    }  # fmt: skip
    orders = {"name": t("By name"), "use": t("Used most"), "changed": t("Changed last")}
    return rx.el.div(
        rx.el.div(
            search_field(
                t("Search assistants"),
                default_value=List.text,
                on_change=List.search.debounce(SEARCH_DELAY),
                data_testid="assistants-search",
            ),
            _select(t("Category"), List.category, List.narrow_category, {"": t("Any category"), **CATEGORY_WORDS}),
            _select(t("State"), List.state, List.narrow_state, {"": t("Any state"), **STATE_WORDS}),
            _select(t("Order"), List.order, List.sort_by, orders),
        ),
        rx.el.div(
            rx.el.div(
                *(_chip(key, label) for key, label in whose.items()), class_name="filter-chips", role="group",
                aria_label=t("Whose"),
            ),
            review_button(),
            rx.el.p(
                tn("{count} assistant", "{count} assistants", List.found), class_name="quiet tabular", role="status",
                data_testid="assistants-count",
            ),
        ),
        class_name="assistant-filters",
    )  # fmt: skip


def _chip(key: str, label: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="filter-chip",
        aria_pressed=rx.cond(List.whose == key, "true", "false"),
        on_click=List.narrow(key),
        data_testid="assistants-whose",
        data_value=key,
    )


def _select(
    label: rx.Var[str], value: rx.Var[str], on_change: rx.event.EventType[str], words: Mapping[str, rx.Var[str]]
) -> rx.Component:
    options = [rx.el.option(text, value=key) for key, text in words.items()]
    return rx.el.select(
        *options,
        value=value,
        on_change=on_change,
        aria_label=label,
        class_name="select",
        data_testid="assistants-select",
    )


def _card(item: Item) -> rx.Component:
    return rx.el.li(
        rx.link(
            face(item.icon, item.color, 40),
            rx.el.span(
                rx.el.span(item.name, class_name="card-name", dir="auto"),
                rx.el.span(
                    rx.cond(item.is_own, rx.cond(item.is_shared, t("Yours, shared"), t("Only yours")),
                            t("from {name}", name=item.owner)),
                    rx.cond(item.category != "", rx.fragment(" · ", word(CATEGORY_WORDS, item.category))),
                    class_name="quiet card-owner",
                ),
                class_name="card-words",
            ),
            href=assistant(item.id),  # pyright: ignore[reportArgumentType]  # A var formats itself into the text.
            underline="none",
            class_name="card-head",
            data_testid="assistant-open",
        ),
        rx.el.p(item.description, class_name="quiet card-description", dir="auto"),
        _gallery_facts(item),
        rx.el.div(
            rx.cond(item.can_ask, _chat(item)),
            rx.cond(item.state != "active", state_word(item.state)),
            rx.el.div(favourite(item, List.set_favourite(item.id, ~item.is_favourite)), assistant_menu(item),
                      class_name="card-acts"),
            class_name="card-foot",
        ),
        class_name="assistant-card",
        data_testid="assistant-card",
        data_assistant_id=item.id,
        data_name=item.name,
        data_state=item.state,
        data_published=item.is_published.to(str),
    )  # fmt: skip


def _gallery_facts(item: Item) -> rx.Component:
    answers = item.answers.to(int)
    stands = rx.el.span(rx.icon("store", size=14, aria_hidden="true"), t("In the gallery"))
    facts = rx.el.p(
        rx.cond(item.is_published, stands),
        rx.cond(item.gallery_state == "requested", rx.el.span(t("Waits for a review"))),
        rx.cond(
            answers > 0,
            rx.el.span(tn("{count} answer in 30 days", "{count} answers in 30 days", answers)),
        ),
        class_name="quiet gallery-facts",
    )
    return rx.cond(item.is_published | (item.gallery_state == "requested") | (answers > 0), facts)


def _chat(item: Item) -> rx.Component:
    link = rx.link(
        rx.icon("message-circle", size=16, aria_hidden="true"),
        t("Chat"),
        href=chat_with(item.id),  # pyright: ignore[reportArgumentType]
        data_testid="assistant-chat",
    )
    return rx.button(link, as_child=True, variant="soft", color_scheme="gray", high_contrast=True, size="2")


def favourite(item: Item, on_click: rx.event.EventType[()]) -> rx.Component:
    """A star that is full for favourites."""
    label = rx.cond(item.is_favourite, t("No longer a favourite"), t("Make it a favourite"))
    return icon_button(
        "star",
        label,
        tooltip=False,
        on_click=on_click,
        class_name="icon-button favourite",
        aria_pressed=rx.cond(item.is_favourite, "true", "false"),
        data_testid="assistant-favourite",
    )
