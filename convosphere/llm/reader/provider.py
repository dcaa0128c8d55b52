"""The Reader as a model among the others: the same events by the same path."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence

from convosphere.llm.pieces import merged
from convosphere.llm.reader.questions import Question, read_question
from convosphere.llm.reader.ranking import rank, unmentioned
from convosphere.llm.reader.selection import select, select_nearest
from convosphere.llm.reader.units import split_units
from convosphere.llm.reader.wording import answer, closing, nothing_found, small_talk
from convosphere.llm.schemas import CompletionRequest, Finished, Model, Passage, StreamEvent, TextPiece, Usage

READER = Model("reader", "Reader", "convosphere", is_reader=True)
UNANSWERED = "unanswered"
"""Why an answer ended that only says what comes nearest, or that there is nothing."""
_PIECE = re.compile(r"(?:\s*\S+){1,3}\s*")


class ReaderProvider:
    """Answers from the request's passages; needs nothing and costs nothing."""

    def stream(self, name: str, label: str, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:  # noqa: ARG002
        """See `schemas.ChatProvider`."""
        return merged(self._stream(request))

    async def _stream(self, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """Pieces of three words."""
        text, is_answered = await asyncio.to_thread(read, request)
        for piece in _PIECE.findall(text):
            yield TextPiece(piece)
            await asyncio.sleep(0)
        yield Finished(Usage(0, 0, cost_nanos=0), "stop" if is_answered else UNANSWERED)


def read(request: CompletionRequest) -> tuple[str, bool]:
    """The Reader's whole answer as Markdown, and whether it is one."""
    question = read_question(request)
    if question.small_talk:
        text, quotation, is_answered = small_talk(question, question.small_talk), None, True
    else:
        quotation, is_answered = _quote(question, request.passages)
        text = quotation or nothing_found(question)
    end = closing(question, quoted=quotation is not None, models_connected=request.models_connected)
    return f"{text}\n\n{end}", is_answered


def _quote(question: Question, passages: Sequence[Passage]) -> tuple[str | None, bool]:
    """Quotations, if there are any, and whether they answer the question."""
    units = [unit for passage in passages for unit in split_units(passage)]
    ranked = rank(question, units)
    if quotes := select(question, ranked, units):
        return answer(question, quotes, unmentioned(question, units), direct=True), True
    if nearest := select_nearest(ranked, units):
        return answer(question, nearest, (), direct=False), False
    return None, False
