"""The Reader as a model among the others: the same events by the same path."""

import asyncio
import re
from collections.abc import AsyncGenerator

from convosphere.llm.reader.questions import read_question
from convosphere.llm.reader.ranking import rank, unmentioned
from convosphere.llm.reader.selection import select, select_nearest
from convosphere.llm.reader.units import split_units
from convosphere.llm.reader.wording import answer, nothing_found, small_talk
from convosphere.llm.schemas import CompletionRequest, Finished, Model, StreamEvent, TextPiece, Usage

READER = Model("reader", "Reader", "convosphere", is_reader=True)
_PIECE = re.compile(r"(?:\s*\S+){1,3}\s*")


class ReaderProvider:
    """Answers from the request's passages; needs nothing and costs nothing."""

    async def stream(self, name: str, label: str, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:  # noqa: ARG002
        """See `schemas.ChatProvider`; pieces of three words."""
        text = await asyncio.to_thread(read, request)
        for piece in _PIECE.findall(text):
            yield TextPiece(piece)
            await asyncio.sleep(0)
        yield Finished(Usage(0, 0, cost_nanos=0), "stop")


def read(request: CompletionRequest) -> str:
    """The Reader's whole answer as Markdown."""
    question = read_question(request)
    if question.small_talk:
        return small_talk(question, question.small_talk)
    units = [unit for passage in request.passages for unit in split_units(passage)]
    ranked = rank(question, units)
    if quotes := select(question, ranked, units):
        return answer(question, quotes, unmentioned(question, units), direct=True)
    if nearest := select_nearest(ranked, units):
        return answer(question, nearest, (), direct=False)
    return nothing_found(question)
