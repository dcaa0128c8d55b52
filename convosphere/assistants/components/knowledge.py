"""What an assistant reads: which documents, how much of them, and what it may say beside them."""

import reflex as rx

from convosphere.assistants.components.editor_parts import choice_field, form_words
from convosphere.assistants.components.words import AMOUNTS, POLICIES, SCOPES
from convosphere.assistants.state.documents_state import AssistantDocumentsState
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.assistants.state.items import DocumentChoice
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t

Documents = AssistantDocumentsState
Document = rx.vars.ObjectVar[DocumentChoice]
SEARCH_DELAY = 250


def knowledge_fields() -> list[rx.Component]:
    """The fields of the section; the list of documents shows only where it counts."""
    was = AssistantState.was
    return [
        choice_field(t("Documents"), "scope", was.scope, SCOPES, data_testid="assistant-knowledge"),
        rx.el.div(
            rx.el.ul(rx.foreach(Documents.chosen, _chosen), class_name="document-choices", aria_label=t("Chosen")),
            search_field(
                t("Add documents by name"),
                on_change=Documents.look_up.debounce(SEARCH_DELAY),
                data_testid="assistant-document-search",
            ),
            rx.el.ul(rx.foreach(Documents.found, _found), class_name="document-choices", aria_label=t("Found")),
            rx.el.p(
                t("Everybody who asks gets answers only from those of them that they may see themselves."),
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


def _chosen(item: Document) -> rx.Component:
    gone = rx.el.span(t("A document that you cannot see"), class_name="quiet")
    return rx.el.li(
        rx.cond(item.name != "", rx.el.span(item.name, dir="auto"), gone),
        icon_button("x", t("Remove"), size=16, tooltip=False, on_click=Documents.remove(item.id)),
        class_name="document-choice",
        data_testid="assistant-document",
        data_document_id=item.id,
    )


def _found(item: Document) -> rx.Component:
    add = button(t("Add"), icon="plus", size="1", on_click=Documents.add(item.id), data_testid="assistant-document-add")
    return rx.el.li(rx.el.span(item.name, dir="auto"), add, class_name="document-choice", data_name=item.name)
