"""The panel of one model: what it is called and can do, who may use it, what it costs, who answers in its place."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from convosphere.admin.state.model_items import ChoiceItem, as_dict
from convosphere.admin.state.models_state import ModelsState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.llm.models import ModelPrice
from convosphere.llm.service import offering, prices, trials
from convosphere.llm.service.offering import CAPABILITIES, ModelChange
from convosphere.llm.service.prices import PriceDraft, write_amount
from convosphere.llm.workspaces import Offer
from convosphere.shell.state import show_toast

MOST_PRICES = 30


@dataclass(frozen=True)
class ModelDetail:
    """A model with what was decided of it; numbers as they stand in a form, empty for what nobody decided.

    `source` is where its price comes from: `own`, `list` or `unknown`.
    """

    id: str = ""
    title: str = ""
    provider: str = ""
    kind: str = "chat"
    display_name: str = ""
    icon: str = ""
    is_enabled: bool = True
    is_restricted: bool = False
    is_of_settings: bool = False
    context: str = ""
    output: str = ""
    known_context: str = ""
    known_output: str = ""
    capabilities: list[str] = field(default_factory=list)
    fallbacks: list[ChoiceItem] = field(default_factory=list)
    source: str = "list"
    input_price: str = ""
    output_price: str = ""
    cached_price: str = ""
    unit_price: str = ""
    currency: str = "USD"


@dataclass(frozen=True)
class PriceItem:
    """A price as it was set; times in ISO form."""

    since: str
    source: str
    words: str


class ModelPanelState(rx.State):
    """The model whose panel is open, its prices so far, and how a trial went."""

    shown: rx.Field[ModelDetail] = rx.field(default_factory=ModelDetail)
    prices: rx.Field[list[PriceItem]] = rx.field(default_factory=list)
    source: rx.Field[str] = rx.field("list")
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    price_error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    is_trying: rx.Field[bool] = rx.field(False)
    answer: rx.Field[str] = rx.field("")
    milliseconds: rx.Field[int] = rx.field(0)
    problem: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    advice: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def open(self, model_id: str) -> None:
        """Show a model."""
        self.reset()
        await self._show(model_id)

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def close(self) -> None:
        """Show none."""
        self.reset()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def save(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Keep what was written of the model."""
        able = tuple(name for name in CAPABILITIES if form.get(f"model-{name}"))
        try:
            known = (await _find(self.shown.id)).listed.capabilities
            change = ModelChange(
                str(form.get("model-display-name", "")), str(form.get("model-icon", "")),
                _number(form.get("model-context")), _number(form.get("model-output")),
                None if set(able) == set(known) else able, tuple(item.id for item in self.shown.fallbacks),
            )  # fmt: skip
            await offering.change_model(current_actor(), self.shown.id, change)
        except InvalidInputError as error:
            self.error = error.message.as_dict()
            return None
        await show_toast(self, "success", t("Saved"))
        return await self._again()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def enable(self, is_enabled: bool) -> rx.event.EventType[()]:
        """Switch the model on or off."""
        await offering.open_model(current_actor(), self.shown.id, is_enabled=is_enabled)
        return await self._again()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def replace_by(self, model_id: str, is_chosen: bool) -> rx.event.EventType[()] | None:
        """Let another model answer where this one fails, after those chosen before, or no longer."""
        rest = [item.id for item in self.shown.fallbacks if item.id != model_id]
        wanted = tuple([*rest, model_id] if is_chosen else rest)
        offer = await _find(self.shown.id)
        try:
            await offering.change_model(current_actor(), self.shown.id, _as_it_is(offer, wanted))
        except InvalidInputError as error:
            self.error = error.message.as_dict()
            return None
        return await self._again()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def choose_source(self, source: str) -> None:
        """Ask for a price, or not."""
        self.source, self.price_error = source, {}

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def set_price(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Keep what the model costs from now on."""
        paid, made, cached, unit = (
            str(form.get(f"price-{name}", "")) for name in ("input", "output", "cached", "unit")
        )
        currency = str(form.get("price-currency", "USD")).strip().upper()
        try:
            draft = PriceDraft(self.source, paid, made, cached, unit, currency)
            await prices.set_price(current_actor(), self.shown.id, draft)
        except InvalidInputError as error:
            self.price_error = error.message.as_dict()
            return None
        await show_toast(self, "success", t("Saved"))
        return await self._again()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def try_it(self) -> AsyncGenerator[rx.event.EventType[()] | None, None]:
        """Ask the model for a word, and show how that went."""
        self.is_trying, self.answer, self.problem, self.advice = True, "", {}, {}
        yield None
        try:
            trial = await trials.try_model(current_actor(), self.shown.id)
        finally:
            self.is_trying = False
        self.answer, self.milliseconds = trial.text, trial.milliseconds
        self.problem, self.advice = as_dict(trial.problem), as_dict(trial.advice)
        yield ModelsState.load

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def remove(self) -> rx.event.EventType[()]:
        """Offer the model no more."""
        await offering.remove_model(current_actor(), self.shown.id)
        self.reset()
        return ModelsState.load

    async def _again(self) -> rx.event.EventType[()]:
        self.error, self.price_error = {}, {}
        await self._show(self.shown.id)
        return ModelsState.load

    async def _show(self, model_id: str) -> None:
        offer = await _find(model_id)
        rows = await prices.list_prices(current_actor(), model_id)
        others = {each.route.model.id: each for each in await offering.list_offers(current_actor())}
        fallbacks = [_stand_in(each, others.get(each)) for each in offer.fallback_ids]
        self.shown = _detail(offer, fallbacks, rows[0].source if rows else "list")
        self.source = self.shown.source
        self.prices = [PriceItem(row.valid_from.isoformat(), row.source, _amounts(row)) for row in rows[:MOST_PRICES]]


def _amounts(row: ModelPrice) -> str:
    units = [each for each in (row.minute_nanos, row.picture_nanos) if each is not None]
    amounts = units or [row.input_nanos, row.output_nanos]
    return f"{' / '.join(write_amount(each) for each in amounts)} {row.currency}"


async def _find(model_id: str) -> Offer:
    offers = await offering.list_offers(current_actor())
    found = next((each for each in offers if each.route.model.id == model_id), None)
    if found is None:
        raise NotFoundError
    return found


def _as_it_is(offer: Offer, fallback_ids: tuple[str, ...]) -> ModelChange:
    """A model as it was decided, with others in its place."""
    row = offer.row
    if row is None:
        return ModelChange(fallback_ids=fallback_ids)
    able = None if row.capabilities is None else tuple(row.capabilities)
    return ModelChange(row.display_name, row.icon, row.context_tokens, row.output_tokens, able, fallback_ids)


def _stand_in(model_id: str, offer: Offer | None) -> ChoiceItem:
    """A model in the place of another, which may be gone or switched off since it was chosen."""
    name = offer.route.model.name if offer else model_id
    return ChoiceItem(model_id, name, ["chat"] if offer and offer.is_enabled else [])


def _detail(offer: Offer, fallbacks: list[ChoiceItem], source: str) -> ModelDetail:
    model, row = offer.route.model, offer.row
    price, unit_price = model.price, model.unit_price
    return ModelDetail(
        id=model.id,
        title=model.name,
        provider=model.provider,
        kind=offer.kind,
        display_name=row.display_name if row else "",
        icon=model.icon,
        is_enabled=row.is_enabled if row else True,
        is_restricted=offer.is_restricted,
        is_of_settings=offer.route.account is None,
        context=str(row.context_tokens or "") if row else "",
        output=str(row.output_tokens or "") if row else "",
        known_context=str(offer.listed.context_tokens or ""),
        known_output=str(offer.listed.output_tokens or ""),
        capabilities=sorted(model.capabilities),
        fallbacks=fallbacks,
        source=source,
        input_price=write_amount(price.input_nanos) if price else "",
        output_price=write_amount(price.output_nanos) if price else "",
        cached_price=write_amount(price.cached_nanos) if price else "",
        unit_price=write_amount(unit_price.nanos) if unit_price else "",
        currency=priced.currency if (priced := unit_price or price) else "USD",
    )


def _number(entered: object) -> int | None:
    text = str(entered or "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInputError(t("Please enter a number of tokens, or nothing."))
    return int(text) if text else None
