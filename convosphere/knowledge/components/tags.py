"""Tags as they are shown, and as they are chosen for documents."""

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.items import TagChoice
from convosphere.knowledge.state.tag_state import TagChoiceState
from convosphere.shell.sidebar import person_may
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t

Choices = TagChoiceState
SEARCH_DELAY = 200


def tag_mark(tag: rx.vars.ObjectVar[TagChoice]) -> rx.Component:
    """A tag beside a document: its name with its colour."""
    return rx.el.span(tag.name, class_name="tag", dir="auto", data_colour=tag.colour, data_testid="document-tag")


def tag_chooser(*, with_new: bool) -> rx.Component:
    """A tag for the documents that were asked about; `with_new` also one that is made of what is typed."""
    create = rx.el.button(
        rx.icon("plus", size=16, aria_hidden="true"),
        rx.el.span(t("Make the tag “{name}”", name=Choices.typed), class_name="choice-name", dir="auto"),
        type="button",
        class_name="choice-line",
        on_click=Choices.create,
        data_testid="tag-create",
    )
    return rx.el.div(
        search_field(t("Find a tag"), on_change=Choices.look_up.debounce(SEARCH_DELAY), data_testid="tag-search"),
        rx.el.div(
            rx.foreach(Choices.found, _choice),
            *([rx.cond(Choices.is_new & person_may(Permission.DOCUMENT_WRITE), create)] if with_new else []),
            class_name="choice-lines",
        ),
    )


def _choice(tag: rx.vars.ObjectVar[TagChoice]) -> rx.Component:
    return rx.el.button(
        tag_mark(tag),
        type="button",
        class_name="choice-line",
        on_click=BulkState.begin({"tag_id": tag.id}),  # pyright: ignore[reportArgumentType]  # Vars become texts on their way.
        data_testid="tag-choice",
        custom_attrs={"data-tag-id": tag.id},
    )
