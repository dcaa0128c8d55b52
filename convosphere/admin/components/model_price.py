"""The price of the model whose panel is open."""

import reflex as rx

from convosphere.admin.components.model_words import summary
from convosphere.admin.state.model_state import ModelPanelState, PriceItem
from convosphere.ui import exact_time, t, t_message
from convosphere.ui.buttons import button
from convosphere.ui.fields import form_section, text_field

Panel = ModelPanelState
PriceVar = rx.vars.ObjectVar[PriceItem]


def model_price() -> rx.Component:
    """What the model costs from now on, and what it did before."""
    source = rx.el.select(
        rx.el.option(t("By the price list"), value="list"),
        rx.el.option(t("Own price"), value="own"),
        rx.el.option(t("Not known"), value="unknown"),
        id="price-source",
        name="price-source",
        value=Panel.source,
        on_change=Panel.choose_source,
        class_name="select model-select",
        data_testid="price-source",
    )
    return form_section(
        t("Price"),
        rx.el.form(
            text_field(t("Where it comes from"), name="price-source", control=source),
            rx.cond(Panel.source == "own", _amounts()),
            rx.cond(
                (Panel.source == "list") & (Panel.shown.source == "list"),
                rx.el.p(
                    _listed(),
                    class_name="quiet",
                    data_testid="price-listed",
                ),
            ),
            rx.el.p(t_message(Panel.price_error), class_name="field-error", role="alert"),
            button(t("Set price"), type="submit", class_name="model-save", data_testid="price-save"),
            on_submit=Panel.set_price,
            class_name="form-column",
            key=f"{Panel.shown.id}-price",
        ),
        _history(),
        note=t("It holds from now on. What was asked before keeps the price of then."),
    )


def _listed() -> rx.Var[str]:
    shown = Panel.shown
    tokens = t(
        "{input} for input, {output} for output, in {currency} for a million tokens.",
        input=shown.input_price, output=shown.output_price, currency=shown.currency,
    )  # fmt: skip
    unit = rx.cond(
        shown.kind == "image",
        t("{price} {currency} for a picture.", price=shown.unit_price, currency=shown.currency),
        t("{price} {currency} for a minute.", price=shown.unit_price, currency=shown.currency),
    )
    unknown = t("The price list does not know this model, so its calls have no cost in the ledger.")
    return rx.cond(shown.unit_price != "", unit, rx.cond(shown.input_price != "", tokens, unknown))


def _amounts() -> rx.Component:
    shown = Panel.shown

    def amount(label: rx.Var[str], name: str, value: rx.Var[str]) -> rx.Component:
        return text_field(label, name=f"price-{name}", default_value=value, input_mode="decimal",
                          data_testid=f"price-{name}")  # fmt: skip

    tokens = rx.fragment(
        amount(t("Input"), "input", shown.input_price),  # pyright: ignore[reportArgumentType]
        amount(t("Output"), "output", shown.output_price),  # pyright: ignore[reportArgumentType]
        amount(t("Remembered input"), "cached", shown.cached_price),  # pyright: ignore[reportArgumentType]
    )
    currency = text_field(
        t("Currency"), name="price-currency", default_value=shown.currency, max_length=3, data_testid="price-currency"
    )  # fmt: skip

    def of_unit(label: rx.Var[str]) -> rx.Component:
        return amount(label, "unit", shown.unit_price)  # pyright: ignore[reportArgumentType]

    def paid(note: rx.Var[str], amounts: rx.Component) -> rx.Component:
        return rx.el.div(
            rx.el.p(note, class_name="quiet"), rx.el.div(amounts, currency, class_name="model-pair")
        )  # fmt: skip

    return rx.match(  # pyright: ignore[reportReturnType]
        shown.kind,
        ("speech", paid(t("For a minute of sound; 0 if it costs nothing."), of_unit(t("Minute")))),
        ("image", paid(t("For a picture; 0 if it costs nothing."), of_unit(t("Picture")))),
        paid(t("For a million tokens; 0 if it costs nothing."), tokens),
    )


def _history() -> rx.Component:
    return rx.cond(
        Panel.prices.length() > 0,
        rx.el.details(
            summary(t("Prices so far")),
            rx.el.ul(rx.foreach(Panel.prices, _past_price), class_name="rights-rows"),
        ),
    )


def _past_price(price: PriceVar) -> rx.Component:
    words = rx.match(price.source, ("own", price.words), ("list", t("By the price list")), t("Not known"))
    return rx.el.li(
        rx.el.span(words, class_name="rights-who tabular"), rx.el.span(t("from"), " ", exact_time(price.since)),  # pyright: ignore[reportArgumentType]
        class_name="rights-row", data_testid="price-row",
    )  # fmt: skip
