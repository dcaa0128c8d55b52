"""Answers over real HTTP, and each way in which they fail."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from convosphere.core.permissions import ANONYMOUS
from convosphere.llm.errors import (
    ContextTooLongError,
    ModelNotFoundError,
    ProviderEmptyAnswerError,
    ProviderError,
    ProviderForbiddenError,
    ProviderKeyRefusedError,
    ProviderModelMissingError,
    ProviderRateLimitedError,
    ProviderRejectedError,
    ProviderStreamBrokenError,
    ProviderTimeoutError,
    ProviderUnavailableError,
    ProviderUnreachableError,
)
from convosphere.llm.schemas import Finished, ModelChosen, Parameters, StreamEvent, TextPiece, ThinkingPiece
from tests.integration.llm.conftest import HASTY, KEY, PATIENT, SOON_BORED, ask, collect, open_gateway, text_of
from tests.provider.fixtures import RunningProvider


async def test_an_answer_arrives_whole_with_its_model_and_use(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        events = await collect(
            gateway.stream(
                ANONYMOUS,
                ask("Where is the key? It is under the mat.", parameters=Parameters(max_tokens=9, temperature=0.5)),
            )
        )
    assert isinstance(events[0], ModelChosen)
    assert events[0].model.id == "test-echo"
    assert text_of(events) == "Where is the key? It is under the mat."
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.finish_reason == "stop"
    assert (finished.usage.prompt_tokens, finished.usage.completion_tokens) == (11, 9)
    assert not finished.usage.estimated
    assert finished.usage.cost_nanos is None, "nobody knows what a made-up model costs"
    sent = provider.chats()[0]
    assert sent.authorization == f"Bearer {KEY}"
    assert (sent.body["max_tokens"], sent.body["temperature"]) == (9, 0.5)


async def test_a_known_model_has_a_cost(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url, models=("openai/gpt-4o-mini",)) as gateway:
        events = await collect(gateway.stream(ANONYMOUS, ask("one two three [[echo]]", "gpt-4o-mini")))
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.usage.cost_nanos == 5 * 150 + 3 * 600 + 150, "0.15 and 0.60 dollars a million"


async def test_thinking_is_told_from_text(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        events = await collect(gateway.stream(ANONYMOUS, ask("[[thinking=3 text=Yes.]]")))
    assert (
        "".join(event.text for event in events if isinstance(event, ThinkingPiece)) == "thought 0 thought 1 thought 2 "
    )
    assert text_of(events) == "Yes."


async def test_comments_and_a_missing_done_do_no_harm(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        events = await collect(gateway.stream(ANONYMOUS, ask("[[tokens=20 comments no_done]]")))
    assert isinstance(events[-1], Finished)
    assert len(text_of(events).split()) == 20


async def test_use_is_estimated_where_the_provider_gives_none(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        events = await collect(gateway.stream(ANONYMOUS, ask("[[tokens=20 no_usage]]")))
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.usage.estimated
    assert finished.usage.cost_nanos is None
    assert 20 <= finished.usage.completion_tokens <= 60


async def test_a_server_that_knows_no_stream_options_is_asked_without(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        for _ in range(2):
            events = await collect(gateway.stream(ANONYMOUS, ask("[[refuse_stream_options text=Fine.]]")))
            assert text_of(events) == "Fine."
    assert ["stream_options" in chat.body for chat in provider.chats()] == [True, False, False]


async def test_connections_are_used_again(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        for _ in range(3):
            await collect(gateway.stream(ANONYMOUS, ask("again")))
        connector = gateway._session.connector
        assert connector is not None
        assert sum(len(kept) for kept in connector._conns.values()) == 1  # pyright: ignore[reportAttributeAccessIssue]


async def test_closing_the_stream_closes_the_connection(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        async with aclosing(gateway.stream(ANONYMOUS, ask("[[tokens=1000 rate=100]]"))) as events:
            async for event in events:
                if isinstance(event, TextPiece):
                    break
        assert await asyncio.to_thread(provider.wait_for, lambda: provider.chats()[0].disconnected is not None)
        assert len(provider.chats()[0].sent) < 900


async def test_who_takes_slowly_gets_all_that_came_as_one_piece(provider: RunningProvider) -> None:
    async with (
        open_gateway(openai_base_url=provider.url) as gateway,
        aclosing(gateway.stream(ANONYMOUS, ask("[[tokens=40 rate=200 comments]]"))) as events,
    ):
        pieces = [event async for event in taken_slowly(events, provider) if isinstance(event, TextPiece)]
    assert len(pieces) == 2
    assert len("".join(piece.text for piece in pieces).split()) == 40


@pytest.mark.parametrize("failure", ["error_after", "end_after", "cut_after"])
async def test_a_failure_comes_after_all_text_that_came_before_it(provider: RunningProvider, failure: str) -> None:
    taken: list[StreamEvent] = []
    async with (
        open_gateway(openai_base_url=provider.url) as gateway,
        aclosing(gateway.stream(ANONYMOUS, ask(f"[[tokens=40 rate=200 {failure}=20]]"))) as events,
    ):
        with pytest.raises(ProviderStreamBrokenError):
            await collect(taken_slowly(events, provider), taken)
    assert len(text_of(taken).split()) == 20


async def taken_slowly(
    events: AsyncGenerator[StreamEvent, None], provider: RunningProvider
) -> AsyncGenerator[StreamEvent, None]:
    """The events, of which the second piece is asked for when the provider has sent all."""
    waited = False
    async for event in events:
        yield event
        if isinstance(event, TextPiece) and not waited:
            waited = await asyncio.to_thread(provider.wait_for, lambda: provider.chats()[0].finished is not None)
            await asyncio.sleep(0.1)


async def test_cancelling_the_task_closes_the_connection(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        task = asyncio.create_task(collect(gateway.stream(ANONYMOUS, ask("[[tokens=1000 rate=50]]"))))
        assert await asyncio.to_thread(provider.wait_for, lambda: bool(provider.chats() and provider.chats()[0].sent))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await asyncio.to_thread(provider.wait_for, lambda: provider.chats()[0].disconnected is not None)


async def test_cancelling_before_the_first_word_closes_the_connection(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        task = asyncio.create_task(collect(gateway.stream(ANONYMOUS, ask("[[hang]]"))))
        assert await asyncio.to_thread(provider.wait_for, lambda: bool(provider.chats()))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await asyncio.to_thread(provider.wait_for, lambda: provider.chats()[0].disconnected is not None)


@pytest.mark.parametrize(
    ("directive", "error", "words"),
    [
        ("[[tokens=50 stall_after=5]]", ProviderTimeoutError, 5),
        ("[[tokens=50 cut_after=5]]", ProviderStreamBrokenError, 5),
        ("[[tokens=50 end_after=5]]", ProviderStreamBrokenError, 5),
        ("[[tokens=50 error_after=5]]", ProviderStreamBrokenError, 5),
    ],
)
async def test_a_failure_after_the_first_word_keeps_the_text_and_asks_nobody_else(
    provider: RunningProvider, directive: str, error: type[ProviderError], words: int
) -> None:
    events: list = []
    patience = SOON_BORED if "stall" in directive else PATIENT
    async with open_gateway(patience, openai_base_url=provider.url) as gateway:
        with pytest.raises(error) as raised:
            await collect(gateway.stream(ANONYMOUS, ask(directive)), events)
    assert len(text_of(events).split()) == words
    assert not any(isinstance(event, Finished) for event in events)
    assert len(provider.chats()) == 1, "a retry would say everything twice"
    assert raised.value.retryable
    assert "test-echo" in str(raised.value.message)


@pytest.mark.parametrize(
    ("directive", "error", "calls"),
    [
        ("[[status=500]]", ProviderUnavailableError, 3),
        ("[[status=503]]", ProviderUnavailableError, 3),
        ("[[status=429]]", ProviderRateLimitedError, 3),
        ("[[status=429 retry_after=0.1]]", ProviderRateLimitedError, 2),
        ("[[status=429 retry_after=3600]]", ProviderRateLimitedError, 1),
        ("[[status=401]]", ProviderKeyRefusedError, 1),
        ("[[status=403]]", ProviderForbiddenError, 1),
        ("[[status=400]]", ProviderRejectedError, 1),
        ("[[status=404]]", ProviderModelMissingError, 1),
        ("[[context]]", ContextTooLongError, 1),
        ("[[hang]]", ProviderTimeoutError, 1),
        ("[[hang_after_headers]]", ProviderTimeoutError, 1),
        ("[[garbage]]", ProviderStreamBrokenError, 3),
        ("[[tokens=9 error_after=0]]", ProviderUnavailableError, 3),
        ("[[tokens=9 end_after=0]]", ProviderStreamBrokenError, 3),
        ("[[tokens=9 cut_after=0]]", ProviderStreamBrokenError, 3),
        ("[[empty]]", ProviderEmptyAnswerError, 1),
    ],
)
async def test_a_failure_before_the_first_word_is_tried_again_within_bounds(
    provider: RunningProvider, directive: str, error: type[ProviderError], calls: int
) -> None:
    provider.provider.models = ("test-echo",)
    events: list = []
    patience = HASTY if "hang" in directive else PATIENT
    async with open_gateway(patience, openai_base_url=provider.url) as gateway:
        with pytest.raises(error) as raised:
            await collect(gateway.stream(ANONYMOUS, ask(directive)), events)
    assert text_of(events) == ""
    assert len(provider.chats()) == calls
    assert KEY not in str(raised.value)


async def test_it_succeeds_once_the_provider_has_recovered(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        events = await collect(gateway.stream(ANONYMOUS, ask("[[status=500 times=2 text=Back.]]")))
    assert text_of(events) == "Back."
    assert [chat.status for chat in provider.chats()] == [500, 500, 200]


async def test_retry_after_is_waited_for(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        await collect(gateway.stream(ANONYMOUS, ask("[[status=429 retry_after=0.7 times=1 text=Back.]]")))
    first, second = provider.chats()
    assert second.arrived - first.arrived >= 0.7


async def test_nobody_at_the_address(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url="http://127.0.0.1:9/v1", models=("openai/some",)) as gateway:
        with pytest.raises(ProviderUnreachableError):
            await collect(gateway.stream(ANONYMOUS, ask("Anybody?", "some")))


async def test_the_key_is_in_no_message(provider: RunningProvider) -> None:
    provider.provider.models = ("test-echo",)
    async with open_gateway(openai_base_url=provider.url) as gateway:
        for status in (400, 401, 404, 422, 429, 500):
            with pytest.raises(ProviderError) as raised:
                await collect(gateway.stream(ANONYMOUS, ask(f"[[status={status} leak]]")))
            shown = (
                f"{raised.value!r} {raised.value.message} {raised.value.message.in_locale('de')} {vars(raised.value)}"
            )
            assert KEY not in shown
            assert "127.0.0.1" not in shown
    assert all(chat.authorization == f"Bearer {KEY}" for chat in provider.chats()), "the body did hold the key"


async def test_an_unknown_model_is_refused_at_once(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        with pytest.raises(ModelNotFoundError):
            await collect(gateway.stream(ANONYMOUS, ask("Hello", "http://127.0.0.1:9/v1")))
    assert not provider.chats()


async def test_a_short_answer_as_a_whole(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        completion = await gateway.complete(ANONYMOUS, ask("[[text=A_title]]"))
    assert (completion.text, completion.model.id) == ("A title", "test-echo")
    assert completion.usage.completion_tokens == 2


async def test_300_streams_at_once(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        answers = await asyncio.gather(
            *(collect(gateway.stream(ANONYMOUS, ask("[[tokens=5 rate=10]]"))) for _ in range(300))
        )
    assert {len(text_of(events).split()) for events in answers} == {5}
