"""State classes stay caches of one tab: small, flat, with declared ways in, without scripts for the browser."""

import ast
import inspect
from pathlib import Path

import pytest
import reflex as rx

from convosphere import convosphere
from convosphere.chat.components import messages
from convosphere.core.ways_in import declared_permission
from tests.fixtures.sources import parsed

SOURCES = Path(convosphere.__file__).parent
MOST_VARS = 12
LONGEST_STATE = 200
LONGEST_HANDLER = 25
# The framework gives every State a handler that writes any var; the gate refuses it, as it declares nothing.
FRAMEWORK_HANDLERS = {"setvar"}
SCRIPT_EVENTS = {"toast", "call_script", "call_function", "console_log", "run_script"}


def own_states() -> list[type[rx.State]]:
    """All States of the product."""
    found = [state for state in rx.State.get_substates() if state.__module__.startswith("convosphere.")]
    assert len(found) > 5, "the composition root must import every page"
    return sorted(found, key=lambda state: state.get_full_name())


STATES = pytest.mark.parametrize("state", own_states(), ids=lambda state: state.__name__)


@STATES
def test_states_are_flat(state: type[rx.State]) -> None:
    assert state.__bases__ == (rx.State,)
    assert not state.get_substates()


@STATES
def test_states_are_small(state: type[rx.State]) -> None:
    own = [name for name, kind in state.__annotations__.items() if "ClassVar" not in str(kind)]
    assert len(own) <= MOST_VARS
    assert len(inspect.getsource(state).splitlines()) <= LONGEST_STATE


@STATES
def test_every_handler_declares_a_permission(state: type[rx.State]) -> None:
    undeclared = [
        name
        for name, handler in state.event_handlers.items()
        if name not in FRAMEWORK_HANDLERS and declared_permission(handler.fn) is None
    ]
    assert undeclared == []


@STATES
def test_handlers_are_short(state: type[rx.State]) -> None:
    for name, handler in state.event_handlers.items():
        if name not in FRAMEWORK_HANDLERS:
            lines = inspect.getsource(handler.fn).splitlines()
            assert len(lines) - sum(line.strip().startswith("@") for line in lines) <= LONGEST_HANDLER, name


@STATES
def test_defaults_are_empty(state: type[rx.State]) -> None:
    """Defaults are compiled into the bundle that anybody can read, so lists and records must start empty."""
    filled = [
        name
        for name in state.base_vars
        if isinstance(default := state.get_fields()[name].default_value(), list | dict | tuple | set) and default
    ]
    assert filled == []


def test_no_handler_sends_scripts() -> None:
    """The browser runs such events by `eval`, which the content security policy forbids."""
    found = [
        f"{path.relative_to(SOURCES)}:{node.lineno}"
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(parsed(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in SCRIPT_EVENTS and isinstance(node.value, ast.Name)
        and node.value.id == "rx"
    ]  # fmt: skip
    assert found == []


def test_an_answer_that_begins_or_ends_draws_no_message_anew() -> None:
    hooks = " ".join(messages._message._definition.component._get_all_hooks())  # What it subscribes to.
    assert "frame_state" in hooks
    changing = ("answer_state", "growing_state", "transcript_state", "context_state", "follow_up_state", "queue_state")
    assert [state for state in changing if f'{state}"' in hooks] == []
