"""Something that is looked up by its name and chosen."""

from collections.abc import Sequence

import reflex as rx
from reflex.event import EventCallback

from convosphere.knowledge.state.found_items import FoundItem
from convosphere.ui.buttons import button
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t

SEARCH_DELAY = 250
Found = rx.vars.ObjectVar[FoundItem]


def one_of_found(
    name: str,
    label: rx.Var[str],
    chosen: Found,
    found: rx.vars.ArrayVar[Sequence[FoundItem]],
    *,
    look_up: EventCallback[str],
    choose: EventCallback[str],
) -> rx.Component:
    """What is chosen, or the search for it; an empty choice begins the search anew. `name` begins the handles."""

    def candidate(item: Found) -> rx.Component:
        return rx.el.button(
            rx.el.span(item.name, class_name="choice-name", dir="auto"),
            type="button",
            class_name="choice-line",
            on_click=choose(item.id),
            data_testid=f"{name}-candidate",
            custom_attrs={"data-name": item.name},
        )

    picked = rx.el.div(
        rx.el.span(chosen.name, class_name="strong", dir="auto", data_testid=f"{name}-chosen"),
        button(t("Choose another"), weight="quiet", on_click=choose(""), data_testid=f"{name}-choose"),
        class_name="usage-bar",
    )
    finding = rx.el.div(
        search_field(label, size="3", on_change=look_up.debounce(SEARCH_DELAY), data_testid=f"{name}-find"),
        rx.el.div(rx.foreach(found, candidate), class_name="choice-lines"),
    )
    return rx.cond(chosen.id != "", picked, finding)
