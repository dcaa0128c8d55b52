"""Questions and answers as they are read."""

import reflex as rx

from convosphere.assistants.components.face import face
from convosphere.chat.components.branches import (
    answer_menu,
    branch_nav,
    effort,
    elapsed,
    growing_thoughts,
    thoughts,
)
from convosphere.chat.components.files import question_files
from convosphere.chat.components.gauge import memory_mark, ways_on
from convosphere.chat.components.models import model_name
from convosphere.chat.components.module import CopyButton
from convosphere.chat.components.parameters import made_with
from convosphere.chat.components.questions import question
from convosphere.chat.components.rating import rating
from convosphere.chat.components.reading import read_aloud
from convosphere.chat.schemas import Speaker
from convosphere.chat.state.answer_state import AnswerState, GrowingState
from convosphere.chat.state.artifact_state import ArtifactState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.items import MessageItem
from convosphere.chat.state.passage_state import PassageState
from convosphere.chat.state.shared_state import SharedState
from convosphere.llm.reader.provider import READER
from convosphere.shell.state import FrameState
from convosphere.ui.brand import mark
from convosphere.ui.buttons import button, message_act
from convosphere.ui.feedback import notice
from convosphere.ui.i18n import exact_time, t, t_message
from convosphere.ui.markdown import markdown
from convosphere.ui.memo import memo_by_content

Spoken = rx.vars.ObjectVar[Speaker]
# There is room for one panel.
_ON_CITE = [PassageState.open, ArtifactState.close]
_ON_ARTIFACT = [ArtifactState.open, PassageState.close]


def message(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    """One message. An answer that begins or ends draws none of those above it anew, however many there are."""
    return rx.fragment(memory_mark(message=item.id), _message(item=item), key=item.id)


@memo_by_content
def _message(item: rx.Var[MessageItem]) -> rx.Component:
    shown: rx.vars.ObjectVar[MessageItem] = item.to(MessageItem)
    answer = rx.fragment(rx.cond(shown.is_switched, _switch(shown)), _answer(shown))
    return rx.cond(shown.role == "user", rx.fragment(question_files(shown), question(shown)), answer)


def growing_answer() -> rx.Component:
    """The answer that is being written."""
    has_text = (GrowingState.chapters.length() > 0) | (GrowingState.blocks.length() > 0) | (GrowingState.tail != "")
    return rx.cond(
        AnswerState.message_id != "",
        rx.el.article(
            _picture(GrowingState.speaker),
            rx.el.div(
                _speaker_name(GrowingState.speaker),
                growing_thoughts(),
                rx.el.div(
                    rx.cond(has_text, _growing_text(), rx.fragment(_pulse(), _place_in_line())),
                    data_testid="message-text",
                ),
                elapsed(),
                class_name="answer-body",
            ),
            class_name="answer",
            aria_busy="true",
            data_testid="message",
            data_role="assistant",
            data_status="streaming",
            data_message_id=AnswerState.message_id,
        ),
    )


def _growing_text() -> rx.Component:
    def block(text: rx.Var[str], place: rx.Var[int]) -> rx.Component:
        return markdown(text, citations=GrowingState.citations, on_cite=_ON_CITE, place=place)

    # One list, in which each keeps its place: what is finished or becomes part of a chapter is not drawn anew.
    growing = rx.Var.create([GrowingState.tail + GrowingState.tip]).to(list[str])
    return rx.fragment(rx.foreach(GrowingState.chapters + GrowingState.blocks + growing, block))


def _pulse() -> rx.Component:
    dots = [rx.el.span() for _ in range(3)]
    return rx.el.span(*dots, class_name="pulse", role="status", aria_label=t("The answer is being written"))


def _place_in_line() -> rx.Component:
    """Where the question stands, if it has to wait for its turn."""
    place = rx.el.p(t_message(GrowingState.waiting), class_name="quiet answer-note", data_testid="message-waiting")
    return rx.el.div(rx.cond(t_message(GrowingState.waiting) != "", place), role="status")


def _answer(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    speaker: Spoken = item.speaker  # pyright: ignore[reportAssignmentType]  # On a var it is one.
    return rx.el.article(
        _picture(speaker),
        rx.el.div(
            _speaker_name(speaker),
            thoughts(item),
            rx.el.div(
                markdown(item.text, citations=item.citations, on_cite=_ON_CITE, on_artifact=_ON_ARTIFACT),
                data_testid="message-text",
            ),
            _outcome(item),
            rx.cond(t_message(item.switch_note) != "", _switch_note(item)),
            _acts(item),
            class_name="answer-body",
        ),
        class_name="answer",
        data_testid="message",
        data_role="assistant",
        data_status=item.status,
        data_assistant_id=item.assistant_id,
        data_message_id=item.id,
    )


def _switch_note(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    """That another model answered than the one that was asked, and why."""
    return rx.el.p(t_message(item.switch_note), class_name="quiet answer-note", data_testid="message-switch-note")


def _outcome(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    """What to say of an answer that is not whole."""

    again = button(
        t("Try again"),
        icon="rotate-cw",
        size="1",
        class_name="only-at-end",
        on_click=ConversationState.retry(item.id, ""),
        data_testid="message-retry",
    )
    go_on = button(
        t("Continue"),
        icon="play",
        size="1",
        class_name="only-at-end",
        on_click=ConversationState.resume(item.id),
        data_testid="message-continue",
    )
    failed = notice(t_message(item.error), rx.cond(item.text != "", go_on), again, data_testid="message-error")
    too_long = notice(t_message(item.error), *ways_on(item), data_testid="message-error")
    interrupted = t("The answer was interrupted. What had been written is kept.")
    return rx.fragment(
        rx.match(
            item.status,
            ("failed", rx.cond(item.is_context_full, too_long, failed)),
            ("interrupted", notice(interrupted, go_on, again, data_testid="message-error")),
            ("stopped", rx.el.p(t("Stopped."), " ", go_on, class_name="quiet answer-note")),
            rx.fragment(),
        )
    )


def _acts(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    is_whole = (item.status == "done") | (item.status == "stopped")
    can_ask = (FrameState.person.real_name == "") & SharedState.access.can_ask
    return rx.el.div(
        branch_nav(item),
        rx.cond(item.text != "", CopyButton.create(text=item.text, label=t("Copy"), done_label=t("Copied"))),
        rx.cond(item.text != "", read_aloud(item.id, item.text)),
        rx.cond(is_whole & can_ask, _again(message=item.id)),
        rx.cond((item.text != "") & (FrameState.person.real_name == ""), rating(item)),
        answer_menu(item),
        rx.el.span(
            rx.el.span(
                rx.cond(item.model == READER.id, t("Reader"), model_name(item.model)),
                class_name="message-meta", title=item.model, data_testid="message-model",
            ),
            effort(item),
            made_with(item),
            rx.el.span(exact_time(item.created_at), class_name="message-meta"),
            class_name="message-facts",
        ),
        class_name="message-acts",
    )  # fmt: skip


@memo_by_content
def _again(message: rx.Var[str]) -> rx.Component:
    again = message_act(
        "refresh-cw", t("Answer again"), on_click=ConversationState.retry(message, ""), data_testid="message-regenerate"
    )
    return rx.fragment(rx.cond(AnswerState.message_id == "", again))


def _picture(speaker: Spoken) -> rx.Component:
    own = rx.el.span(mark(22), class_name="answer-picture", aria_hidden="true")
    return rx.cond(speaker.name != "", face(speaker.icon, speaker.color, 28), own)  # pyright: ignore[reportReturnType]


def _speaker_name(speaker: Spoken) -> rx.Component:
    return rx.cond(speaker.name != "", rx.el.p(speaker.name, class_name="answer-speaker", dir="auto"))


def _switch(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    """Where somebody else begins to answer."""
    is_gone = (item.speaker.name == "") & (item.assistant_id != "")
    name = rx.cond(is_gone, t("An assistant that was deleted"), item.speaker.name)
    return rx.el.p(
        rx.cond(item.assistant_id != "", t("{name} answers from here", name=name), t("From here without an assistant")),
        class_name="speaker-switch",
        data_testid="assistant-switch",
    )
