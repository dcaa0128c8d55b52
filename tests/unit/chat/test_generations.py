"""Answers while they are written."""

import asyncio
from collections.abc import AsyncGenerator

from convosphere.answers.schemas import AnswerEvent
from convosphere.chat.generations import Generation, GenerationHost
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import ANONYMOUS
from convosphere.llm.schemas import TextPiece


async def test_stopping_twice_lets_the_connection_close() -> None:
    closed = asyncio.Event()
    ended: list[str] = []

    async def events() -> AsyncGenerator[AnswerEvent, None]:
        try:
            yield TextPiece("some")
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            closed.set()

    async def finish(_: Generation, status: str) -> None:
        ended.append(status)

    host, generation = GenerationHost(drain_seconds=0), Generation(ANONYMOUS, new_id())
    host.start(generation, events(), finish)
    await generation.wait_for_change(0)
    for _ in range(2):
        host.stop(generation.message_id)
        await asyncio.sleep(0)
    await generation.wait_for_end()
    assert closed.is_set()
    assert ended == ["stopped"]
