"""What narrows the list of documents besides its folder and a name."""

from collections.abc import Callable
from typing import cast

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.knowledge.classes import AGES, SIZES
from convosphere.knowledge.components.status import age_words, language_words, size_words, state_words, words
from convosphere.knowledge.components.tags import SEARCH_DELAY, tag_mark
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.collection_state import CollectionState
from convosphere.knowledge.state.facet_state import FacetItem, FacetState
from convosphere.knowledge.state.filter_items import (
    FAVOURITES,
    REVIEW_DUE,
    STATES,
    UNCITED,
    UNCITED_LATELY,
    UNTAGGED,
    FilterOwner,
    FilterTag,
)
from convosphere.knowledge.state.items import TagChoice
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.knowledge.state.tag_state import TagChoiceState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import format_full_day, t

Documents = DocumentListState
Choices = TagChoiceState
Facets = FacetState
Filters = DocumentListState.filters
_STATES = [rx.Var.create(state) for state in STATES]
_MARKS = [rx.Var.create(mark) for mark in (FAVOURITES, UNTAGGED, UNCITED, UNCITED_LATELY)]
_REVIEW = rx.Var.create(REVIEW_DUE)
_SIZES = [rx.Var.create(size) for size in SIZES]
_AGES = [rx.Var.create(age) for age in AGES]


def filter_menu() -> rx.Component:
    """All that can be chosen; documents with a tag are shown first, chosen again those without it."""
    return rx.popover.root(
        rx.popover.trigger(button(t("Filter"), icon="list-filter", data_testid="document-filter")),
        rx.popover.content(
            rx.el.div(
                _group(t("Status"), *(_value("states", state, state_words(state)) for state in _STATES)),
                _group(
                    t("Marks"),
                    *(_value("marks", mark, mark_words(mark)) for mark in _MARKS),
                    _value("marks", _REVIEW, mark_words(_REVIEW), Facets.review_due),
                ),
                rx.cond(Facets.kinds.length() > 0, _group(t("Kind"), rx.foreach(Facets.kinds, _kind))),
                rx.cond(Facets.languages.length() > 0, _group(t("Language"), rx.foreach(Facets.languages, _language))),
                rx.cond(Facets.authors.length() > 0, _group(t("Author"), rx.foreach(Facets.authors, _author))),
                _days(),
                _group(t("Size"), *(_value("sizes", size, size_words(size)) for size in _SIZES)),
                _group(t("Age"), *(_value("ages", age, age_words(age)) for age in _AGES)),
                rx.cond(Facets.owners.length() > 1, _group(t("Owner"), rx.foreach(Facets.owners, _owner))),
                rx.el.h3(t("Tags"), class_name="list-group"),
                search_field(
                    t("Find a tag"), on_change=Choices.look_up.debounce(SEARCH_DELAY), data_testid="filter-tag-search"
                ),
                rx.el.div(rx.foreach(Choices.found, _tag_choice), class_name="choice-lines"),
                class_name="filter-choices",
                on_mount=[Choices.look_up(""), Facets.load],
            ),
            align="end",
            aria_label=t("Filter"),
            class_name="filter-popover",
        ),
    )


def is_filtered() -> rx.Var[bool]:
    """Whether anything narrows the list besides its folder and a name."""
    parts = (
        Filters.tags, Filters.states, Filters.kinds, Filters.languages, Filters.authors, Filters.sizes, Filters.ages,
        Filters.causes, Filters.owners, Filters.marks,
    )  # fmt: skip
    found = (Filters.dated_from != "") | (Filters.dated_until != "")
    for part in parts:
        found = found | (part.length() > 0)
    return found


def filter_chips() -> rx.Component:
    """What narrows the list now, to be taken back one by one or all at once, and kept as a collection."""
    join = rx.cond(Filters.is_any, t("One of these tags is enough"), t("All of these tags"))
    return rx.cond(
        is_filtered() | (Filters.collection.id != "") | (Documents.text != ""),
        rx.el.div(
            rx.foreach(Filters.states, lambda each: _chip("states", each, state_words(each))),
            rx.foreach(Filters.marks, lambda each: _chip("marks", each, mark_words(each))),
            rx.foreach(Filters.kinds, lambda each: _chip("kinds", each, each)),
            rx.foreach(Filters.languages, lambda each: _chip("languages", each, language_words(each))),
            rx.foreach(Filters.authors, lambda each: _chip("authors", each, t("by {name}", name=each))),
            _days_chip(),
            rx.foreach(Filters.sizes, lambda each: _chip("sizes", each, size_words(each))),
            rx.foreach(Filters.ages, lambda each: _chip("ages", each, age_words(each))),
            rx.foreach(Filters.causes, lambda each: _chip("causes", each, t("Not readable for the same reason"))),
            rx.foreach(Filters.owners, _owner_chip),
            rx.foreach(Filters.tags, _tag_chip),
            rx.cond(
                Filters.tags.length() > 1,
                button(
                    join, weight="quiet", on_click=[Documents.join_tags(~Filters.is_any), ActState.clear],
                    data_testid="filter-join",
                ),
            ),
            button(
                t("Show all"), weight="quiet", on_click=[Documents.clear_filters, ActState.clear],
                data_testid="filter-clear",
            ),
            rx.cond(person_may(Permission.ACCOUNT_WRITE), _keep()),
            class_name="shown-filters",
            role="group",
            aria_label=t("Filter"),
        ),
    )  # fmt: skip


def mark_words(mark: rx.Var[str]) -> rx.Var[str]:
    """What a person marked, or nobody."""
    return words(
        mark, (FAVOURITES, t("Favourites")), (UNTAGGED, t("Without a tag")), (REVIEW_DUE, t("Review due")),
        (UNCITED, t("Never cited")), (UNCITED_LATELY, t("Not cited for 90 days")),
    )  # fmt: skip


def _keep() -> rx.Component:
    """What is shown, under a name."""
    shown = Filters.collection
    save = button(
        t("Save in “{name}”", name=shown.name), icon="save", weight="quiet", on_click=CollectionState.save_changes,
        data_testid="collection-save-changes",
    )  # fmt: skip
    new = button(
        t("Save as a collection"), icon="library-big", weight="quiet", on_click=CollectionState.ask("new", ""),
        data_testid="collection-new",
    )  # fmt: skip
    return rx.fragment(
        rx.cond(shown.can_edit & shown.is_changed, save), rx.cond((shown.id == "") | shown.is_changed, new)
    )


def _group(title: rx.Var[str], *choices: rx.Component) -> rx.Component:
    return rx.fragment(
        rx.el.h3(title, class_name="list-group"), rx.el.div(*choices, class_name="tag-choices filter-values")
    )


def _kind(facet: rx.vars.ObjectVar[FacetItem]) -> rx.Component:
    return _value("kinds", facet.key, facet.key, facet.count)


def _language(facet: rx.vars.ObjectVar[FacetItem]) -> rx.Component:
    return _value("languages", facet.key, language_words(facet.key), facet.count)


def _author(facet: rx.vars.ObjectVar[FacetItem]) -> rx.Component:
    return _value("authors", facet.key, facet.key, facet.count)


def _days() -> rx.Component:
    """From which day to which one."""
    first, last = Filters.dated_from, Filters.dated_until
    return _group(
        t("Date"),
        _day(t("From"), "filter-from", first, lambda day: Documents.filter_by_days(day, last)),
        _day(t("Up to"), "filter-until", last, lambda day: Documents.filter_by_days(first, day)),
    )


def _day(
    label: rx.Var[str], testid: str, value: rx.Var[str], chosen: Callable[[rx.Var[str]], rx.event.EventType[()]]
) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="quiet"),
        rx.el.input(
            type="date", value=value, on_change=[chosen, lambda _: ActState.clear()], class_name="select",
            data_testid=testid,
        ),
        class_name="filter-day",
    )  # fmt: skip


def _days_chip() -> rx.Component:
    first, last = Filters.dated_from, Filters.dated_until
    label = rx.cond(
        first == "", t("up to {day}", day=format_full_day(last)),
        rx.cond(
            last == "", t("since {day}", day=format_full_day(first)),
            t("{first} to {last}", first=format_full_day(first), last=format_full_day(last)),
        ),
    )  # fmt: skip
    removed = cast("rx.event.EventSpec", Documents.filter_by_days("", ""))
    return rx.cond((first != "") | (last != ""), _removable(label, removed))


def _value(part: str, key: rx.Var[str], label: rx.Var[str], count: rx.Var[int] | None = None) -> rx.Component:
    chosen: rx.vars.ArrayVar[list[str]] = getattr(Filters, part)
    turned = cast("rx.event.EventSpec", Documents.filter_by(part, key))
    return _choice(label, count, chosen.contains(key), turned, {"testid": f"filter-{part}", "value": key})


def _owner(facet: rx.vars.ObjectVar[FacetItem]) -> rx.Component:
    chosen = Filters.owners.to(list[FilterOwner]).contains(facet.key, "id")
    turned = _by_owner(facet.key, facet.name)
    return _choice(facet.name, facet.count, chosen, turned, {"testid": "filter-owners", "value": facet.key})


def _choice(
    label: rx.Var[str],
    count: rx.Var[int] | None,
    is_chosen: rx.Var[bool],
    turned: rx.event.EventSpec,
    data: dict[str, rx.Var[str] | str],
) -> rx.Component:
    return rx.el.button(
        label,
        *([rx.el.span(count, class_name="quiet tabular")] if count is not None else []),
        type="button",
        class_name="tag-choice",
        dir="auto",
        aria_pressed=rx.cond(is_chosen, "true", "false"),
        on_click=[turned, ActState.clear],
        custom_attrs={f"data-{name}": value for name, value in data.items()},
    )


def _tag_choice(tag: rx.vars.ObjectVar[TagChoice]) -> rx.Component:
    return rx.el.button(
        tag_mark(tag),
        type="button",
        class_name="choice-line",
        on_click=[_by_tag(tag), ActState.clear],
        data_testid="filter-tag",
        custom_attrs={"data-tag-id": tag.id},
    )


def _tag_chip(tag: rx.vars.ObjectVar[FilterTag]) -> rx.Component:
    name = rx.cond(tag.name == "", t("a tag that you cannot see"), tag.name)
    return rx.el.button(
        rx.cond(tag.is_without, t("without “{name}”", name=name), name),
        type="button",
        class_name="tag shown-filter",
        dir="auto",
        title=rx.cond(tag.is_without, t("No longer filter by it"), t("Show those without it")),
        on_click=[_by_tag(tag), ActState.clear],
        data_colour=tag.colour,
        data_testid="filter-chip",
        custom_attrs={"data-tag-id": tag.id},
    )


def _owner_chip(owner: rx.vars.ObjectVar[FilterOwner]) -> rx.Component:
    return _removable(t("from {name}", name=owner.name), _by_owner(owner.id, owner.name))


def _chip(part: str, value: rx.Var[str], label: rx.Var[str]) -> rx.Component:
    return _removable(label, cast("rx.event.EventSpec", Documents.filter_by(part, value)))


def _removable(label: rx.Var[str], removed: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="tag shown-filter",
        dir="auto",
        title=t("No longer filter by it"),
        on_click=[removed, ActState.clear],
        data_testid="filter-chip",
    )


def _by_tag(tag: rx.vars.ObjectVar[TagChoice] | rx.vars.ObjectVar[FilterTag]) -> rx.event.EventSpec:
    chosen = {"id": tag.id, "name": tag.name, "colour": tag.colour}
    return cast("rx.event.EventSpec", Documents.filter_by_tag(chosen))  # pyright: ignore[reportArgumentType]  # Vars become texts on their way.


def _by_owner(key: rx.Var[str], name: rx.Var[str]) -> rx.event.EventSpec:
    return cast("rx.event.EventSpec", Documents.filter_by_owner({"id": key, "name": name}))  # pyright: ignore[reportArgumentType]  # As above.
