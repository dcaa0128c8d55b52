"""The rules of prices: set from a moment on, kept for ever, and never guessed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from convosphere.core.audit.actions import MODEL_PRICED, PriceFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.gateway import current_gateway
from convosphere.llm.models import ModelPrice
from convosphere.llm.prices import NANOS
from convosphere.llm.queries import offers as offer_queries
from convosphere.llm.workspaces import models_topic

HIGHEST = Decimal(100_000)
"""Units of a currency for a million tokens; more is a slip of the keyboard."""
LONGEST_AHEAD = timedelta(days=366)
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"\d{1,9}([.,]\d{1,9})?")


@dataclass(frozen=True)
class PriceDraft:
    """A price as it is entered, with a point or a comma: units of the currency for a million tokens.

    Models that write down what is said, or make pictures, have that of a `unit` instead: a minute of sound, a picture.
    `source` is `own`, `list` for what the price list says, or `unknown`. It holds from `valid_from` on, or from now.
    """

    source: str
    input: str = ""
    output: str = ""
    cached: str = ""
    unit: str = ""
    currency: str = "USD"
    valid_from: datetime | None = None


async def set_price(actor: Actor, model_id: str, draft: PriceDraft) -> None:
    """Say what a model costs from a moment on. What was called before keeps the price of then.

    Raises:
        NotFoundError: there is no such model.
        InvalidInputError: it is no price, or holds from a moment that is over.
    """
    require(actor, Permission.MODEL_MANAGE)
    kind = await _kind_of(actor, model_id)
    row = _read(draft, kind)
    async with unit_of_work(actor) as uow:
        row.workspace_id, row.model_id, row.set_by = uow.workspace_id, model_id, actor.account_id
        earlier = await offer_queries.list_prices(uow, model_id)
        uow.session.add(row)
        before = next((each for each in earlier if each.valid_from <= row.valid_from), None)
        uow.record(MODEL_PRICED, label=model_id, before=before and _facts(before), after=_facts(row))
        await uow.publish(models_topic(uow.workspace_id))
        workspace_id = uow.workspace_id
    current_gateway().forget(workspace_id)


async def list_prices(actor: Actor, model_id: str) -> list[ModelPrice]:
    """The prices that were ever set for a model, the newest first."""
    require(actor, Permission.MODEL_MANAGE)
    async with unit_of_work(actor) as uow:
        return await offer_queries.list_prices(uow, model_id)


def read_amount(text: str) -> int:
    """Billionths of a unit.

    Raises:
        InvalidInputError: it is no amount of money.
    """
    text = text.strip()
    try:
        amount = Decimal(text.replace(",", ".")) if _AMOUNT.fullmatch(text) else None
    except InvalidOperation:
        amount = None
    if amount is None or amount > HIGHEST:
        raise InvalidInputError(t("Please enter a price such as 2.50."))
    return int(amount * NANOS)


def write_amount(nanos: int | None) -> str:
    """Units with as many decimals as it takes, at least two; nothing if it is not known."""
    if nanos is None:
        return ""
    whole, _, part = f"{Decimal(nanos) / NANOS:f}".partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def _read(draft: PriceDraft, kind: str) -> ModelPrice:
    now = utc_now()
    begin = draft.valid_from or now
    if begin < now - timedelta(minutes=1) or begin > now + LONGEST_AHEAD:
        raise InvalidInputError(t("A price holds from now on, or from a day within the next year."))
    row = ModelPrice(workspace_id=UUID(int=0), model_id="", valid_from=max(begin, now), source=draft.source)
    if draft.source not in {"own", "list", "unknown"}:
        raise InvalidInputError(t("The request could not be read."))
    if draft.source == "own":
        if not _CURRENCY.fullmatch(draft.currency):
            raise InvalidInputError(t("Please enter a currency such as EUR or USD."))
        _take_amounts(row, draft, kind)
        row.currency = draft.currency
    return row


def _take_amounts(row: ModelPrice, draft: PriceDraft, kind: str) -> None:
    if kind == "speech":
        row.minute_nanos = read_amount(draft.unit)
    elif kind == "image":
        row.picture_nanos = read_amount(draft.unit)
    else:
        row.input_nanos, row.output_nanos = read_amount(draft.input), read_amount(draft.output)
        row.cached_nanos = read_amount(draft.cached) if draft.cached.strip() else None


async def _kind_of(actor: Actor, model_id: str) -> str:
    if actor.workspace_id is None:
        raise NotFoundError
    offers = await current_gateway().all_offers(actor.workspace_id)
    own = (each for each in offers if each.route.model.id == model_id and not each.route.model.is_reader)
    if (offer := next(own, None)) is None:
        raise NotFoundError
    return offer.kind


def _facts(row: ModelPrice) -> PriceFacts:
    return PriceFacts(
        price_source=row.source, input_price=write_amount(row.input_nanos), output_price=write_amount(row.output_nanos),
        cached_price=write_amount(row.cached_nanos), minute_price=write_amount(row.minute_nanos),
        picture_price=write_amount(row.picture_nanos), currency=row.currency, since=row.valid_from.isoformat(),
    )  # fmt: skip
