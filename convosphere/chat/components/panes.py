"""Several chats in one window, and who is asked the same."""

import reflex as rx

from convosphere.chat.components.models import current_model, model_name
from convosphere.chat.components.pane_module import CompareForm, PaneReport, Panes, Together, add_pane, step_pane
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.model_state import ModelState
from convosphere.chat.state.panes_state import PanesState
from convosphere.chat.state.speaker_state import SpeakerState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t


def panes() -> rx.Component:
    """All of them, and the dialog that begins a comparison."""
    labels = {
        "panes": t("Panes"),
        "fresh": t("New chat"),
        "busy": t("The answer is being written"),
        "keep": t("Go on with this"),
        "whole": t("Show alone"),
        "close": t("Close this pane"),
        "edge": t("Width of the panes"),
        "land": t("Show it here"),
        "filesStay": t("Files go to one chat only, so only that one was asked."),
    }
    return rx.fragment(
        Panes.create(labels=labels, on_keep=PanesState.keep_one, on_compare=PanesState.compare(True)),
        _comparison(),
    )


def pane_acts() -> rx.Component:
    """What stands in the head of their page."""
    return rx.fragment(
        Together.create(label=t("Ask all"), help=t("What you ask in one pane is asked in all of them.")),
        button(t("Compare"), icon="scale", on_click=PanesState.compare(True), data_testid="compare-open"),
        icon_button("plus", t("New pane beside"), on_click=add_pane(), data_testid="pane-add"),
        rx.el.button(
            t("Previous pane"), type="button", tab_index=-1, class_name="visually-hidden", on_click=step_pane(-1),
            data_testid="pane-previous",
        ),
        rx.el.button(
            t("Next pane"), type="button", tab_index=-1, class_name="visually-hidden", on_click=step_pane(1),
            data_testid="pane-next",
        ),
    )  # fmt: skip


def pane_report(is_here: rx.Var[bool]) -> rx.Component:
    """What a chat tells the window that it is a pane of."""
    return PaneReport.create(
        title=rx.cond(is_here, TranscriptState.title, ""),
        speaker=rx.cond(SpeakerState.chosen.name != "", SpeakerState.chosen.name, model_name(current_model())),
        busy=AnswerState.message_id != "",
    )


def _comparison() -> rx.Component:
    labels = {
        "help": t("Choose two to four. Each answers in a pane of its own, and you go on with the one you like best."),
        "search": t("Search models and assistants"),
        "favourites": t("Favourites"),
        "models": t("Models"),
        "assistants": t("Assistants"),
        "begin": t("Compare"),
        "reader": t("Reader"),
        "readerNote": t("Quotes your documents, without a model"),
    }
    form = CompareForm.create(
        labels=labels, models=ModelState.models, favourites=ModelState.favourites, assistants=SpeakerState.found,
        on_look_up=SpeakerState.look_up, on_done=PanesState.compare(False),
    )  # fmt: skip
    return dialog(t("Ask several at once"), form, open=PanesState.is_comparing, on_open_change=PanesState.compare)
