"""What the frame offers to those who fill it."""

import re

import pytest
import reflex as rx

from convosphere.shell import NavigationItem, UndoActions
from convosphere.shell.sidebar import _line, _way
from convosphere.shell.state import initials_of


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ada Lovelace", "AL"), ("Ada", "A"), ("Ada King Lovelace", "AL"), ("  ", ""), ("élise ozan", "ÉO")],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_a_line_leads_to_the_first_page_that_is_the_persons_to_see() -> None:
    item = NavigationItem(
        rx.Var.create("Administration"), "shield", "/people", "nav", "person:read", [("audit:read", "/audit")]
    )
    assert _holders(_shown(item)) == ["person:read", "audit:read"]
    way = str(_way(item))
    assert _holders(way) == ["person:read", "audit:read"]
    assert way.index('"/people"') < way.index('"/audit"')


def _shown(item: NavigationItem) -> str:
    return str(_line(item).render()["children"][0]["cond_state"])


def _holders(code: str) -> list[str]:
    return re.findall(r'includes\("([a-z:]+)"\)', code)


def test_an_undo_runs_what_was_registered_for_its_kind() -> None:
    UndoActions.register("page", rx.console_log)
    event = UndoActions.event_for("page:7")
    assert event is not None
    assert "7" in str(event.args)
    assert UndoActions.event_for("unknown:7") is None
