"""What documents did not answer: a port, since whoever keeps such questions lies above."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from convosphere.answers.schemas import Brief, CitationPolicy
from convosphere.chat.generation import Generation
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.reader.provider import UNANSWERED


@dataclass(frozen=True)
class Ended:
    """An answer that was to come from documents, its question, and whether it did."""

    answer_id: UUID
    question: str
    is_answered: bool


Listener = Callable[[UnitOfWork, Ended], Awaitable[None]]


class EndedAnswers:
    """Who is told of answers that were to come from documents, in the transaction that stores them."""

    _listeners: ClassVar[dict[str, Listener]] = {}

    @classmethod
    def listen(cls, name: str, listener: Listener) -> None:
        """Be told; composition roots say so."""
        cls._listeners[name] = listener

    @classmethod
    async def tell(cls, uow: UnitOfWork, ended: Ended) -> None:
        """Tell all of them."""
        for listener in cls._listeners.values():
            await listener(uow, ended)


def asks_documents(brief: Brief) -> bool:
    """Whether an answer is to come from documents, rather than from them as from anything else."""
    return brief.citations is not CitationPolicy.FREE and not brief.knowledge.is_empty


def ended_answer(generation: Generation, status: str, question: str, cited: Collection[int]) -> Ended | None:
    """What there is to tell: of a whole answer, whether it cites anything that was found, unless its model knows."""
    if status != "done" or not generation.asks_documents:
        return None
    cites = any(source.number in cited for source in generation.sources)
    is_answered = cites and generation.finish_reason != UNANSWERED
    return Ended(generation.message_id, question, is_answered)
