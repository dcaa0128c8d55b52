"""The parts of several chats in one window that live in the browser, see `panes.js` and `pane.js` in `assets/`."""

from typing import Any

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

MODULE = "$/public/panes.js"
PANE_MODULE = "$/public/pane.js"
LAYOUT_MODULE = "$/public/pane_layout.js"
TALK_MODULE = "$/public/pane_talk.js"
COMPARE_MODULE = "$/public/compare.js"


def _on_keep(others: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (others,)


def _on_text(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


class Panes(rx.Component):
    """All panes of the window. `on_keep` hears of the conversations that another one was chosen before."""

    library = MODULE
    tag = "Panes"
    labels: rx.Var[dict[str, str]]
    on_keep: rx.EventHandler[_on_keep]
    on_compare: rx.EventHandler[rx.event.no_args_event_spec]


class Together(rx.Component):
    """The switch that lets all panes be asked what one is asked."""

    library = MODULE
    tag = "Together"
    label: rx.Var[str]
    help: rx.Var[str]


class CompareForm(rx.Component):
    """Who is to answer the same question: rows of `models` and `assistants`, of which up to four are chosen.

    `on_look_up` is told what is searched, and brings other assistants.

    `favourites` are ids of models; an assistant's row says itself whether it is one.
    """

    library = COMPARE_MODULE
    tag = "CompareForm"
    labels: rx.Var[dict[str, str]]
    models: rx.Var[list[Any]]
    favourites: rx.Var[list[str]]
    assistants: rx.Var[list[Any]]
    on_look_up: rx.EventHandler[_on_text]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


class PaneReport(rx.Component):
    """Tells the window around a pane what that shows; alone it does nothing."""

    library = PANE_MODULE
    tag = "PaneReport"
    title: rx.Var[str]
    speaker: rx.Var[str]
    busy: rx.Var[bool]


def open_beside(conversation_id: rx.Var[str] | str = "") -> FunctionStringVar:
    """Event that shows a conversation, or a new chat, beside what is shown."""
    return _function("openBeside", LAYOUT_MODULE).partial(conversation_id)  # pyright: ignore[reportReturnType]


def add_pane() -> FunctionStringVar:
    """Event that shows a new chat beside the others."""
    return _function("addPane", TALK_MODULE)


def step_pane(steps: int) -> FunctionStringVar:
    """Event that gives the focus to the pane so many places further."""
    return _function("stepPane", TALK_MODULE).partial(steps)  # pyright: ignore[reportReturnType]


def _function(name: str, module: str) -> FunctionStringVar:
    return FunctionStringVar.create(name, _var_data=VarData(imports={module: [ImportVar(tag=name)]}))
