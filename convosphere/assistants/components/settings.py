"""Fields for the settings of a model, each where the model knows it."""

from collections.abc import Callable, Sequence

import reflex as rx

from convosphere.assistants.components.words import EFFORTS, word
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import format_number, t

Texts = Callable[[str], rx.Var[str]]
"""What belongs to each field, by its name."""


def settings_fields(
    area: str, known: rx.vars.ArrayVar[Sequence[str]], was: Texts, problem_of: Texts, usual: Texts | None = None
) -> rx.Component:
    """What is to be chosen of `assistants.schemas.Settings`; an empty field is `usual`, which may be empty as well."""
    numbers = [
        ("temperature", t("Temperature"), t("0 always says the same, 2 says the unexpected.")),
        ("top_p", t("Top P"), t("How much of what is likely comes into question, 0 to 1.")),
        ("max_tokens", t("Longest answer, in tokens"), ""),
    ]
    fields = [
        text_field(
            label, name=name, default_value=was(name), help_text=help_text, error=problem_of(name),
            placeholder=_otherwise(name, usual), input_mode="decimal", auto_complete="off",
            data_testid=f"{area}-{name.replace('_', '-')}",
        )
        for name, label, help_text in numbers
    ]  # fmt: skip
    fields.append(_thinking(area, was("thinking"), problem_of("thinking"), _otherwise("thinking", usual)))
    names = [*(name for name, *_ in numbers), "thinking"]
    return rx.el.div(
        *(rx.cond(known.contains(name), field) for name, field in zip(names, fields, strict=True)),
        class_name="field-row",
    )


def _thinking(area: str, was: rx.Var[str], problem: rx.Var[str], otherwise: rx.Var[str]) -> rx.Component:
    words = {**EFFORTS, "": otherwise}
    control = rx.el.select(
        *(rx.el.option(text, value=key) for key, text in words.items()), id="thinking", name="thinking",
        default_value=was, class_name="select", aria_describedby="thinking-hint", data_testid=f"{area}-thinking",
    )  # fmt: skip
    return text_field(t("How much it thinks first"), name="thinking", control=control, error=problem)


def _otherwise(name: str, usual: Texts | None) -> rx.Var[str]:
    """What is done where the field is empty."""
    by_model = t("As the model does")
    if usual is None:
        return by_model
    value = word(EFFORTS, usual(name)) if name == "thinking" else format_number(usual(name).to(float))
    return rx.cond(usual(name), t("As usual: {value}", value=value), by_model)
