"""The list of models, and which one does what."""

import reflex as rx

from convosphere.admin.components.model_words import ability_word, health_word, kind_word, model_icon, purpose_word
from convosphere.admin.state.model_access_state import ModelAccessState
from convosphere.admin.state.model_items import ChoiceItem, DefaultItem, ModelRow
from convosphere.admin.state.model_state import ModelPanelState
from convosphere.admin.state.models_state import ModelsState
from convosphere.core.page_routes import KNOWLEDGE_PASSAGES
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui import t
from convosphere.ui.brand import NAME
from convosphere.ui.buttons import button
from convosphere.ui.feedback import skeleton_rows
from convosphere.ui.fields import form_section, search_field
from convosphere.ui.i18n import format_money
from convosphere.ui.lists import FIRST_ROWS, gradually

Row = rx.vars.ObjectVar[ModelRow]
Default = rx.vars.ObjectVar[DefaultItem]
Choice = rx.vars.ObjectVar[ChoiceItem]
Models = ModelsState
SEARCH_DELAY = 250


def model_list() -> rx.Component:
    """All models that are offered, with a search."""
    more = button(t("Show more"), on_click=Models.show_more, data_testid="models-more")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("Models"), class_name="section-title"),
            search_field(
                t("Search models"), on_change=Models.search.debounce(SEARCH_DELAY), data_testid="models-search"
            ),
            class_name="model-head",
        ),
        rx.cond(
            Models.is_loaded,
            rx.el.ul(
                rx.foreach(gradually(Models.models, FIRST_ROWS), _row), class_name="rights-rows", aria_label=t("Models")
            ),
            skeleton_rows(4),
        ),
        rx.cond(
            Models.is_loaded & (Models.total == 0), rx.el.p(t("No model matches."), class_name="quiet")
        ),
        rx.cond(Models.total > Models.models.length(), more),
        class_name="form-section",
    )  # fmt: skip


def default_choices() -> rx.Component:
    """Which model does what where nobody chose one."""
    return form_section(
        t("Defaults"),
        rx.el.div(rx.foreach(Models.defaults, _default), class_name="model-defaults"),
        rx.el.p(
            rx.cond(
                Models.embedding != "",
                t(
                    "Vectors for search by meaning are made by {model}. With another one all documents get new ones; "
                    "until then search goes by the old ones.",
                    model=Models.embedding,
                ),
                t(
                    "Search goes by words alone. To search by meaning as well, offer a model of the kind “Vectors” "
                    "and choose it here."
                ),
            ),
            rx.cond(
                person_may(Permission.KNOWLEDGE_MANAGE),
                rx.fragment(
                    " ",
                    t("Another one can be tried first, on your own documents:"),
                    " ",
                    rx.link(t("Passages"), href=KNOWLEDGE_PASSAGES),
                ),
            ),
            class_name="quiet",
            data_testid="default-embedding",
        ),
        note=t("They count for everybody who may use them; others get the next model that they may use."),
    )


def _row(row: Row) -> rx.Component:
    facts = rx.el.span(
        rx.cond(row.is_reader, NAME, row.provider),
        rx.cond(row.kind != "chat", rx.fragment(" · ", kind_word(row.kind))),  # pyright: ignore[reportArgumentType]
        rx.cond(row.context != "", rx.fragment(" · ", t("reads {count}", count=row.context))),
        " · ",
        rx.cond(
            row.is_reader,
            t("costs nothing"),
            rx.cond(
                row.unit_price.to(float) >= 0,
                _price_of_unit(row),
                rx.cond(
                    row.input_price.to(float) >= 0, t("{price} for a million", price=_price(row)), t("price unknown")
                ),
            ),
        ),
        class_name="quiet tabular",
    )
    return rx.el.li(
        rx.el.span(model_icon(row.icon), class_name="model-picture"),  # pyright: ignore[reportArgumentType]
        rx.el.button(
            rx.el.span(rx.cond(row.is_reader, t("Reader"), row.name), class_name="strong", dir="auto"),
            facts,
            type="button",
            class_name="rights-open",
            on_click=[ModelPanelState.open(row.id), ModelAccessState.open(row.id)],
            disabled=row.is_reader,
            data_testid="model-open",
        ),
        rx.el.span(
            rx.foreach(row.capabilities, lambda name: rx.el.span(ability_word(name), class_name="model-chip")),  # pyright: ignore[reportArgumentType]
            rx.cond(row.is_restricted, rx.el.span(t("Only for some"), class_name="model-chip", data_strong="true")),
            class_name="model-chips",
        ),
        rx.cond(
            row.is_enabled,
            rx.cond(row.state != "unknown", health_word(row.state)),  # pyright: ignore[reportArgumentType]
            health_word(rx.Var.create("off")),
        ),
        class_name="rights-row",
        data_testid="model-row",
        data_model=row.id,
        data_health=row.state,
        data_enabled=row.is_enabled,
        data_restricted=row.is_restricted,
    )


def _price_of_unit(row: Row) -> rx.Var[str]:
    price = format_money(row.unit_price, row.currency)
    return rx.cond(row.kind == "image", t("{price} for a picture", price=price), t("{price} for a minute", price=price))


def _price(row: Row) -> rx.Var[str]:
    """Of input and output, as the visitor writes money."""
    paid: list[rx.Var[str]] = [
        format_money(row.input_price, row.currency),
        format_money(row.output_price, row.currency),
    ]
    return rx.Var.create(paid).to(list[str]).join(" / ")


def _default(item: Default) -> rx.Component:
    fallback = rx.match(
        item.purpose,
        ("chat", t("As the settings say")),
        ("title", t("The conversation's own")),
        ("follow_ups", t("That for titles")),
        ("checking", t("The assistant's own")),
        ("embedding", t("As the settings say")),
        ("speech", t("Nobody: recordings are not read")),
        ("describing", t("Nobody: only text in pictures is read")),
        ("image", t("Nobody: no pictures are made")),
        t("None"),
    )
    select = rx.el.select(
        rx.el.option(fallback, value=""),
        rx.cond(item.absent != "", rx.el.option(t("{model}, not offered now", model=item.absent), value=item.chosen)),
        rx.foreach(Models.choices, lambda choice: _choice(choice, item)),  # pyright: ignore[reportArgumentType]
        value=item.chosen,
        on_change=lambda chosen: Models.set_default(item.purpose, chosen),
        aria_label=purpose_word(item.purpose),  # pyright: ignore[reportArgumentType]
        class_name="select model-select",
        data_testid="default-model",
        data_purpose=item.purpose,
    )
    return rx.el.label(
        rx.el.span(purpose_word(item.purpose), class_name="field-label"),  # pyright: ignore[reportArgumentType]
        select,
        class_name="field",
    )


def _choice(choice: Choice, item: Default) -> rx.Component:
    return rx.cond(choice.purposes.contains(item.purpose), rx.el.option(choice.name, value=choice.id))
