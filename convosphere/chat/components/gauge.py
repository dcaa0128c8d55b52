"""How full a conversation is, what becomes of it then, and where its model's memory begins."""

import reflex as rx

from convosphere.answers.schemas import WhenFull
from convosphere.chat.components.module import GaugeParts, GaugeRing
from convosphere.chat.service.context import LONGEST_NOTE
from convosphere.chat.state.context_state import ContextState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.items import MessageItem
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.llm.tokens import ASCII_BYTES_PER_TOKEN, OTHER_BYTES_PER_TOKEN, TOKENS_PER_SIGN
from convosphere.shell.state import FrameState
from convosphere.ui.buttons import button
from convosphere.ui.i18n import current_locale, t
from convosphere.ui.memo import memo_by_content

RATES = {"ascii": ASCII_BYTES_PER_TOKEN, "other": OTHER_BYTES_PER_TOKEN, "sign": TOKENS_PER_SIGN}
FULL = "The model cannot read all of this at once."
NEAR = "The model can soon not read all of this at once."


def gauge() -> rx.Component:
    """A ring with a percentage; it opens to what takes how much, and to what becomes of a full conversation."""
    shown = ContextState
    labels = {"used": t("Context used"), "near": t(NEAR), "full": t(FULL)}
    opener = rx.el.button(
        GaugeRing.create(use=shown.use, scale=shown.scale, rates=RATES, labels=labels),
        type="button",
        class_name="composer-button",
        data_testid="gauge-open",
    )
    return rx.cond(
        shown.use.contains("limit"),
        rx.popover.root(
            rx.popover.trigger(opener),
            rx.popover.content(
                _details(), side="top", align="end", size="1", aria_label=t("Context used"), class_name="gauge-details"
            ),
        ),
    )


@memo_by_content
def memory_mark(message: rx.Var[str]) -> rx.Component:
    """Above the first message that the model still reads."""
    shown = ContextState
    return rx.cond(
        shown.begins_at == message,
        rx.el.div(
            rx.cond(
                shown.note != "",
                _note(),
                rx.el.p(t("From here on the model remembers the conversation."), class_name="memory-line"),
            ),
            class_name="memory-mark",
            data_testid="memory-mark",
        ),
    )


def ways_on(item: rx.vars.ObjectVar[MessageItem]) -> list[rx.Component]:
    """What somebody can decide whose conversation is too long for its model."""
    ways = [
        (WhenFull.SUMMARISE, t("Sum up what is older"), "list-collapse"),
        (WhenFull.DROP, t("Leave out what is older"), "scissors"),
    ]
    return [
        button(
            label,
            icon=icon,
            size="1",
            class_name="only-at-end",
            on_click=ConversationState.decide(item.id, way.value),
            data_testid="context-decide",
            data_way=way.value,
        )
        for way, label, icon in ways
    ]


def _details() -> rx.Component:
    shown = ContextState
    labels = {
        "instructions": t("Instructions"),
        "passages": t("Documents"),
        "history": t("Conversation so far"),
        "files": t("Attached files"),
        "question": t("Your message"),
        "answer": t("Kept for the answer"),
        "free": t("Free"),
        "near": t(NEAR),
        "full": t(FULL),
    }
    exactness = rx.cond(
        shown.is_exact,
        t("In tokens, counted as this model counts. Documents: as for the last answer."),
        t("In tokens, estimated on the safe side. Documents: as for the last answer."),
    )
    return rx.el.div(
        rx.el.h3(t("What the model reads"), class_name="gauge-title"),
        GaugeParts.create(use=shown.use, scale=shown.scale, rates=RATES, locale=current_locale(), labels=labels),
        rx.el.p(exactness, class_name="quiet gauge-note"),
        rx.cond(TranscriptState.shown_id != "", _policy()),
        data_testid="gauge-details",
    )


def _policy() -> rx.Component:
    shown = ContextState
    chosen = rx.cond(shown.when_full != "", shown.when_full, shown.default)
    ways = [
        (WhenFull.DROP, t("Leave out what is oldest")),
        (WhenFull.SUMMARISE, t("Sum up what is oldest in a note")),
        (WhenFull.ASK, t("Stop and ask me")),
    ]
    return rx.el.fieldset(
        rx.el.legend(t("When it is full")),
        *(_way(way, label, chosen) for way, label in ways),
        rx.cond(
            shown.may_choose_for_all & (shown.default != chosen),
            button(
                t("Use for the whole workspace"),
                size="1",
                on_click=ContextState.choose_for_all(chosen),
                data_testid="context-for-all",
            ),
        ),
        class_name="gauge-policy",
    )


def _way(way: WhenFull, label: rx.Var[str], chosen: rx.Var[str]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="when-full",
            value=way.value,
            default_checked=chosen == way.value,  # The click shows at once; each opening makes it anew.
            on_change=ContextState.choose(way.value),
            data_testid="context-way",
            data_way=way.value,
        ),
        label,
    )


def _note() -> rx.Component:
    shown = ContextState
    title = rx.cond(
        shown.is_note_edited, t("Note of what was said before, edited by you"), t("Note of what was said before")
    )
    return rx.el.details(
        rx.el.summary(rx.icon("notebook-text", size=16, aria_hidden="true"), title, data_testid="note-open"),
        rx.cond(shown.is_editing, _note_form(), _note_text()),
        class_name="memory-note",
        data_testid="note",
    )


def _note_text() -> rx.Component:
    edit = button(
        t("Edit note"), icon="pencil", size="1", on_click=ContextState.set_editing(True), data_testid="note-edit"
    )
    return rx.el.div(
        rx.el.p(ContextState.note, class_name="memory-note-text", dir="auto", data_testid="note-text"),
        rx.el.p(t("The model reads this note in place of the messages above."), class_name="quiet"),
        rx.cond(FrameState.person.real_name == "", edit),
    )


def _note_form() -> rx.Component:
    return rx.el.form(
        rx.el.textarea(
            name="note",
            default_value=ContextState.note,
            max_length=LONGEST_NOTE,
            rows=8,
            dir="auto",
            aria_label=t("Note"),
            class_name="memory-note-field",
            data_testid="note-field",
        ),
        rx.el.div(
            button(t("Save"), weight="primary", size="1", type="submit", data_testid="note-save"),
            button(t("Cancel"), size="1", on_click=ContextState.set_editing(False)),
            class_name="acts",
        ),
        on_submit=ContextState.save_note,
        reset_on_submit=False,
    )
