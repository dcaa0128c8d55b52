"""What vectors cost: set aside before they are made, and in the ledger afterwards."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.embeddings.embedder import Vectors
from convosphere.llm.schemas import EmbeddingModel
from convosphere.llm.tokenizers import counter_of
from convosphere.usage.schemas import CallRecord, PlannedCall, PlannedPrice
from convosphere.usage.service.calls import book_call
from convosphere.usage.service.reserving import reserved

TEXT_TOKENS = 8
"""What a text may take beside its own: a prefix that the model wants, and marks of its beginning and end."""


@asynccontextmanager
async def set_aside(actor: Actor, model: EmbeddingModel | None, texts: Sequence[str]) -> AsyncIterator[UUID | None]:
    """Set aside what the vectors of texts may use, to be settled by `book_vectors`; taken back if they are not made.

    Raises:
        BudgetUsedUpError: a budget has not enough left for them.
    """
    if model is None or model.is_local:
        yield None
        return
    async with reserved(actor, _plan(model, texts)) as reservation_id:
        yield reservation_id


def _plan(model: EmbeddingModel, texts: Sequence[str]) -> PlannedCall:
    count, price = counter_of(model.id), model.price
    return PlannedCall(
        prompt_tokens=sum(count(text) + TEXT_TOKENS for text in texts),
        most_output=0,
        least_output=0,
        price=PlannedPrice(price.input_nanos, 0, price.currency) if price else None,
    )


def book_vectors(uow: UnitOfWork, vectors: Sequence[Sequence[float]], reservation_id: UUID | None = None) -> None:
    """Book the making of vectors with what they are kept or used for; those of a local model cost nobody anything."""
    if not isinstance(vectors, Vectors) or vectors.usage is None:
        return
    usage = vectors.usage
    call = CallRecord(
        purpose="embedding",
        model=vectors.model.id,
        provider=vectors.model.provider,
        status="done",
        total_ms=vectors.total_ms,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=0,
        is_estimated=usage.estimated,
        cost_nanos=usage.cost_nanos,
        currency=usage.currency,
    )
    book_call(uow, call, reservation_id=reservation_id)
