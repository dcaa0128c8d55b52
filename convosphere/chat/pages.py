"""The chat page, for a new conversation and for one that is there."""

import reflex as rx

from convosphere.chat.components.composer import composer
from convosphere.chat.components.messages import growing_answer, message
from convosphere.chat.components.module import Transcript, write_draft
from convosphere.chat.components.passage import passage_panel
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.chat.state.welcome_state import WelcomeState
from convosphere.shell.state import FrameState
from convosphere.ui.buttons import button, link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import t, tn
from convosphere.ui.layout import page, page_header
from convosphere.ui.routes import CHAT, KNOWLEDGE


def chat_page() -> rx.Component:
    """Header, messages, composer, and the panel of a passage."""
    shown = TranscriptState
    title = rx.cond(shown.title != "", shown.title, t("Chat"))
    return page(
        page_header(title),
        rx.cond(shown.is_missing, _missing(), rx.fragment(_transcript(), composer())),
        panel=passage_panel(),
        class_name="page-content chat",
    )


def _transcript() -> rx.Component:
    shown = TranscriptState
    is_empty = (shown.earlier.length() == 0) & (shown.latest.length() == 0) & (AnswerState.message_id == "")
    return Transcript.create(
        rx.cond(shown.is_loading, skeleton_rows(4, "64px")),
        rx.cond(is_empty & ~shown.is_loading, _welcome()),
        rx.cond(
            shown.has_earlier,
            button(
                t("Show earlier messages"),
                weight="quiet",
                on_click=ConversationState.show_earlier,
                data_testid="messages-earlier",
            ),
        ),
        rx.foreach(shown.earlier, message),
        rx.foreach(shown.latest, message),
        growing_answer(),
        place=shown.shown_id,
        jump_label=t("To the end"),
        label=t("Conversation"),
    )


def _welcome() -> rx.Component:
    name = FrameState.person.name
    known = WelcomeState.documents
    return rx.el.div(
        rx.el.h2(rx.cond(name != "", t("Good to see you, {name}", name=name), t("Good to see you"))),
        rx.match(
            known,
            (-1, rx.el.p(rx.fragment(), class_name="quiet")),
            (0, _nothing_to_ask()),
            rx.el.p(tn("Answers from {count} document.", "Answers from {count} documents.", known), class_name="quiet"),
        ),
        rx.cond(known > 0, _starters()),
        class_name="welcome",
    )


def _nothing_to_ask() -> rx.Component:
    """The first thing that somebody sees who has just set up the product."""
    return rx.el.div(
        rx.el.p(t("There are no documents yet. Upload some, or start with the handbook of ConvoSphere.")),
        rx.el.div(
            button(
                t("Load the handbook"),
                icon="book-open",
                weight="primary",
                on_click=WelcomeState.load_handbook,
                data_testid="handbook-load",
            ),
            link_button(t("Upload documents"), KNOWLEDGE, icon="upload"),
            class_name="acts",
        ),
    )


def _starters() -> rx.Component:
    texts = [
        t("What do our documents say about holidays?"),
        t("Summarise the most important points of our handbook."),
        t("Which deadlines are named in our documents?"),
        t("How do I get started here?"),
    ]
    starters = [rx.el.button(text, type="button", class_name="starter", on_click=write_draft(text)) for text in texts]
    return rx.el.div(*starters, class_name="starters")


def _missing() -> rx.Component:
    return empty_state(
        t("This conversation does not exist, or you have no access to it."),
        link_button(t("New chat"), CHAT),
        picture="conversations",
    )
