"""Questions that may follow the last answer."""

import reflex as rx

from convosphere.chat.components.module import ask_now
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.follow_up_state import FollowUpState
from convosphere.shell.state import FrameState
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import t


def follow_ups() -> rx.Component:
    """One click asks one; what stands in the composer stays there."""
    is_shown = (
        (FollowUpState.questions.length() > 0) & (AnswerState.message_id == "") & (FrameState.person.real_name == "")
    )
    off = icon_button(
        "x", t("Suggest no more questions"), size=16, on_click=FollowUpState.switch_off, data_testid="follow-ups-off"
    )
    return rx.cond(
        is_shown,
        rx.el.div(
            rx.el.div(rx.foreach(FollowUpState.questions, _question), class_name="follow-up-questions"),
            off,
            role="group",
            aria_label=t("Questions that may follow"),
            class_name="follow-ups",
            data_testid="follow-ups",
        ),
    )


def _question(text: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        rx.icon("corner-down-right", size=16, aria_hidden="true"),
        rx.el.span(text),
        type="button",
        class_name="follow-up",
        dir="auto",
        on_click=ask_now(text),
        data_testid="follow-up",
    )
