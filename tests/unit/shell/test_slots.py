"""What the frame offers to those who fill it."""

import pytest
import reflex as rx

from convosphere.shell import UndoActions
from convosphere.shell.state import initials_of


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ada Lovelace", "AL"), ("Ada", "A"), ("Ada King Lovelace", "AL"), ("  ", ""), ("élise ozan", "ÉO")],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_an_undo_runs_what_was_registered_for_its_kind() -> None:
    UndoActions.register("page", rx.console_log)
    event = UndoActions.event_for("page:7")
    assert event is not None
    assert "7" in str(event.args)
    assert UndoActions.event_for("unknown:7") is None
