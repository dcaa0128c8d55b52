"""What narrows the list of documents besides its folder and a name: states and tags."""

from typing import cast

import reflex as rx

from convosphere.knowledge.components.status import words
from convosphere.knowledge.components.tags import SEARCH_DELAY, tag_mark
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.items import TagChoice
from convosphere.knowledge.state.list_state import STATES, DocumentListState, FilterTag
from convosphere.knowledge.state.tag_state import TagChoiceState
from convosphere.ui.buttons import button
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t

Documents = DocumentListState
Choices = TagChoiceState


def filter_menu() -> rx.Component:
    """All that can be chosen; documents with a tag are shown first, chosen again those without it."""
    return rx.popover.root(
        rx.popover.trigger(
            button(t("Filter"), icon="list-filter", on_click=Choices.look_up(""), data_testid="document-filter")
        ),
        rx.popover.content(
            rx.el.div(
                rx.el.h3(t("Status"), class_name="list-group"),
                rx.el.div(*(_state_choice(state) for state in STATES), class_name="tag-choices"),
                rx.el.h3(t("Tags"), class_name="list-group"),
                search_field(
                    t("Find a tag"), on_change=Choices.look_up.debounce(SEARCH_DELAY), data_testid="filter-tag-search"
                ),
                rx.el.div(rx.foreach(Choices.found, _tag_choice), class_name="choice-lines"),
                class_name="filter-choices",
            ),
            align="end",
        ),
    )


def filter_chips() -> rx.Component:
    """What narrows the list now, to be taken back one by one or all at once."""
    is_narrowed = (Documents.filters.tags.length() > 0) | (Documents.filters.states.length() > 0)
    join = rx.cond(Documents.filters.is_any, t("One of these tags is enough"), t("All of these tags"))
    return rx.cond(
        is_narrowed,
        rx.el.div(
            rx.foreach(Documents.filters.states, _state_chip),
            rx.foreach(Documents.filters.tags, _tag_chip),
            rx.cond(
                Documents.filters.tags.length() > 1,
                button(
                    join, weight="quiet", on_click=[Documents.join_tags(~Documents.filters.is_any), ActState.clear],
                    data_testid="filter-join",
                ),
            ),
            button(
                t("Show all"), weight="quiet", on_click=[Documents.clear_filters, ActState.clear],
                data_testid="filter-clear",
            ),
            class_name="shown-filters",
            role="group",
            aria_label=t("Filter"),
        ),
    )  # fmt: skip


def state_words(state: rx.Var[str]) -> rx.Var[str]:
    """What people tell apart of documents."""
    return words(state, ("ready", t("Ready")), ("working", t("At work")), ("failed", t("Not readable")))


def _state_choice(state: str) -> rx.Component:
    return rx.el.button(
        state_words(rx.Var.create(state)),
        type="button",
        class_name="tag-choice",
        aria_pressed=rx.cond(Documents.filters.states.contains(state), "true", "false"),
        on_click=[Documents.filter_by_state(state), ActState.clear],
        data_testid=f"filter-{state}",
    )


def _tag_choice(tag: rx.vars.ObjectVar[TagChoice]) -> rx.Component:
    return rx.el.button(
        tag_mark(tag),
        type="button",
        class_name="choice-line",
        on_click=[_filter_by(tag), ActState.clear],
        data_testid="filter-tag",
        custom_attrs={"data-tag-id": tag.id},
    )


def _tag_chip(tag: rx.vars.ObjectVar[FilterTag]) -> rx.Component:
    return rx.el.button(
        rx.cond(tag.is_without, t("without “{name}”", name=tag.name), tag.name),
        type="button",
        class_name="tag shown-filter",
        dir="auto",
        title=rx.cond(tag.is_without, t("No longer filter by it"), t("Show those without it")),
        on_click=[_filter_by(tag), ActState.clear],
        data_colour=tag.colour,
        data_testid="filter-chip",
        custom_attrs={"data-tag-id": tag.id},
    )


def _state_chip(state: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        state_words(state),
        type="button",
        class_name="tag shown-filter",
        title=t("No longer filter by it"),
        on_click=[Documents.filter_by_state(state), ActState.clear],
        data_testid="filter-chip",
    )


def _filter_by(tag: rx.vars.ObjectVar[TagChoice] | rx.vars.ObjectVar[FilterTag]) -> rx.event.EventSpec:
    chosen = {"id": tag.id, "name": tag.name, "colour": tag.colour}
    return cast("rx.event.EventSpec", Documents.filter_by_tag(chosen))  # pyright: ignore[reportArgumentType]  # Vars become texts on their way.
