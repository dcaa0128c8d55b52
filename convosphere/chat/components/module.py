"""The parts of a chat that live in the browser, see `chat.js`, `composer.js`, `place.js` in `assets/` and others."""

from typing import Any

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.constants.compiler import MemoizationMode
from reflex_base.utils.imports import ImportVar

MODULE = "$/public/chat.js"
COMPOSER_MODULE = "$/public/composer.js"
PICKERS_MODULE = "$/public/pickers.js"
PLACE_MODULE = "$/public/place.js"
LIST_MODULE = "$/public/conversation_list.js"
GAUGE_MODULE = "$/public/gauge.js"
RATING_MODULE = "$/public/rating.js"
ARTIFACT_MODULE = "$/public/artifact.js"


def _on_send(
    text: rx.Var[str],
    key: rx.Var[str],
    place: rx.Var[str],
    is_urgent: rx.Var[bool],
    files: rx.Var[list[dict[str, str]]],
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str], rx.Var[bool], rx.Var[list[dict[str, str]]]]:
    return (text, key, place, is_urgent, files)


def _on_look_up(trigger: rx.Var[str], text: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (trigger, text)


def _on_done(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


class Composer(rx.Component):
    """The box to write in. `ready`: the conversation of the address is the one that is shown.

    `together`: others see the conversation, who are told by `on_write` that somebody writes.
    `offer` is what a sign before the cursor may mean, of which `on_look_up` hears; `taken` a prompt for the text.
    `models` are rows `{id, name, sees}`, of which `model` answers next.
    """

    library = COMPOSER_MODULE
    tag = "Composer"
    longest: rx.Var[int]
    ready: rx.Var[bool]
    busy: rx.Var[bool]
    stopping: rx.Var[bool]
    offline: rx.Var[bool]
    receipt: rx.Var[dict[str, str]]
    labels: rx.Var[dict[str, str]]
    offer: rx.Var[Any]
    taken: rx.Var[Any]
    kinds: rx.Var[dict[str, str]]
    commands: rx.Var[list[dict[str, str]]]
    can_attach: rx.Var[bool]
    most_bytes: rx.Var[int]
    endings: rx.Var[list[str]]
    models: rx.Var[list[Any]]
    model: rx.Var[str]
    on_look_up: rx.EventHandler[_on_look_up]
    on_take_prompt: rx.EventHandler[_on_done]
    on_start_template: rx.EventHandler[_on_done]
    on_choose_model: rx.EventHandler[_on_done]
    together: rx.Var[bool]
    on_write: rx.EventHandler[rx.event.no_args_event_spec]
    on_send: rx.EventHandler[_on_send]
    on_stop: rx.EventHandler[rx.event.no_args_event_spec]


class Picker(rx.Component):
    """A button and the list that it opens, in which each `button.choice-line` is a choice; then one goes on writing."""

    library = PICKERS_MODULE
    tag = "Picker"
    on_open: rx.EventHandler[rx.event.no_args_event_spec]
    # The button has to be the very element that it is.
    _memoization_mode = MemoizationMode(recursive=False)


class Transcript(rx.Component):
    """What scrolls, and follows its end."""

    library = MODULE
    tag = "Transcript"
    place: rx.Var[str]
    jump_label: rx.Var[str]
    label: rx.Var[str]
    has_later: rx.Var[bool]
    on_latest: rx.EventHandler[rx.event.no_args_event_spec]


class Artifact(rx.Component):
    """What an answer has made, as it looks and as it is written."""

    library = ARTIFACT_MODULE
    tag = "Artifact"
    address: rx.Var[str]
    text: rx.Var[str]
    kind: rx.Var[str]
    title: rx.Var[str]
    labels: rx.Var[dict[str, str]]


class DayGroup(rx.Component):
    """The name of a stretch of days where one begins."""

    library = LIST_MODULE
    tag = "DayGroup"
    moment: rx.Var[str]
    previous: rx.Var[str]
    group: rx.Var[str]
    labels: rx.Var[dict[str, str]]


class LinkList(rx.Component):
    """Lines that the arrow keys go through."""

    library = LIST_MODULE
    tag = "LinkList"


class TitleField(rx.Component):
    """A field in place of a title."""

    library = LIST_MODULE
    tag = "TitleField"
    conversation: rx.Var[str]
    value: rx.Var[str]
    label: rx.Var[str]
    on_done: rx.EventHandler[_on_done]


class CopyButton(rx.Component):
    """Copies a text."""

    library = MODULE
    tag = "CopyButton"
    text: rx.Var[str]
    label: rx.Var[str]
    done_label: rx.Var[str]


def _on_rate(
    message: rx.Var[str], rating: rx.Var[str], reasons: rx.Var[list[str]], comment: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[list[str]], rx.Var[str]]:
    return (message, rating, reasons, comment)


class GaugeRing(rx.Component):
    """How much of what the model reads is taken, the message that is being written included."""

    library = GAUGE_MODULE
    tag = "GaugeRing"
    use: rx.Var[dict[str, int]]
    scale: rx.Var[float]
    rates: rx.Var[dict[str, float]]
    labels: rx.Var[dict[str, str]]


class GaugeParts(rx.Component):
    """The same by what takes how much."""

    library = GAUGE_MODULE
    tag = "GaugeParts"
    use: rx.Var[dict[str, int]]
    scale: rx.Var[float]
    rates: rx.Var[dict[str, float]]
    locale: rx.Var[str]
    labels: rx.Var[dict[str, str]]


class Rating(rx.Component):
    """Thumbs below an answer. `given` is what is kept of it: `{rating, reasons, comment}`."""

    library = RATING_MODULE
    tag = "Rating"
    message: rx.Var[str]
    given: rx.Var[dict[str, Any]]
    refused: rx.Var[dict[str, str]]
    reasons: rx.Var[list[dict[str, str]]]
    longest: rx.Var[int]
    labels: rx.Var[dict[str, str]]
    on_rate: rx.EventHandler[_on_rate]


def place() -> rx.vars.StringVar:
    """The id of the conversation that the address names, "" for a new one; the server may still be elsewhere."""
    data = VarData(imports={PLACE_MODULE: [ImportVar(tag="usePlace")]}, hooks={"const place = usePlace();": None})
    return rx.Var(_js_expr="place", _var_type=str, _var_data=data).to(str)


def write_draft(text: rx.Var[str] | str) -> FunctionStringVar:
    """Event that puts a text into the composer."""
    data = VarData(imports={COMPOSER_MODULE: [ImportVar(tag="writeDraft")]})
    return FunctionStringVar.create("writeDraft", _var_data=data).partial(text)  # pyright: ignore[reportReturnType]


def ask_now(text: rx.Var[str] | str) -> FunctionStringVar:
    """Event that asks something, and leaves what stands in the composer there."""
    data = VarData(imports={COMPOSER_MODULE: [ImportVar(tag="askNow")]})
    return FunctionStringVar.create("askNow", _var_data=data).partial(text)  # pyright: ignore[reportReturnType]


def copy_formatted(message_id: rx.Var[str], text: rx.Var[str]) -> FunctionStringVar:
    """Event that copies a message as it looks, and as it was written."""
    data = VarData(imports={MODULE: [ImportVar(tag="copyFormatted")]})
    function = FunctionStringVar.create("copyFormatted", _var_data=data)
    return function.partial(message_id, text)  # pyright: ignore[reportReturnType]


def send_draft() -> FunctionStringVar:
    """Event that sends what stands in the composer."""
    data = VarData(imports={COMPOSER_MODULE: [ImportVar(tag="sendDraft")]})
    return FunctionStringVar.create("sendDraft", _var_data=data)
