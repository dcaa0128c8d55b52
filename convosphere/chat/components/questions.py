"""Questions: as they were asked, as they leave, and as they wait."""

import reflex as rx

from convosphere.chat.components.branch_module import LeftWords, Question, Queued, Sending
from convosphere.chat.components.branches import branch_nav
from convosphere.chat.components.composer_words import too_long
from convosphere.chat.components.module import CopyButton
from convosphere.chat.errors import LONGEST_MESSAGE
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.branch_state import BranchState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.items import MessageItem, QueuedItem
from convosphere.chat.state.queue_state import QueueState
from convosphere.chat.state.shared_state import SharedState
from convosphere.shell.state import FrameState
from convosphere.ui.buttons import message_act
from convosphere.ui.i18n import t, t_message
from convosphere.ui.memo import memo_by_content


def question(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    """What somebody asked, with the ways to ask it otherwise."""
    is_own = FrameState.person.real_name == ""
    can_ask = is_own & SharedState.access.can_ask
    fork = message_act(
        "git-branch", t("New chat from here"), on_click=BranchState.fork(item.id), data_testid="message-fork"
    )
    body = Question.create(
        branch_nav(item),
        rx.cond(can_ask, _answer_this(message=item.id)),
        CopyButton.create(text=item.text, label=t("Copy"), done_label=t("Copied")),
        rx.cond(is_own, fork),
        message=item.id,
        text=item.text,
        above=item.above,
        longest=LONGEST_MESSAGE,
        can_edit=can_ask,
        refused=BranchState.refused,
        labels={
            "edit": t("Edit"),
            "field": t("Other words for this question"),
            "tooLong": too_long(),
            "ask": t("Save and ask again"),
            "save": t("Save"),
            "cancel": t("Cancel"),
        },
        on_edit=BranchState.edit,
    )
    author = rx.el.p(item.author, class_name="question-author", dir="auto", data_testid="message-author")
    return rx.el.article(
        rx.cond(SharedState.access.is_shared & (item.author != ""), author),
        body,
        class_name="question",
        data_testid="message",
        data_role="user",
        data_status=item.status,
        data_message_id=item.id,
    )


@memo_by_content
def _answer_this(message: rx.Var[str]) -> rx.Component:
    ask = rx.el.button(
        t("Answer this"),
        type="button",
        class_name="message-act only-at-end",
        on_click=ConversationState.retry(message, ""),
        data_testid="message-ask",
    )
    return rx.fragment(rx.cond(AnswerState.message_id == "", ask))


def sending() -> rx.Component:
    """What leaves is seen at once."""
    return Sending.create(label=t("Sending …"))


def queue() -> rx.Component:
    """What waits for the answer that is being written."""
    left = LeftWords.create(
        ids=_ids(QueueState.items),
        place=QueueState.shown_id,
        refused=QueueState.refused,
        told=t("This question does not wait any more. What you were writing in its place stands here."),
    )
    return rx.fragment(rx.foreach(QueueState.items, _queued), left)


def _ids(items: rx.Var) -> rx.Var[list[str]]:
    return rx.Var(f"{items!s}.map(({{ id }}) => id)", _var_type=list[str], _var_data=items._get_all_var_data())  # noqa: SLF001  # Its only way.


def _queued(item: rx.vars.ObjectVar[QueuedItem]) -> rx.Component:
    now = rx.cond(AnswerState.message_id != "", t("Stop and send now"), t("Send now"))
    body = Queued.create(
        queued=item.id,
        place=QueueState.shown_id,
        text=item.text,
        files=item.files,
        error=t_message(item.error),
        longest=LONGEST_MESSAGE,
        labels={
            "queued": t("Waits for the answer"),
            "edit": t("Edit"),
            "remove": t("Remove"),
            "now": now,
            "field": t("Other words for this question"),
            "tooLong": too_long(),
            "save": t("Save"),
            "cancel": t("Cancel"),
            "files": t("Attached files"),
        },
        refused=QueueState.refused,
        on_edit=QueueState.edit,
        on_remove=QueueState.remove,
        on_send=QueueState.send_now,
    )
    return rx.el.div(
        body, class_name="question", data_testid="queued-message", data_status="queued", data_queued_id=item.id,
        key=item.id,
    )  # fmt: skip
