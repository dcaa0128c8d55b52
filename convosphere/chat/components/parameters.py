"""How the model is to answer: a button of the composer and its form, and the same of an answer that is there."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.assistants.components.settings import settings_fields
from convosphere.assistants.components.words import EFFORTS, word
from convosphere.chat.components.models import current_model
from convosphere.chat.state.context_state import ContextState
from convosphere.chat.state.items import MessageItem
from convosphere.chat.state.model_state import ModelState
from convosphere.chat.state.parameters_state import ParametersState
from convosphere.ui.buttons import button
from convosphere.ui.i18n import format_number, t, t_message

MODULE = "$/public/settings_offer.js"


def _on_form(form: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (form,)


class _SettingsOffer(rx.Component):
    library = MODULE
    tag = "SettingsOffer"
    known: rx.Var[list[str]]
    kept: rx.Var[dict[str, str]]
    times: rx.Var[int]
    labels: rx.Var[dict[str, str]]
    on_open: rx.EventHandler[rx.event.no_args_event_spec]
    on_keep: rx.EventHandler[_on_form]


def settings_offer() -> rx.Component:
    """Nothing where the model that answers next knows no settings."""
    state, known = ParametersState, _known_settings()
    reset = button(
        t("As usual"), type="button", on_click=[state.as_usual, ContextState.measure],
        data_testid="settings-usual",
    )  # fmt: skip
    return _SettingsOffer.create(
        rx.el.h3(t("Settings of the model"), class_name="settings-title"),
        rx.el.p(t("They hold in this conversation, from the next answer on."), class_name="quiet settings-note"),
        settings_fields(
            "chat", known, lambda name: state.kept[name], lambda name: t_message(_problems()[name]),
            lambda name: state.usual[name],
        ),
        rx.el.div(
            button(t("Apply"), weight="primary", type="submit", data_testid="settings-keep"),
            reset,
            class_name="acts",
        ),
        known=known,
        kept=state.kept,
        times=state.times,
        labels={
            "usual": t("Settings of the model"),
            "chosen": t("Settings of the model: {count} chosen", count="{count}"),
        },
        on_open=state.look,
        on_keep=[state.keep, ContextState.measure],
    )  # fmt: skip


def made_with(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    """The settings with which an answer was made, where it was not left to the model."""
    settings: rx.vars.ObjectVar[dict[str, str]] = item.settings  # pyright: ignore[reportAssignmentType]

    def number(name: str) -> rx.Var[str]:
        return format_number(settings[name].to(float))

    told = {
        "temperature": t("Temperature {value}", value=number("temperature")),
        "top_p": t("Top P {value}", value=number("top_p")),
        "max_tokens": t("at most {count} tokens", count=number("max_tokens")),
        "thinking": t("Thinking: {amount}", amount=word(EFFORTS, settings["thinking"])),
    }
    parts = (
        rx.cond(settings.contains(name), rx.el.span(text, class_name="message-meta")) for name, text in told.items()
    )
    return rx.el.span(*parts, class_name="message-effort", data_testid="message-settings")


def _known_settings() -> rx.vars.ArrayVar[Sequence[str]]:
    """Those of the model that answers next."""
    data = VarData(imports={MODULE: [ImportVar(tag="settingsOf")]})
    known = FunctionStringVar.create("settingsOf", _var_data=data).call(ModelState.models, current_model())
    return known.to(Sequence[str])


def _problems() -> rx.vars.ObjectVar:
    return ParametersState.problems  # pyright: ignore[reportReturnType]
