"""What a question costs the database: how often the process waits for it, from Send until it is shown whole."""

import sys
from collections.abc import Generator
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import answering, conversations, watching
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import Account
from convosphere.identity.schemas import Client
from convosphere.identity.service.sessions import open_session, recall_actor, resolve_actor
from convosphere.shell.tabs import SIGNED_IN_SECONDS
from tests.fixtures.people import People

MOST = 21
_trips: ContextVar[list[str]] = ContextVar("_trips")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wait for the server is noted in the list of whoever began what waits; tasks inherit it."""
    wait = psycopg.AsyncConnection.wait

    async def count_and_wait(self: psycopg.AsyncConnection, steps: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401
        return await wait(self, _noted(steps), *args, **named)

    monkeypatch.setattr(psycopg.AsyncConnection, "wait", count_and_wait)


def _noted(steps: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    try:
        wanted = next(steps)
    except StopIteration as done:
        return done.value  # Nothing had to be sent.
    if (trips := _trips.get(None)) is not None:
        trips.append(_asker())
    while True:
        try:
            wanted = steps.send((yield wanted))
        except StopIteration as done:
            return done.value


def _asker() -> str:
    """Which functions of the product ask, the nearest first."""
    frame, names = sys._getframe(1), []
    while frame:
        if frame.f_globals.get("__name__", "").startswith("convosphere."):
            names.append(frame.f_code.co_qualname)
        frame = frame.f_back
    return " < ".join(names[:4])


async def test_a_question_takes_few_round_trips(people: People, host: GenerationHost, counted: None) -> None:
    token = await _sign_in(people.bob)
    conversation_id = await _ask(token, "Question 1: how much is it?", None)
    _trips.set(trips := [])
    await _ask(token, "And the next one, how much is that?", conversation_id)
    assert 10 < len(trips) <= MOST, "\n".join(trips)


async def _ask(token: str, question: str, conversation_id: UUID | None) -> UUID:
    """What the States of a tab ask for one question, in their order."""
    actor = await resolve_actor(token)
    sent = await answering.send(actor, question, conversation_id=conversation_id, client_key=uuid4())
    await _list(token)
    watcher = await recall_actor(token, 1)
    async for _ in watching.watch(watcher, sent.answer.id):
        pass
    await conversations.get_message(watcher, sent.answer.id)
    await _list(token)
    return sent.conversation_id


async def _list(token: str) -> None:
    await conversations.list_conversations(await recall_actor(token, SIGNED_IN_SECONDS), limit=51)


async def _sign_in(actor: Actor) -> str:
    async with unit_of_work(actor) as uow:
        account = await uow.session.get_one(Account, actor.account_id)
        return (await open_session(uow, account, actor.role, Client("192.0.2.7", "test"))).token
