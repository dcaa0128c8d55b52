"""The model that is to make the vectors of new passages, in the form of how texts are cut."""

import reflex as rx

from convosphere.knowledge.state.cut_form_state import CutFormState
from convosphere.knowledge.state.found_items import FoundItem
from convosphere.ui.i18n import format_money, format_number, t

Form = CutFormState


def vector_choice() -> rx.Component:
    """The models that may make vectors; nothing where there is none to choose."""
    vectors = Form.vectors
    of_settings = rx.cond(
        vectors.of_settings != "",
        t("{model}, as the settings say", model=vectors.of_settings),
        t("None: search by words alone"),
    )
    select = rx.el.select(
        rx.el.option(of_settings, value=""),
        rx.foreach(vectors.choices, _choice),  # pyright: ignore[reportArgumentType]
        value=vectors.id,
        on_change=Form.set_model,
        class_name="select",
        data_testid="chunk-model",
    )
    hint = rx.cond(
        vectors.id == vectors.now,
        t("Another one can be tried as well: its vectors are made beside those of now."),
        t("It is tried on all documents. When you switch to the new passages, it makes all vectors from then on."),
    )
    return rx.cond(
        vectors.choices.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
        rx.el.label(
            rx.el.span(t("Model for search by meaning"), class_name="field-label"),
            select,
            rx.el.span(hint, class_name="field-hint"),
            class_name="field",
        ),
    )


def vector_cost() -> rx.Component:
    """What it takes to make all vectors, as far as that is known."""
    vectors = Form.vectors
    cost = vectors.cost.to(float)
    named, tokens = vectors.model, format_number(vectors.tokens, 0)
    made = t("The vectors are made anew by {model} from about {tokens} tokens.", model=named, tokens=tokens)
    price = rx.cond(
        cost > 0,
        t("That costs about {price}.", price=format_money(cost, vectors.currency)),
        rx.cond(cost == 0, t("That costs nothing."), t("Nobody knows what that costs: the model has no price here.")),
    )
    return rx.cond(
        vectors.model != "",
        rx.el.p(made, " ", price, class_name="field-hint", data_testid="chunk-cost", data_cost=vectors.cost),
    )


def _choice(item: rx.vars.ObjectVar[FoundItem]) -> rx.Component:
    return rx.el.option(item.name, value=item.id)
