"""What vectors cost, in the ledger."""

from collections.abc import Sequence

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.schemas import Vectors
from convosphere.usage.schemas import CallRecord
from convosphere.usage.service.calls import book_call


def book_vectors(uow: UnitOfWork, vectors: Sequence[Sequence[float]]) -> None:
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
    book_call(uow, call)
