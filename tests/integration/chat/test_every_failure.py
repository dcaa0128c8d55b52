"""Each way in which a provider fails, through a conversation: what is stored, booked and logged of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import MessageView
from convosphere.chat.service import answering, conversations, watching
from convosphere.core.events import EventHub
from convosphere.core.i18n import Message
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm.gateway import Gateway
from convosphere.llm.routing import Patience
from tests.fixtures.people import People
from tests.integration.llm.failures import FAILURES, WRONG_USAGE
from tests.provider.fixtures import RunningProvider, provider

__all__ = ["provider"]

KEY = "sk-test-0123456789abcdef"
SECRET_QUESTION = "Ought-nobody-to-read-this"
# All failures come at once, so the breakers, which have tests of their own, must stay closed.
PATIENCE = Patience(first_token=20, next_token=20, total=60, backoff=0.01, breaks_after=1_000)
HASTY = replace(PATIENCE, first_token=4, next_token=3, total=12)
"""With those that do not answer."""


@pytest_asyncio.fixture
async def host(
    people: People, provider: RunningProvider, addresses: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[GenerationHost]:
    """A process that writes answers with one model."""
    provider.provider.models = ("test-echo",)
    monkeypatch.setenv("OPENAI_BASE_URL", provider.url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    get_settings.cache_clear()
    async with (
        EventHub(addresses.app_url).running(),
        Gateway(get_settings(), PATIENCE),
        GenerationHost(drain_seconds=0.2).running() as running,
    ):
        yield running


async def ask(actor: Actor, directive: str, model: str = "") -> MessageView:
    """The answer to a question with a directive, once it is over."""
    sent = await answering.send(
        actor, f"{SECRET_QUESTION} {directive}", conversation_id=None, client_key=uuid4(), model=model
    )
    async for _ in watching.watch(actor, sent.answer.id):
        pass
    return await conversations.get_message(actor, sent.answer.id)


async def calls_of(actor: Actor) -> dict[object, list[tuple[object, ...]]]:
    """What is booked for each message: status, error, cost."""
    async with unit_of_work(actor) as uow:
        rows = await uow.session.execute(
            text("SELECT message_id, status, error_code, cost_nanos, completion_tokens FROM model_call"
                 " WHERE purpose = 'answer'")
        )  # fmt: skip
        booked: dict[object, list[tuple[object, ...]]] = {}
        for row in rows:
            booked.setdefault(row.message_id, []).append(tuple(row)[1:])
        return booked


async def test_each_failure_is_said_kept_and_booked_once(
    people: People,
    host: GenerationHost,
    provider: RunningProvider,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    soon, late = ([failure for failure in FAILURES if failure.is_slow is is_slow] for is_slow in (False, True))
    answers = await asyncio.gather(*(ask(people.bob, failure.directive) for failure in soon))
    async with Gateway(get_settings(), HASTY):
        answers += await asyncio.gather(*(ask(people.bob, failure.directive) for failure in late))
    booked = await calls_of(people.bob)
    for failure, answer in zip([*soon, *late], answers, strict=True):
        assert answer.status == "failed", failure
        assert len(answer.text.split()) == failure.words, failure
        assert answer.error, failure
        said = Message(str(answer.error["text"]), dict(answer.error["values"]))  # pyright: ignore[reportArgumentType, reportCallIssue]
        assert "test-echo" in str(said), failure
        assert said.in_locale("de") != str(said), failure
        assert KEY not in json.dumps(answer.error), failure
        assert [call[:2] for call in booked[answer.id]] == [("failed", failure.error.code)], failure
    logged = "".join([*capfd.readouterr(), caplog.text])
    assert "model_failed" in logged
    assert KEY not in logged
    assert SECRET_QUESTION not in logged


async def test_wrong_numbers_are_booked_as_an_estimate(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    answers = await asyncio.gather(*(ask(people.bob, directive) for directive in WRONG_USAGE))
    booked = await calls_of(people.bob)
    for answer in answers:
        assert (answer.status, len(answer.text.split())) == ("done", 7)
        ((status, error, cost, tokens),) = booked[answer.id]
        assert (status, error or "", cost) == ("done", "", None)
        assert isinstance(tokens, int)
        assert 7 <= tokens < 100


async def test_an_answer_of_another_model_says_so(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    provider.provider.models = ("first", "second")
    async with Gateway(get_settings(), PATIENCE):
        answer = await ask(people.bob, "[[status=429 model=first]] [[text=Here. model=second]]", "first")
    assert (answer.status, answer.text, answer.model) == ("done", "Here.", "second")
    assert answer.switch_note == {
        "text": "Answered by {answered}, since {asked} had too many requests.",
        "values": {"answered": "second", "asked": "first"},
    }
    async with unit_of_work(people.bob) as uow:
        stored = (
            await uow.session.execute(
                text("SELECT asked_model, model FROM message WHERE id = :id"), {"id": answer.id}
            )
        ).one()  # fmt: skip
        (call,) = (
            await uow.session.execute(
                text("SELECT asked_model, model, status FROM model_call WHERE message_id = :id"), {"id": answer.id}
            )
        ).all()
    assert tuple(stored) == ("first", "second")
    assert tuple(call) == ("first", "second", "done")


async def test_an_answer_of_the_model_that_was_asked_says_nothing(people: People, host: GenerationHost) -> None:
    assert (await ask(people.bob, "[[text=Here.]]")).switch_note is None
