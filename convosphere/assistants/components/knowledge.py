"""What an assistant reads: which documents, how much of them, and what it may say beside them."""

import reflex as rx

from convosphere.assistants.components.editor_parts import choice_field, form_words
from convosphere.assistants.components.words import AMOUNTS, POLICIES, SCOPES
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.assistants.state.items import PlaceItem
from convosphere.assistants.state.places_state import AssistantPlacesState
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t

Places = AssistantPlacesState
Choice = rx.vars.ObjectVar[PlaceItem]
SEARCH_DELAY = 250
SAID_NO_MORE = AssistantState.forget_problem("knowledge")
"""What was wrong with it may be right now; saving says so if not."""


def knowledge_fields() -> list[rx.Component]:
    """The fields of the section; the list of what it reads shows only where it counts."""
    was = AssistantState.was
    return [
        choice_field(t("Documents"), "scope", was.scope, SCOPES, data_testid="assistant-knowledge"),
        rx.el.div(
            rx.el.ul(rx.foreach(Places.chosen, _chosen), class_name="document-choices", aria_label=t("Chosen")),
            search_field(
                t("Add folders, tags, collections or documents by name"),
                on_change=Places.look_up.debounce(SEARCH_DELAY),
                data_testid="assistant-document-search",
            ),
            rx.el.ul(rx.foreach(Places.found, _found), class_name="document-choices", aria_label=t("Found")),
            rx.el.p(
                t("Everybody who asks gets answers only from documents that they may see themselves."),
                class_name="quiet field-hint",
            ),
            class_name="only-chosen",
        ),
        form_words("knowledge"),
        rx.el.div(
            choice_field(t("How much of them it reads for an answer"), "amount", was.amount, AMOUNTS),
            choice_field(t("What it may say"), "citations", was.citations, POLICIES),
            class_name="field-row only-with-documents",
        ),
    ]


def _chosen(item: Choice) -> rx.Component:
    gone = rx.el.span(t("Something that you cannot see"), class_name="quiet")
    return rx.el.li(
        _kind(item),
        rx.cond(item.name != "", rx.el.span(item.name, dir="auto", class_name="choice-name"), gone),
        icon_button("x", t("Remove"), size=16, tooltip=False, on_click=[Places.remove(item.id), SAID_NO_MORE]),
        class_name="document-choice",
        data_testid="assistant-document",
        data_document_id=item.id,
    )


def _found(item: Choice) -> rx.Component:
    chosen = [Places.add(item.id), SAID_NO_MORE]
    add = button(t("Add"), icon="plus", size="1", on_click=chosen, data_testid="assistant-document-add")
    name = rx.el.span(item.name, dir="auto", class_name="choice-name")
    return rx.el.li(_kind(item), name, add, class_name="document-choice", data_name=item.name)


def _kind(item: Choice) -> rx.Component:
    icon = rx.match(
        item.kind,
        ("folder", rx.icon("folder", size=16, aria_label=t("Folder"))),
        ("tag", rx.icon("tag", size=16, aria_label=t("Tag"))),
        ("collection", rx.icon("library-big", size=16, aria_label=t("Collection"))),
        rx.icon("file-text", size=16, aria_label=t("Document")),
    )
    return rx.fragment(icon)
