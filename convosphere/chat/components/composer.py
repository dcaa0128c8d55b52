"""The composer with its row of tools."""

import reflex as rx

from convosphere.chat.components.module import Composer
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.model_state import ModelItem, ModelState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.llm.reader.provider import READER
from convosphere.ui.i18n import t


def composer() -> rx.Component:
    """Enter sends, Shift and Enter begin a new line; while an answer is written, Send is Stop."""
    return rx.el.div(
        Composer.create(
            _model_picker(),
            place=rx.cond(TranscriptState.shown_id != "", TranscriptState.shown_id, "new"),
            busy=AnswerState.message_id != "",
            stopping=AnswerState.is_stopping,
            receipt=ConversationState.receipt,
            labels={"field": t("Write a message"), "send": t("Send"), "stop": t("Stop")},
            on_send=ConversationState.send,
            on_stop=AnswerState.stop,
        ),
        class_name="composer-place",
    )


def _model_picker() -> rx.Component:
    current = rx.cond(ModelState.chosen != "", ModelState.chosen, ModelState.default)
    name = rx.cond(current == READER.id, t("Reader"), current)
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.el.span(name, class_name="model-name"),
                rx.icon("chevron-down", size=14, aria_hidden="true"),
                type="button",
                class_name="model-button",
                aria_label=t("Model: {name}", name=name),
                data_testid="chat-model",
            )
        ),
        rx.dropdown_menu.content(rx.foreach(ModelState.models, lambda item: _model_option(item, current)), side="top"),
    )


def _model_option(item: rx.vars.ObjectVar[ModelItem], current: rx.Var[str]) -> rx.Component:
    note = rx.cond(item.is_reader, t("Quotes your documents, without a model"), item.provider)
    return rx.dropdown_menu.item(
        rx.el.span(
            rx.el.span(rx.cond(item.is_reader, t("Reader"), item.name), class_name="model-option-name"),
            rx.el.span(note, class_name="quiet"),
            class_name="model-option",
        ),
        rx.el.span(rx.cond(current == item.id, rx.icon("check", size=16, aria_hidden="true")), class_name="menu-check"),
        on_select=ModelState.choose(item.id),
        role="menuitemradio",
        aria_checked=rx.cond(current == item.id, "true", "false"),
        data_testid="model-option",
        data_model=item.id,
    )
