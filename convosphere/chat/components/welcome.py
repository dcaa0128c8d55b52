"""What an empty conversation with an assistant shows: who it is, and questions to begin with."""

import reflex as rx

from convosphere.assistants.components.face import face
from convosphere.chat.components.module import place, write_draft
from convosphere.chat.state.speaker_state import SpeakerState
from convosphere.chat.state.start_state import StartState
from convosphere.core.page_routes import TEMPLATES
from convosphere.templates.state.items import TemplateItem
from convosphere.ui.i18n import t, tn


def assistant_welcome() -> rx.Component:
    """The assistant that was chosen."""
    chosen = SpeakerState.chosen
    documents = SpeakerState.documents.to(int)
    known = tn("Answers from {count} document.", "Answers from {count} documents.", documents)
    nothing = t("You can see none of the documents that it answers from.")
    return rx.el.div(
        face(chosen.icon, chosen.color, 56),
        rx.el.h2(chosen.name, dir="auto"),
        rx.el.p(chosen.description, class_name="welcome-about", dir="auto"),
        rx.cond(documents >= 0, rx.el.p(rx.cond(documents > 0, known, nothing), class_name="quiet")),
        rx.el.div(rx.foreach(SpeakerState.starters, _starter), class_name="starters"),
        offered_templates(),
        class_name="welcome",
        data_testid="assistant-welcome",
        data_assistant_id=chosen.id,
    )


def _starter(text: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        text,
        type="button",
        class_name="starter",
        dir="auto",
        on_click=write_draft(text),
        data_testid="assistant-starter",
    )


def offered_templates() -> rx.Component:
    """Templates to begin with, for a chat that has not begun."""
    more = rx.link(t("All templates"), href=TEMPLATES, class_name="template-chip", data_testid="templates-all")
    chips = rx.el.div(
        rx.el.span(t("Begin with a template"), class_name="quiet"),
        rx.foreach(StartState.offered, _template),
        rx.cond(StartState.has_more, more),
        class_name="template-chips",
    )
    return rx.cond((place() == "") & (StartState.offered.length() > 0), chips)


def _template(item: rx.vars.ObjectVar[TemplateItem]) -> rx.Component:
    return rx.el.button(
        rx.el.span(item.name, dir="auto"),
        type="button",
        class_name="template-chip",
        title=item.description,
        on_click=StartState.start(item.id),
        data_testid="template-offer",
        data_template_id=item.id,
    )
