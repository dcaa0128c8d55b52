"""Tabs that watch an answer while the process, or the database, has too much to do."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from uuid import UUID

import pytest

from convosphere.answers.schemas import AnswerEvent
from convosphere.chat.generation import Generation
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import MessageView
from convosphere.chat.service import following, watching
from convosphere.chat.state import answer_state
from convosphere.core.errors import NotFoundError, UnavailableError
from convosphere.core.events import EventHub
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.llm.schemas import TextPiece

STORED = MessageView(new_id(), None, "assistant", "done", "All of it.", "m", None, utc_now())


class Guard:
    """Of a tab that stays open until it has been asked so many times."""

    def __init__(self, times: int = 1000) -> None:
        self._left = times

    async def holds(self) -> bool:
        self._left -= 1
        return self._left >= 0


def busy_database(times: int, then: Exception | None = None) -> Callable[[Actor, UUID], Awaitable[MessageView]]:
    """A query that has no connection so many times, and then its message."""
    left = iter(range(times))

    async def get_message(_actor: Actor, _id: UUID) -> MessageView:
        for _ in left:
            raise UnavailableError
        if then:
            raise then
        return STORED

    return get_message


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_state, "AGAIN_SECONDS", 0)
    monkeypatch.setattr(following, "SILENCE_SECONDS", 0)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[GenerationHost]:
    host = GenerationHost(drain_seconds=0)
    hub = EventHub("")  # In which nobody says anything.
    monkeypatch.setattr(watching, "current_generation_host", lambda: host)
    monkeypatch.setattr(watching, "current_event_hub", lambda: hub)
    yield host
    assert host.count == 0


@pytest.mark.parametrize("times", [0, 1, 50])
async def test_a_tab_asks_for_the_finished_message_until_it_has_it(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    monkeypatch.setattr(answer_state.conversations, "get_message", busy_database(times))
    assert await answer_state._stored(ANONYMOUS, STORED.id, Guard()) == STORED  # pyright: ignore[reportArgumentType]


async def test_a_tab_that_is_closed_or_whose_message_is_gone_asks_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_state.conversations, "get_message", busy_database(50))
    assert await answer_state._stored(ANONYMOUS, STORED.id, Guard(3)) is None  # pyright: ignore[reportArgumentType]
    monkeypatch.setattr(answer_state.conversations, "get_message", busy_database(2, NotFoundError()))
    with pytest.raises(NotFoundError):
        await answer_state._stored(ANONYMOUS, STORED.id, Guard())  # pyright: ignore[reportArgumentType]


async def test_who_comes_after_the_end_of_an_answer_is_not_turned_away_by_a_busy_database(
    monkeypatch: pytest.MonkeyPatch, host: GenerationHost
) -> None:
    busy = busy_database(5)

    async def find_message(actor: Actor, message_id: UUID) -> tuple[UUID, MessageView]:
        return new_id(), await busy(actor, message_id)

    monkeypatch.setattr(watching, "find_message", find_message)
    asked: list[int] = []

    async def get_progress(_actor: Actor, _id: UUID) -> None:
        asked.append(1)
        if len(asked) < 5:
            raise UnavailableError

    monkeypatch.setattr(following, "get_progress", get_progress)
    seen: list[UUID] = []

    async def mark_answer_seen(_actor: Actor, message_id: UUID) -> None:
        seen.append(message_id)

    monkeypatch.setattr(watching, "mark_answer_seen", mark_answer_seen)
    assert [look async for look in watching.watch(ANONYMOUS, STORED.id)] == []
    assert len(asked) == 5
    assert seen == [STORED.id]


async def test_a_watcher_that_is_held_up_sees_the_last_words_and_the_end(host: GenerationHost) -> None:
    written = asyncio.Event()

    async def events() -> AsyncGenerator[AnswerEvent, None]:
        for number in range(3):
            yield TextPiece(f"{number} ")
        written.set()

    async def finish(_: Generation, _status: str) -> None:
        return

    generation = Generation(ANONYMOUS, new_id(), new_id())
    host.start(generation, events(), finish)
    looks = watching.watch(ANONYMOUS, generation.message_id)
    seen = [(await anext(looks)).text]
    await written.wait()
    seen += [look.text async for look in looks]
    assert seen[-1] == "0 1 2 "
    assert generation.is_over
