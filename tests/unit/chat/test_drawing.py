"""What is drawn anew with each token: the answer that grows, and nothing that grows with the conversation."""

import reflex as rx

from convosphere.chat.components.composer import composer
from convosphere.chat.components.messages import growing_answer, message
from convosphere.chat.state.answer_state import GrowingState
from convosphere.chat.state.transcript_state import TranscriptState


def is_drawn_anew(component: rx.Component) -> bool:
    """Whether it, or anything in it, reads the State that changes with each token."""
    return any(GrowingState.get_full_name().replace(".", "__") in hook for hook in component._get_all_hooks())


def test_a_token_draws_no_message_anew_but_the_one_that_grows() -> None:
    assert is_drawn_anew(growing_answer())
    assert not is_drawn_anew(rx.foreach(TranscriptState.latest, message))
    assert not is_drawn_anew(composer(rx.Var.create(True)))
