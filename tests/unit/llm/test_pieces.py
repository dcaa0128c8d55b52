"""Streams for whoever takes them more slowly than they come."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from convosphere.llm.errors import ProviderStreamBrokenError
from convosphere.llm.pieces import merged
from convosphere.llm.schemas import Finished, StreamEvent, TextPiece, ThinkingPiece, Usage

END = Finished(Usage(1, 1), "stop")


async def collect(events: AsyncGenerator[StreamEvent, None], taken: list[StreamEvent]) -> list[StreamEvent]:
    async for event in events:
        taken.append(event)  # noqa: PERF401  # What came before an error counts.
    return taken


async def let_all_work() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_first_comes_at_once_and_what_came_meanwhile_as_one() -> None:
    asked = asyncio.Event()

    async def source() -> AsyncGenerator[StreamEvent, None]:
        yield TextPiece("a")
        await asked.wait()
        for event in (TextPiece("b"), TextPiece("c"), ThinkingPiece("hm"), TextPiece("d"), END):
            yield event

    events = merged(source())
    assert await anext(events) == TextPiece("a")
    asked.set()
    await let_all_work()
    assert await collect(events, []) == [TextPiece("bc"), ThinkingPiece("hm"), TextPiece("d"), END]


async def test_an_error_comes_after_the_text_before_it() -> None:
    async def source() -> AsyncGenerator[StreamEvent, None]:
        yield TextPiece("so ")
        yield TextPiece("far")
        raise ProviderStreamBrokenError("m")

    taken: list[StreamEvent] = []
    with pytest.raises(ProviderStreamBrokenError):
        await collect(merged(source()), taken)
    assert "".join(event.text for event in taken if isinstance(event, TextPiece)) == "so far"


async def test_leaving_early_closes_the_source() -> None:
    closed = asyncio.Event()

    async def source() -> AsyncGenerator[StreamEvent, None]:
        try:
            yield TextPiece("a")
            await asyncio.Event().wait()
        finally:
            closed.set()

    async with aclosing(merged(source())) as events:
        assert await anext(events) == TextPiece("a")
        await let_all_work()
    assert closed.is_set()


async def test_a_source_without_anything_ends() -> None:
    async def source() -> AsyncGenerator[StreamEvent, None]:
        for event in ():
            yield event

    assert await collect(merged(source()), []) == []
