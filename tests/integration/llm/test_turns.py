"""Turns, rests and health of providers, over HTTP."""

import asyncio
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace

import pytest

from convosphere.core.i18n import Message
from convosphere.llm.errors import (
    ContextTooLongError,
    ProviderBusyError,
    ProviderRestingError,
    ProviderTimeoutError,
    ProviderUnavailableError,
)
from convosphere.llm.providers.direct import DirectProvider, Endpoint, open_session
from convosphere.llm.routing import Account, Limits, Patience, Route, Router
from convosphere.llm.routing import router as router_module
from convosphere.llm.routing.breakers import Breakers
from convosphere.llm.routing.queues import NO_LIMITS
from convosphere.llm.schemas import Model, ModelChosen, StreamEvent, TextPiece, Waiting
from tests.fixtures.waiting import until
from tests.integration.llm.conftest import KEY, PATIENT, ask, collect, text_of
from tests.provider.fixtures import RunningProvider, start_provider

# Short of turns: a busy machine may take long for a first word.
SHORT = Patience(first_token=20, next_token=20, total=20.6, backoff=0.01, with_fallback=0.2, breaks_after=2, rest=0.3)


class Providers:
    """Models of test providers as routes."""

    def __init__(self) -> None:
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> "Providers":
        self._session = await self._opened.enter_async_context(open_session())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    def route(
        self, provider: RunningProvider, name: str = "one", limits: Limits = NO_LIMITS, reads: int | None = None
    ) -> Route:
        endpoint = Endpoint("openai", provider.url, KEY)
        model = Model(name, f"Model {name}", "openai", context_tokens=reads)
        return Route(model, DirectProvider(endpoint, self._session), name, account=Account(provider.url, "P", limits))


async def running(provider: RunningProvider) -> int:
    """How many chats the provider answers at this moment."""
    return sum(chat.finished is None and chat.disconnected is None for chat in provider.chats())


async def test_no_more_at_once_than_the_account_takes(provider: RunningProvider) -> None:
    most = 0

    async def look() -> None:
        nonlocal most
        while True:
            most = max(most, await running(provider))
            await asyncio.sleep(0.005)

    async with Providers() as providers:
        route, router = providers.route(provider, limits=Limits(parallel=3)), Router(PATIENT)
        looking = asyncio.create_task(look())
        streams = [router.stream([route], ask("[[tokens=5 rate=50]]"), person) for person in range(12)]
        answers = await asyncio.gather(*(collect(stream) for stream in streams))
        looking.cancel()
    assert {len(text_of(answer).split()) for answer in answers} == {5}
    assert 2 <= most <= 4, "one may be ending while the next begins"
    health = router.health()[0]
    assert (health.running, health.waiting, health.health.figures.asked) == (0, 0, 12)


async def test_one_person_with_many_questions_holds_up_nobody(provider: RunningProvider) -> None:
    async with Providers() as providers:
        route, router = providers.route(provider, limits=Limits(parallel=1)), Router(PATIENT)
        many = [
            asyncio.create_task(collect(router.stream([route], ask(f"[[tokens=4 rate=40]] {number}"), "ann")))
            for number in range(6)
        ]
        assert await asyncio.to_thread(provider.wait_for, lambda: bool(provider.chats()))
        await collect(router.stream([route], ask("[[text=Bob.]]"), "bob"))
        assert sum(task.done() for task in many) <= 2
        await asyncio.gather(*many)


async def test_who_waits_long_is_told_their_place(provider: RunningProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convosphere.llm.routing.asking.TELL_PLACE_SECONDS", 0.02)
    async with Providers() as providers:
        route, router = providers.route(provider, limits=Limits(parallel=1)), Router(PATIENT)
        others = [
            asyncio.create_task(collect(router.stream([route], ask("[[tokens=9 rate=30]]"), person)))
            for person in ("ann", "bob")
        ]
        assert await asyncio.to_thread(provider.wait_for, lambda: bool(provider.chats()))
        events = await collect(router.stream([route], ask("[[text=Here.]]"), "cem"))
        await asyncio.gather(*others)
    assert [event.place for event in events if isinstance(event, Waiting)] == [2, 1, 0]
    assert text_of(events) == "Here."


async def test_waiting_counts_against_the_time_there_is(provider: RunningProvider) -> None:
    async with Providers() as providers:
        route, router = providers.route(provider, limits=Limits(parallel=1)), Router(SHORT)
        first = router.stream([route], ask("[[tokens=100 rate=20]]"), "ann")
        async with aclosing(first):
            async for event in first:
                if isinstance(event, TextPiece):
                    break
            with pytest.raises(ProviderBusyError) as raised:
                await collect(router.stream([route], ask("Hello"), "bob"))
            assert len(provider.chats()) == 1
            assert "wait" in str(raised.value.message)
            assert router.health()[0].waiting == 0
    assert router.health()[0].running == 0


async def test_who_gives_up_waiting_leaves_the_line(provider: RunningProvider) -> None:
    async with Providers() as providers:
        route, router = providers.route(provider, limits=Limits(parallel=1)), Router(PATIENT)
        first = asyncio.create_task(collect(router.stream([route], ask("[[tokens=9 rate=20]]"), "ann")))
        assert await asyncio.to_thread(provider.wait_for, lambda: bool(provider.chats()))
        second = asyncio.create_task(collect(router.stream([route], ask("Hello"), "bob")))
        await until(lambda: router.health()[0].waiting == 1)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        assert router.health()[0].waiting == 0
        await first
    assert len(provider.chats()) == 1


async def test_a_long_line_sends_people_to_the_next_model(provider: RunningProvider) -> None:
    with start_provider() as other:
        async with Providers() as providers:
            routes = [providers.route(provider, limits=Limits(parallel=1)), providers.route(other, "two")]
            router = Router(SHORT)
            first = asyncio.create_task(collect(router.stream(routes[:1], ask("[[tokens=20 rate=20]]"), "ann")))
            assert await asyncio.to_thread(provider.wait_for, lambda: bool(provider.chats()))
            events = await collect(router.stream(routes, ask("[[text=Here.]]"), "bob"))
            await first
    chosen = [event for event in events if isinstance(event, ModelChosen)]
    assert [event.model.id for event in chosen] == ["one", "two"]
    assert chosen[1].instead_of == routes[0].model
    assert chosen[1].note == Message(
        "Answered by {answered}, since too many questions waited for {asked}.",
        {"answered": "Model two", "asked": "Model one"},
    )
    assert chosen[1].note
    assert chosen[1].note.in_locale("de") != str(chosen[1].note)


async def test_what_fails_always_is_asked_no_more_until_one_may_see(
    provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    now = 0.0
    monkeypatch.setattr(router_module, "Breakers", lambda patience: Breakers(patience, lambda: now))
    async with Providers() as providers:
        route, router = providers.route(provider), Router(SHORT, told.append)
        for _ in range(2):
            with pytest.raises(ProviderUnavailableError):
                await collect(router.stream([route], ask("[[status=500]]")))
        assert len(told) == 2
        before = len(provider.chats())
        with pytest.raises(ProviderRestingError):
            await collect(router.stream([route], ask("Hello")))
        assert len(provider.chats()) == before
        (health,) = router.health()
        (model,) = health.models
        assert (model.state, model.figures.asked, model.figures.failed) == ("resting", 2, 2)
        assert model.last_error is not None
        assert health.health.state == "working", "another model of the provider may well answer"
        now += SHORT.rest
        assert router.health()[0].models[0].state == "probing"
        assert text_of(await collect(router.stream([route], ask("[[text=Back.]]")))) == "Back."
        (model,) = router.health()[0].models
    assert (model.state, model.figures.asked, model.figures.failed) == ("working", 3, 2)
    assert model.figures.first_token_seconds is not None


async def test_a_fault_of_the_connection_speaks_against_the_whole_provider(provider: RunningProvider) -> None:
    async with Providers() as providers:
        gone = providers.route(RunningProvider("http://127.0.0.1:9/v1", provider.provider))
        router = Router(SHORT)
        events = await collect(router.stream([gone, providers.route(provider, "two")], ask("[[text=Here.]]")))
        states = {health.key: health.health.state for health in router.health()}
    assert text_of(events) == "Here."
    assert states == {"http://127.0.0.1:9/v1": "failing", provider.url: "working"}


async def test_only_a_model_that_reads_more_answers_what_was_too_long(provider: RunningProvider) -> None:
    with start_provider() as other:
        async with Providers() as providers:
            small = providers.route(provider, reads=8_000)
            question = ask("[[context model=one]] [[text=Here. model=two]]")
            with pytest.raises(ContextTooLongError):
                await collect(Router(PATIENT).stream([small, providers.route(other, "two", reads=8_000)], question))
            large = providers.route(other, "two", reads=32_000)
            events = await collect(Router(PATIENT).stream([small, large], question))
    assert text_of(events) == "Here."


async def test_a_rest_is_over_when_the_settings_are_others(provider: RunningProvider) -> None:
    async with Providers() as providers:
        route, router = providers.route(provider), Router(replace(SHORT, first_token=0.6, rest=600))
        for _ in range(2):
            with pytest.raises(ProviderTimeoutError):
                await collect(router.stream([route], ask("[[hang]]")))
        with pytest.raises(ProviderRestingError):
            await collect(router.stream([route], ask("Hello")))
        router.forget(provider.url)
        router.patience = SHORT
        assert text_of(await collect(router.stream([route], ask("[[text=Back.]]")))) == "Back."


async def test_other_calls_take_turns_as_well(provider: RunningProvider) -> None:
    async with Providers() as providers:
        route, router = providers.route(provider, limits=Limits(parallel=2)), Router(PATIENT)
        at_once, most = 0, 0

        async def call() -> None:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.01)
            at_once -= 1

        await asyncio.gather(*(router.retry(call, route.runs_on, number) for number in range(10)))
    assert most == 2


async def test_events_of_a_turn_are_in_order(provider: RunningProvider) -> None:
    async with Providers() as providers:
        events: list[StreamEvent] = await collect(
            Router(PATIENT).stream([providers.route(provider)], ask("[[text=A_b]]"))
        )
    assert [type(event).__name__ for event in events[:1] + events[-1:]] == ["ModelChosen", "Finished"]
    assert not any(isinstance(event, Waiting) for event in events)
