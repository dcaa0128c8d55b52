"""An answer that one process writes is followed in another: live through Redis, and by the database without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise
from uuid import uuid4

import pytest
import pytest_asyncio

from convosphere.chat import broadcasts
from convosphere.chat.broadcasts import Broadcaster, Piece
from convosphere.chat.generations import GenerationHost
from convosphere.chat.queries.generations import Progress
from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, conversations
from convosphere.chat.service.following import Copy, follow
from convosphere.core.errors import NotFoundError
from convosphere.core.live import LiveHub
from convosphere.core.permissions import Actor
from tests.fixtures.people import People
from tests.fixtures.redis import Redis
from tests.fixtures.waiting import until
from tests.provider.fixtures import RunningProvider

QUESTION = "[[tokens=200 rate=60 hold_every=100 markdown]] At length"


@pytest_asyncio.fixture
async def broadcaster(host: GenerationHost, redis: Redis) -> AsyncIterator[Broadcaster]:
    """The writing process; the test itself is the other one, so that all that passes between them is in Redis."""
    async with (
        LiveHub(redis.url).running() as writing,
        Broadcaster(host, writing).running() as running,
        LiveHub(redis.url).running() as watching,
    ):
        await until(lambda: writing.is_up and watching.is_up)
        yield running


async def send(actor: Actor, message: str) -> Sent:
    return await answering.send(actor, message, conversation_id=None, client_key=uuid4())


async def texts_of(actor: Actor, sent: Sent, begun: asyncio.Event | None = None) -> list[str]:
    """All that somebody sees who follows from now on; `begun` is set with the first of it."""
    texts: list[str] = []
    async with asyncio.timeout(60):
        async for copy in follow(actor, sent.answer.id):
            texts.append(copy.text)
            if begun and copy.text:
                begun.set()
    return texts


async def seen_by_two(actor: Actor, sent: Sent, provider: RunningProvider) -> tuple[list[str], list[str]]:
    """What is seen by one who follows from the beginning, and by one who comes in the middle."""
    here, there = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(texts_of(actor, sent, here))
    await asyncio.wait_for(here.wait(), 60)
    second = asyncio.create_task(texts_of(actor, sent, there))
    await asyncio.wait_for(there.wait(), 60)
    await asyncio.to_thread(provider.go_on)
    return await first, await second


def comes_live(texts: list[str]) -> bool:
    """Whether it came in small pieces: looks into the database, two a second, would find 150 letters each time."""
    return sum(0 < len(later) - len(earlier) < 75 for earlier, later in pairwise(texts)) > 5


async def stored_text(actor: Actor, sent: Sent) -> str:
    return (await conversations.get_message(actor, sent.answer.id)).text


def grows(texts: list[str]) -> bool:
    return all(later.startswith(earlier) for earlier, later in pairwise(texts))


async def test_every_piece_comes_once_and_in_order_also_to_who_comes_late(
    people: People, broadcaster: Broadcaster, provider: RunningProvider
) -> None:
    sent = await send(people.bob, QUESTION)
    seen, seen_late = await seen_by_two(people.bob, sent, provider)
    assert seen[-1] == seen_late[-1] == await stored_text(people.bob, sent)
    for texts in (seen, seen_late):
        assert grows(texts)
        assert comes_live(texts)


async def test_model_and_sources_come_along(people: People, broadcaster: Broadcaster) -> None:
    sent = await send(people.bob, QUESTION)
    async with aclosing(follow(people.bob, sent.answer.id)) as copies:
        async for copy in copies:
            if copy.model:
                break
    assert copy.model == "test-answer"
    await answering.stop(people.bob, sent.answer.id)


async def test_nothing_is_told_while_nobody_follows(people: People, broadcaster: Broadcaster) -> None:
    sent = await send(people.bob, QUESTION)
    await asyncio.sleep(0.3)
    assert broadcaster._broadcasts == {}
    async with aclosing(follow(people.bob, sent.answer.id)) as copies:
        async for copy in copies:
            if copy.writer:
                break
        assert list(broadcaster._broadcasts) == [sent.answer.id]
    await until(lambda: not broadcaster._broadcasts)
    assert (await conversations.get_message(people.bob, sent.answer.id)).status == "streaming", "it is held"
    await answering.stop(people.bob, sent.answer.id)


async def test_a_redis_that_dies_is_not_missed(
    people: People, broadcaster: Broadcaster, redis: Redis, provider: RunningProvider
) -> None:
    sent = await send(people.bob, QUESTION)
    texts: list[str] = []
    before = ""
    async with asyncio.timeout(60), aclosing(follow(people.bob, sent.answer.id)) as copies:
        async for copy in copies:
            texts.append(copy.text)
            if copy.writer and copy.text and not before:
                before = copy.text
                await asyncio.to_thread(redis.kill)
                await asyncio.to_thread(provider.go_on)
    redis.start()
    assert grows(texts)
    assert texts[-1] in (stored := await stored_text(people.bob, sent))
    assert len(texts[-1]) > len(before) > 0, "the database tells the rest, but for the very last words"
    assert stored.startswith(texts[-1])


async def test_a_redis_that_comes_back_is_used_again(people: People, broadcaster: Broadcaster, redis: Redis) -> None:
    sent = await send(people.bob, "[[tokens=400 rate=40 markdown]] At length")
    texts: list[str] = []
    killed = back = False
    async with asyncio.timeout(60), aclosing(follow(people.bob, sent.answer.id)) as copies:
        async for copy in copies:
            texts.append(copy.text)
            if copy.writer and not killed:
                killed = True
                redis.kill()
                redis.start()
                writer = copy.writer
            if killed and copy.writer not in {None, writer}:
                back = True
                await answering.stop(people.bob, sent.answer.id)
    assert back, "another broadcast took over"
    assert grows(texts)
    assert texts[-1] == await stored_text(people.bob, sent)


async def test_strangers_follow_nothing(people: People, broadcaster: Broadcaster) -> None:
    sent = await send(people.bob, QUESTION)
    for stranger in (people.eve, people.zoe):
        with pytest.raises(NotFoundError):
            await texts_of(stranger, sent)
    assert broadcaster._broadcasts == {}
    await answering.stop(people.bob, sent.answer.id)


async def test_nonsense_on_a_channel_changes_nothing(people: People, broadcaster: Broadcaster, redis: Redis) -> None:
    sent = await send(people.bob, "[[tokens=120 rate=60 markdown]] At length")
    async with LiveHub(redis.url).running() as stranger, aclosing(follow(people.bob, sent.answer.id)) as copies:
        texts: list[str] = []
        async for copy in copies:
            texts.append(copy.text)
            for channel in (broadcasts.WISHES, broadcasts.channel_of(sent.answer.id)):
                await stranger.publish(channel, b'{"text": 1}')
    assert texts[-1] == await stored_text(people.bob, sent)


def test_pieces_of_another_writer_begin_anew() -> None:
    first, second = uuid4(), uuid4()
    copy = Copy()
    assert copy.take(Piece(first, 0, "one "))
    assert copy.take(Piece(first, 4, "two "))
    assert copy.take(Piece(first, 0, "one two ")), "for somebody else"
    assert copy.text == "one two "
    assert not copy.take(Piece(first, 12, "four")), "three is missing"
    assert not copy.take(Piece(second, 8, "three")), "what came before may be another text"
    assert copy.take(Piece(second, 0, "new"))
    assert copy.text == "new"
    copy.take_stored(Progress(uuid4(), "ne", 1))
    assert (copy.text, copy.writer) == ("new", second)
    copy.take_stored(Progress(uuid4(), "other", 1))
    assert (copy.text, copy.writer) == ("other", None)


def test_thoughts_come_by_pieces_of_their_own() -> None:
    copy, writer = Copy(), uuid4()
    assert copy.take(Piece(writer, 0, "", thinking="First ", thinking_ms=10))
    assert copy.take(Piece(writer, 0, "Now", thinking_start=6, thinking="then", thinking_ms=20))
    assert (copy.text, copy.thinking, copy.thinking_ms) == ("Now", "First then", 20)
    assert not copy.take(Piece(writer, 3, "", thinking_start=20, thinking="more")), "something is missing"
    copy.take_stored(Progress(uuid4(), "Now", 1, "First"))
    assert (copy.thinking, copy.writer) == ("First then", writer), "what is stored lags behind"
