"""What an answer took, what else can be done with it, and the way to those beside it."""

import reflex as rx

from convosphere.chat.components.branch_module import BranchNav, Elapsed, Thinking
from convosphere.chat.components.models import ask_again
from convosphere.chat.components.module import copy_formatted
from convosphere.chat.state.answer_state import AnswerState, GrowingState
from convosphere.chat.state.branch_state import BranchState
from convosphere.chat.state.file_state import FileState
from convosphere.chat.state.items import EffortItem, MessageItem
from convosphere.chat.state.shared_state import SharedState
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.shell.state import FrameState
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import format_money, format_number, t
from convosphere.ui.memo import memo_by_content
from convosphere.ui.menus import menu, menu_item

Message = rx.vars.ObjectVar[MessageItem]


def branch_nav(item: Message) -> rx.Component:
    """`‹ 2/3 ›`; nothing where a message stands alone."""
    return BranchNav.create(
        message=item.id,
        above=item.above,
        branch=item.branch,
        labels={"group": t("Versions of this message"), "previous": t("Earlier version"), "next": t("Later version")},
        on_switch=BranchState.switch,
    )


def answer_menu(item: Message) -> rx.Component:
    """What is wanted less often than the acts beside it."""
    opener = icon_button(
        "ellipsis", t("More about this answer"), size=16, tooltip=False, data_testid="message-more",
        class_name="icon-button message-more",
    )  # fmt: skip
    can_ask = (FrameState.person.real_name == "") & SharedState.access.can_ask
    fork = menu_item(
        t("New chat from here"), icon="git-branch", on_select=BranchState.fork(item.id), data_testid="message-fork"
    )
    copy = menu_item(
        t("Copy with formatting"), icon="copy", on_select=copy_formatted(item.id, item.text),
        data_testid="message-copy-formatted",
    )  # fmt: skip
    save = menu_item(
        t("Save to Knowledge"), icon="folder-plus", on_select=FileState.save_answer(item.id),
        data_testid="message-save",
    )  # fmt: skip
    return menu(
        opener,
        rx.cond(can_ask, _again_with(message=item.id)),
        rx.cond((item.text != "") & person_may(Permission.DOCUMENT_WRITE), save),
        rx.cond(item.text != "", copy),
        rx.cond(FrameState.person.real_name == "", fork),
        align="start",
    )


@memo_by_content
def _again_with(message: rx.Var[str]) -> rx.Component:
    again = menu_item(
        t("Answer again with …"), icon="refresh-cw", on_select=ask_again(message), data_testid="message-regenerate-with"
    )
    return rx.fragment(rx.cond(AnswerState.message_id == "", again))


def thoughts(item: Message) -> rx.Component:
    """What a model thought before an answer that is there; its words come when they are wanted."""
    return rx.cond(
        item.thought_seconds.to(int) >= 0,
        Thinking.create(
            message=item.id,
            text=rx.cond(BranchState.thought_of == item.id, BranchState.thoughts, ""),
            done=True,
            title=_thought_for(item.thought_seconds.to(int)),
            on_open=BranchState.open_thoughts,
        ),
    )


def growing_thoughts() -> rx.Component:
    """The same while they come."""
    thinking = GrowingState.thinking
    text, seconds = thinking["text"].to(str), thinking["seconds"].to(int)
    return rx.cond(
        thinking.contains("text") & ((text != "") | (GrowingState.thought_tip != "")),
        Thinking.create(
            message=AnswerState.message_id,
            text=text + GrowingState.thought_tip,
            done=seconds >= 0,
            title=rx.cond(seconds >= 0, _thought_for(seconds), t("Thinking …")),
        ),
    )


def elapsed() -> rx.Component:
    """How long an answer takes so far."""
    so_far = rx.cond(GrowingState.thinking.contains("elapsed"), GrowingState.thinking["elapsed"].to(int), 0)
    return Elapsed.create(since=so_far)


def effort(item: Message) -> rx.Component:
    """What an answer took: time, tokens, money."""
    took: rx.vars.ObjectVar[EffortItem] = item.effort  # pyright: ignore[reportAssignmentType]  # On a var it is one.
    took_seconds, took_tokens, cost = took.seconds.to(float), took.tokens.to(int), took.cost.to(float)
    seconds = t("{seconds}\u00a0s", seconds=format_number(took_seconds, 1))
    tokens = t("{count} tokens", count=format_number(took_tokens, 0))
    about = t("about {count} tokens", count=format_number(took_tokens, 0))
    return rx.el.span(
        rx.cond(took_seconds >= 0, rx.el.span(seconds, class_name="message-meta", title=t("From question to end"))),
        rx.cond(took_tokens > 0, rx.el.span(rx.cond(took.is_estimated, about, tokens), class_name="message-meta")),
        rx.cond(cost >= 0, rx.el.span(format_money(cost, took.currency), class_name="message-meta")),
        class_name="message-effort",
        data_testid="message-effort",
    )


def _thought_for(seconds: rx.vars.NumberVar[int]) -> rx.Var[str]:
    return t("Thought for {seconds} s", seconds=seconds)
