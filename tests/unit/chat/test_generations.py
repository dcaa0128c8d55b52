"""Answers while they are written."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from convosphere.answers.schemas import AnswerEvent
from convosphere.chat import generations, pace
from convosphere.chat.generation import Generation
from convosphere.chat.generations import GenerationHost
from convosphere.chat.pace import Pace
from convosphere.core.errors import DatabaseAwayError, ExpectedError, NotFoundError
from convosphere.core.i18n import Message, t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import ANONYMOUS
from convosphere.llm.reader.provider import READER
from convosphere.llm.schemas import Model, ModelChosen, TextPiece, Waiting


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

    host, generation = GenerationHost(drain_seconds=0), Generation(ANONYMOUS, new_id(), new_id())
    host.start(generation, events(), finish)
    await generation.wait_for_change(0)
    for _ in range(2):
        host.stop(generation.message_id)
        await asyncio.sleep(0)
    await generation.wait_for_end()
    assert closed.is_set()
    assert ended == ["stopped"]


@pytest.mark.parametrize(("error", "tries"), [(DatabaseAwayError(), 9), (NotFoundError(), 1)])
async def test_an_end_is_stored_once_the_database_is_back(
    monkeypatch: pytest.MonkeyPatch, error: ExpectedError, tries: int
) -> None:
    paused: list[float] = []
    tried: list[str] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    async def events() -> AsyncGenerator[AnswerEvent, None]:
        yield TextPiece("some")

    async def finish(generation: Generation, status: str) -> None:
        assert host.find(generation.message_id) is generation
        tried.append(status)
        if len(tried) < 9:
            raise error

    host, generation = GenerationHost(drain_seconds=0), Generation(ANONYMOUS, new_id(), new_id())
    monkeypatch.setattr(generations.asyncio, "sleep", sleep)
    host.start(generation, events(), finish)
    await generation.wait_for_end()
    assert tried == ["done"] * tries
    assert [seconds for seconds in paused if seconds >= 0.5] == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0, 4.0][: tries - 1]


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
    host, generation = GenerationHost(drain_seconds=0), Generation(ANONYMOUS, new_id(), new_id())
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


def test_a_place_in_line_is_told_until_the_turn_comes() -> None:
    generation, model = Generation(ANONYMOUS, new_id(), new_id()), Model("m", "Model", "p")
    generation.take(ModelChosen(model))
    generation.take(Waiting(model, 3))
    assert generation.waiting is not None
    assert str(generation.waiting) == "Waiting for Model: your question is number 3 in line."
    assert generation.waiting.in_locale("de") == "Warten auf Model: Ihre Frage ist an Stelle 3."
    generation.take(Waiting(model, 0))
    assert generation.waiting is None


def test_who_was_asked_is_known_where_another_answers() -> None:
    generation, asked, other = Generation(ANONYMOUS, new_id(), new_id()), Model("a", "A", "p"), Model("b", "B", "p")
    note: Message = t("Answered by {answered}, since {asked} did not work.", answered="B", asked="A")
    generation.take(ModelChosen(asked))
    generation.take(Waiting(asked, 2))
    generation.take(ModelChosen(other, asked, note))
    assert (generation.model, generation.asked_model, generation.switch_note) == ("b", "a", note)
    assert generation.waiting is None
