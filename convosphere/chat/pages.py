"""The chat page, for a new conversation and for one that is there."""

import reflex as rx

from convosphere.chat.components.artifact import artifact_panel
from convosphere.chat.components.company import company_acts, only_reading, who_writes
from convosphere.chat.components.composer import composer
from convosphere.chat.components.follow_ups import follow_ups
from convosphere.chat.components.life import temporary_act, temporary_note
from convosphere.chat.components.links import links_dialogs
from convosphere.chat.components.messages import growing_answer, message
from convosphere.chat.components.models import again_dialog
from convosphere.chat.components.module import Transcript, place, write_draft
from convosphere.chat.components.pane_module import open_beside
from convosphere.chat.components.panes import pane_acts, pane_report, panes
from convosphere.chat.components.passage import passage_panel
from convosphere.chat.components.questions import queue, sending
from convosphere.chat.components.welcome import assistant_welcome, offered_templates
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.life_state import LifeState
from convosphere.chat.state.reading_state import ReadingState
from convosphere.chat.state.shared_state import SharedState
from convosphere.chat.state.speaker_state import SpeakerState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.chat.state.welcome_state import WelcomeState
from convosphere.core.page_routes import CHAT, KNOWLEDGE
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.shell.state import FrameState
from convosphere.ui.buttons import button, icon_button, link_button
from convosphere.ui.feedback import empty_state, error_face
from convosphere.ui.i18n import t, t_message, tn
from convosphere.ui.layout import in_pane, page, page_header


def chat_page() -> rx.Component:
    """Header, messages, composer, and the panel of a passage."""
    shown = TranscriptState
    # The address changes at once; until the server follows, nothing of the conversation before may be seen or used.
    is_here = (place() == shown.shown_id) & ~shown.is_loading
    untitled = rx.cond(is_here & LifeState.is_temporary, t("Temporary chat"), t("Chat"))
    title = rx.cond(is_here & (shown.title != ""), shown.title, untitled)
    return page(
        page_header(
            title,
            rx.fragment(
                temporary_act(is_here), company_acts(is_here & ~shown.is_missing & ~LifeState.is_temporary), _beside()
            ),
        ),
        rx.cond(
            is_here & shown.is_missing,
            _missing(),
            rx.fragment(
                Transcript.create(
                    rx.cond(is_here, _transcript(), _skeleton()),
                    place=place(),
                    jump_label=t("To the end"),
                    label=t("Conversation"),
                    has_later=is_here & shown.has_later,
                    on_latest=ConversationState.show_latest,
                ),
                temporary_note(is_here),
                who_writes(),
                rx.cond(
                    FrameState.person.real_name == "",
                    rx.cond(SharedState.access.can_ask, composer(is_here), only_reading()),
                ),
            ),
        ),
        pane_report(is_here),
        again_dialog(),
        rx.cond(in_pane(), links_dialogs()),  # Elsewhere they are in the sidebar.
        panel=rx.fragment(passage_panel(is_here), artifact_panel(is_here)),
        class_name="page-content chat",
    )


def side_page() -> rx.Component:
    """Several chats in one window."""
    return page(page_header(t("Side by side"), pane_acts()), panes(), class_name="page-content side")


def _beside() -> rx.Component:
    add = icon_button("columns-2", t("New pane beside"), on_click=open_beside(), data_testid="pane-add")
    return rx.cond(in_pane(), rx.fragment(), add)


def _transcript() -> rx.Component:
    shown = TranscriptState
    is_empty = (shown.earlier.length() == 0) & (shown.latest.length() == 0) & (AnswerState.message_id == "")
    failure = error_face(
        t("The conversation could not be loaded."), t_message(shown.failure), on_retry=ConversationState.open
    )
    earlier = button(
        t("Show earlier messages"),
        weight="quiet",
        on_click=ReadingState.show_earlier,
        data_testid="messages-earlier",
        data_edge="start",
    )
    later = button(
        t("Show later messages"),
        weight="quiet",
        class_name="messages-later",
        on_click=ReadingState.show_later,
        data_testid="messages-later",
        data_edge="end",
    )
    return rx.fragment(
        rx.cond(
            shown.failure.contains("text"),
            failure,
            rx.cond(is_empty, rx.cond(SpeakerState.chosen.name != "", assistant_welcome(), _welcome())),
        ),
        rx.cond(shown.has_earlier, earlier),
        rx.foreach(shown.earlier, message),
        rx.foreach(shown.latest, message),
        rx.cond(shown.has_later, later, rx.fragment(growing_answer(), sending(), queue(), follow_ups())),
    )


def _skeleton() -> rx.Component:
    """A question and an answer in grey, while a conversation is fetched."""
    lines = [rx.el.span(class_name="skeleton", style={"width": width}) for width in ("96%", "88%", "93%", "61%")]
    return rx.el.div(
        rx.el.span(t("Loading"), class_name="visually-hidden"),
        rx.el.span(class_name="skeleton skeleton-question"),
        *lines,
        class_name="transcript-skeleton",
        role="status",
    )


def _welcome() -> rx.Component:
    name = FrameState.person.name
    known = WelcomeState.documents
    cannot_know = (name != "") & ~person_may(Permission.DOCUMENT_READ)
    return rx.el.div(
        rx.el.h2(rx.cond(name != "", t("Good to see you, {name}", name=name), t("Good to see you"))),
        rx.match(
            known,
            (-1, rx.el.p(rx.fragment(), class_name="quiet")),
            (0, _nothing_to_ask()),
            rx.el.p(tn("Answers from {count} document.", "Answers from {count} documents.", known), class_name="quiet"),
        ),
        rx.cond(known > 0, _starters(), rx.cond((known == 0) | cannot_know, _starters_without())),
        offered_templates(),
        class_name="welcome",
    )


def _nothing_to_ask() -> rx.Component:
    """The first thing that somebody sees who has just set up the product."""
    handbook = button(
        t("Load the handbook"), icon="book-open", weight="primary", on_click=WelcomeState.load_handbook,
        data_testid="handbook-load",
    )  # fmt: skip
    first = rx.el.div(
        rx.el.p(t("There are no documents yet. Upload some, or start with the handbook of ConvoSphere.")),
        rx.el.div(handbook, link_button(t("Upload documents"), KNOWLEDGE, icon="upload"), class_name="acts"),
    )
    nothing = rx.el.p(t("There are no documents for you yet."), class_name="quiet")
    return rx.cond(person_may(Permission.DOCUMENT_WRITE), first, nothing)


def _starters() -> rx.Component:
    """Questions to go on with; of documents that are not ours nobody knows what to ask, so these are only begun."""
    ours = (
        t("What are the first steps here?"),
        t("How large may a file be?"),
        t("Who sees my questions?"),
        t("How do I share a document?"),
    )
    begun = (
        t("What do our documents say about "),
        t("Who can help me with "),
        t("Summarise what is known about "),
        t("What is the difference between "),
    )
    return rx.el.div(
        rx.cond(
            WelcomeState.has_handbook,
            rx.fragment(*(_starter(text, text) for text in ours)),
            rx.fragment(*(_starter(text, text.to(str) + "…") for text in begun)),
        ),
        class_name="starters",
    )


def _starters_without() -> rx.Component:
    """Beginnings that need no documents."""
    begun = (
        t("Help me write an e-mail about "),
        t("Explain to me in plain words "),
        t("Give me ideas for "),
        t("Check the spelling of this text: "),
    )
    return rx.el.div(*(_starter(text, text.to(str) + "…") for text in begun), class_name="starters")


def _starter(text: rx.Var[str], shown: rx.Var[str]) -> rx.Component:
    return rx.el.button(shown, type="button", class_name="starter", on_click=write_draft(text), data_testid="starter")


def _missing() -> rx.Component:
    gone = t("This conversation was deleted, or you have no access to it any more.")
    return empty_state(
        rx.cond(TranscriptState.is_gone, gone, t("This conversation does not exist, or you have no access to it.")),
        link_button(t("New chat"), CHAT),
        picture="conversations",
    )
