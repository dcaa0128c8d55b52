"""Which model is to answer: the picker of the composer, and the dialog that has an answer given again by another."""

from typing import Any

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.chat.components.module import Picker
from convosphere.chat.state.context_state import ContextState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.model_state import ModelState
from convosphere.core.page_routes import SIDE
from convosphere.ui.i18n import t

MODULE = "$/public/model_offer.js"
SEARCH_MODULE = "$/public/model_search.js"


def _on_choose(model: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (model,)


def _on_again(message: rx.Var[str], model: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (message, model)


def _on_favour(model: rx.Var[str], is_favourite: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return (model, is_favourite)


class _ModelOffer(rx.Component):
    library = MODULE
    tag = "ModelOffer"
    models: rx.Var[list[Any]]
    favourites: rx.Var[list[str]]
    model: rx.Var[str]
    labels: rx.Var[dict[str, str]]
    on_choose: rx.EventHandler[_on_choose]
    on_favour: rx.EventHandler[_on_favour]


class _AgainDialog(rx.Component):
    library = MODULE
    tag = "AgainDialog"
    models: rx.Var[list[Any]]
    favourites: rx.Var[list[str]]
    labels: rx.Var[dict[str, str]]
    on_open: rx.EventHandler[rx.event.no_args_event_spec]
    on_again: rx.EventHandler[_on_again]
    on_favour: rx.EventHandler[_on_favour]


def current_model() -> rx.Var[str]:
    """Who answers next."""
    return rx.cond(ModelState.chosen != "", ModelState.chosen, ModelState.default)


def model_name(model: rx.Var[str]) -> rx.Var[str]:
    """What people call a model; one that is not offered to them has its id."""
    data = VarData(imports={SEARCH_MODULE: [ImportVar(tag="nameOf")]})
    name_of = FunctionStringVar.create("nameOf", _var_data=data)
    return name_of.call(ModelState.models, model, t("Reader")).to(str)


def model_picker() -> rx.Component:
    """A button with the name of the model that answers; it opens all of them, with a search, all by keys as well."""
    name = model_name(current_model())
    opener = rx.el.button(
        rx.el.span(name, class_name="model-name"),
        rx.icon("chevron-down", size=14, aria_hidden="true"),
        type="button",
        class_name="model-button",
        aria_label=t("Model: {name}", name=name),
        data_testid="chat-model",
    )
    several = rx.el.button(
        rx.icon("columns-2", size=16, aria_hidden="true"),
        rx.el.span(t("Compare several…")),
        type="button",
        class_name="choice-line choice-more",
        on_click=rx.redirect(f"{SIDE}?compare="),
        data_testid="compare-models",
    )
    offer = _ModelOffer.create(
        several,
        models=ModelState.models,
        favourites=ModelState.favourites,
        model=current_model(),
        labels=_labels(),
        on_choose=[ModelState.choose, ContextState.measure],
        on_favour=ModelState.favour,
    )
    return Picker.create(opener, offer, class_name="model-offer", on_open=ModelState.load)


def again_dialog() -> rx.Component:
    """Stands once on the page; `ask_again` opens it."""
    return _AgainDialog.create(
        models=ModelState.models,
        favourites=ModelState.favourites,
        labels={**_labels(), "title": t("Answer again with"), "close": t("Close")},
        on_open=ModelState.load,
        on_again=ConversationState.retry,
        on_favour=ModelState.favour,
    )


def ask_again(message_id: rx.Var[str]) -> FunctionStringVar:
    """Event that asks which model is to give an answer again."""
    function = FunctionStringVar.create("askAgain", _var_data=VarData(imports={MODULE: [ImportVar(tag="askAgain")]}))
    return function.partial(message_id)  # pyright: ignore[reportReturnType]


def _labels() -> dict[str, rx.Var[str]]:
    return {
        "models": t("Models"),
        "search": t("Search models"),
        "nothing": t("No model is called that."),
        "favourites": t("Favourites"),
        "favourite": t("Favourite: {name}", name="{name}"),
        "star": t("Make it a favourite"),
        "unstar": t("No longer a favourite"),
        "latest": t("Used last"),
        "reader": t("Reader"),
        "builtIn": t("Built in"),
        "readerNote": t("Quotes your documents, without a model"),
        "reads": t("Reads {tokens} tokens", tokens="{tokens}"),
        "unpriced": t("price unknown"),
        "unpaid": t("costs nothing"),
        "priced": t("For a million tokens of input and output"),
        "vision": t("Sees images"),
        "tools": t("Uses tools"),
        "thinking": t("Thinks first"),
        "failing": t("Fails"),
        "resting": t("Rests after failures"),
        "probing": t("Is tried again"),
    }
