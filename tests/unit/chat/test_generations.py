"""Answers while they are written."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from convosphere.answers.schemas import AnswerEvent
from convosphere.chat import pace
from convosphere.chat.generations import Generation, GenerationHost
from convosphere.chat.pace import Pace
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import ANONYMOUS
from convosphere.llm.reader.provider import READER
from convosphere.llm.schemas import ModelChosen, TextPiece


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


async def test_what_comes_while_an_answer_rests_waits_and_the_first_words_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rested: list[int] = []
    due = asyncio.Event()

    async def rest(_: Pace, answers: int) -> None:
        rested.append(answers)
        await due.wait()

    async def events() -> AsyncGenerator[AnswerEvent, None]:
        yield ModelChosen(READER)
        yield TextPiece("first")
        yield TextPiece(" and second")

    async def finish(generation: Generation, _: str) -> None:
        assert generation.text == "first and second"

    monkeypatch.setattr(Pace, "rest", rest)
    host, generation = GenerationHost(drain_seconds=0), Generation(ANONYMOUS, new_id())
    host.start(generation, events(), finish)
    await generation.wait_for_change(1)
    assert (generation.text, rested) == ("first", [1])
    due.set()
    await generation.wait_for_end()
    assert rested == [1, 1]


async def test_the_more_are_written_the_longer_each_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(round(seconds, 3))

    monkeypatch.setattr(pace.asyncio, "sleep", sleep)
    for answers in (1, 15, 60, 100, 101, 1000):
        await Pace().rest(answers)
    assert asked == pytest.approx([1 / 40, 1 / 40, 0.08, 1 / 10, 101 / pace.PIECES_AT_ONCE, 1 / 5], abs=0.002)
