"""Fields of the editor: long texts and choices, each with what is wrong below it."""

from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx

from convosphere.assistants.state.editor_state import AssistantState
from convosphere.assistants.state.items import ModelChoice
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t, t_message

Editor = AssistantState


def problem_of(name: str) -> rx.Var[str]:
    """What is wrong with a field; empty where nothing is."""
    problems: rx.vars.ObjectVar = Editor.problems  # pyright: ignore[reportAssignmentType]
    return t_message(problems[name])


def form_words(name: str) -> rx.Component:
    """What is wrong with a group of fields."""
    problem = problem_of(name)
    return rx.cond(problem, rx.el.p(problem, role="alert", class_name="field-hint field-error"))


def long_field(
    label: rx.Var[str], name: str, value: rx.Var[str], *, rows: int, help_text: rx.Var[str], **props: Any
) -> rx.Component:
    """A field of many lines."""
    control = rx.el.textarea(
        id=name, name=name, default_value=value, rows=rows, class_name="text-area", dir="auto",
        aria_describedby=f"{name}-hint", **props,
    )  # fmt: skip
    return text_field(label, name=name, control=control, help_text=help_text, error=problem_of(name))


def choice_field(
    label: rx.Var[str],
    name: str,
    value: rx.Var[str],
    words: Mapping[str, rx.Var[str]],
    models: rx.Var[Sequence[ModelChoice]] | None = None,
    **props: Any,
) -> rx.Component:
    """One of several; of models also those that there are."""
    options: list[rx.Component] = [rx.el.option(text, value=key) for key, text in words.items()]
    if models is not None:
        known: rx.vars.ArrayVar[list[ModelChoice]] = models  # pyright: ignore[reportAssignmentType]
        options.append(rx.foreach(known, model_option))
    control = rx.el.select(
        *options, id=name, name=name, default_value=value, class_name="select", aria_describedby=f"{name}-hint",
        **{"data_testid": f"assistant-{name}", **props},
    )  # fmt: skip
    return text_field(label, name=name, control=control, error=problem_of(name))


def model_option(model: rx.vars.ObjectVar[ModelChoice]) -> rx.Component:
    """A model to choose."""
    name = rx.cond(model.is_gone, t("{name} (not available)", name=model.name), model.name)
    return rx.el.option(rx.cond(model.is_reader, t("Reader"), name), value=model.id)
