"""Pictures that a model makes for assistants, after what somebody wishes to see."""

import time
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from convosphere.assistants.queries import pictures as queries
from convosphere.assistants.schemas import OWN_PICTURE
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.images.apart import make_picture
from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.schemas import Picture
from convosphere.core.lines import plain_line
from convosphere.core.permissions import Actor, Permission
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import TooManyAttemptsError
from convosphere.llm.booking import planned_price
from convosphere.llm.drawing import MOST_TOKENS, Drawing, Illustrator
from convosphere.llm.errors import ProviderError, ProviderUnreadableError
from convosphere.llm.gateway import current_gateway
from convosphere.llm.tokens import estimate_tokens
from convosphere.usage.schemas import CallRecord, PlannedCall, PlannedPrice
from convosphere.usage.service.calls import book_call
from convosphere.usage.service.reserving import reserved

LONGEST_WISH: Final = 500
_STYLE: Final = (
    "A picture for a small round icon: one clear motif in the middle, few colours, a plain background, "
    "no letters, no words, no frame. It shows: {wish}"
)
_drawings = Throttle("30/hour", "assistant-drawings")


@dataclass(frozen=True)
class DrawingOffer:
    """Who makes pictures, and what one costs, in billionths of the currency; None if that is not known before."""

    model: str
    cost_nanos: int | None
    currency: str


async def get_offer(actor: Actor) -> DrawingOffer | None:
    """Who would make a picture; nobody, if the workspace chose no model for that which the actor may use."""
    require(actor, Permission.ASSISTANT_WRITE)
    illustrator = await current_gateway().illustrator(actor)
    return illustrator and DrawingOffer(illustrator.model.name, illustrator.cost_nanos(None), illustrator.currency)


async def draw_picture(actor: Actor, wish: str) -> str:
    """Have a picture made of what somebody wishes to see; gives what names it in the place of an icon.

    Raises:
        InvalidInputError: nothing is wished for, or too much.
        ConflictError: nobody makes pictures any more.
        TooManyAttemptsError: the actor had too many made in the last hour.
        BudgetUsedUpError: a budget has not enough left for it.
        ProviderError: the model made none.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    if not 0 < len(wish := plain_line(wish)) <= LONGEST_WISH:
        raise InvalidInputError(t("Please say in up to {count} characters what it should show.", count=LONGEST_WISH))
    illustrator = await current_gateway().illustrator(actor)
    if illustrator is None:
        raise ConflictError(t("Nobody makes pictures here any more. Please choose a file instead."))
    if seconds := await _drawings.wait(str(actor.account_id)):
        raise TooManyAttemptsError(seconds)
    asked = _STYLE.format(wish=wish)
    plan = _plan(illustrator, asked)
    async with reserved(actor, plan) as reservation_id:
        return await _draw(actor, illustrator, asked, plan, reservation_id)


def _plan(illustrator: Illustrator, asked: str) -> PlannedCall:
    if flat := illustrator.model.unit_price:
        price = PlannedPrice(0, 0, flat.currency)
        return PlannedCall(prompt_tokens=0, most_output=0, least_output=0, price=price, flat_nanos=flat.nanos)
    price = planned_price(illustrator.model.price)
    return PlannedCall(estimate_tokens(asked), MOST_TOKENS, least_output=MOST_TOKENS, price=price)


async def _draw(actor: Actor, illustrator: Illustrator, asked: str, plan: PlannedCall, reservation_id: UUID) -> str:
    """The picture is kept with the booking of its call; one that cannot be read is paid all the same."""
    started, drawing = time.monotonic(), None
    try:
        drawing = await illustrator.draw(asked)
        picture = await _read(drawing, illustrator)
    except ProviderError as error:
        failed = replace(_record(illustrator, plan, started, drawing), status="failed", error_code=error.code)
        async with unit_of_work(actor) as uow:
            book_call(uow, failed)
        raise
    async with unit_of_work(actor) as uow:
        await queries.add(uow, picture.digest, picture.image)
        book_call(uow, _record(illustrator, plan, started, drawing), reservation_id=reservation_id)
    return f"{OWN_PICTURE}{picture.digest}"


async def _read(drawing: Drawing, illustrator: Illustrator) -> Picture:
    try:
        return await make_picture(drawing.data)
    except ImageRefusedError:
        raise ProviderUnreadableError(illustrator.model.name) from None


def _record(illustrator: Illustrator, plan: PlannedCall, started: float, drawing: Drawing | None) -> CallRecord:
    """What is booked; of a picture whose provider tells no use, budgets count what it was to take."""
    model, usage = illustrator.model, drawing.usage if drawing else None
    cost = illustrator.cost_nanos(usage) if drawing else None
    return CallRecord(
        purpose="image", model=model.id, provider=model.provider, status="done",
        total_ms=round(1_000 * (time.monotonic() - started)),
        prompt_tokens=usage.prompt_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
        cost_nanos=cost, currency=illustrator.currency,
        counted_nanos=plan.least_nanos if drawing and cost is None else None,
        counted_tokens=plan.least_tokens if drawing and usage is None else None,
    )  # fmt: skip
