"""Another model answers while nothing has been said, and only then."""

from dataclasses import replace

import pytest

from convosphere.core.permissions import ANONYMOUS
from convosphere.llm.errors import ProviderError, ProviderStreamBrokenError, ProviderUnavailableError
from convosphere.llm.routing import Patience
from convosphere.llm.schemas import ModelChosen, StreamEvent
from tests.integration.llm.conftest import PATIENT, ask, collect, open_gateway, text_of
from tests.provider.fixtures import RunningProvider, start_provider


def chosen(events: list[StreamEvent]) -> list[str]:
    return [event.model.id for event in events if isinstance(event, ModelChosen)]


@pytest.mark.parametrize(
    ("trouble", "calls"),
    [
        ("status=500", 3),
        ("status=429", 3),
        ("status=429 retry_after=60", 1),
        ("hang", 1),
        ("garbage", 3),
        ("status=404", 1),
        ("status=400", 1),
    ],
)
async def test_the_next_model_answers_before_the_first_word(
    provider: RunningProvider, trouble: str, calls: int
) -> None:
    models = ("openai/first", "openai/second")
    patience = Patience(first_token=2.5, next_token=20, total=40) if trouble == "hang" else PATIENT
    async with open_gateway(patience, openai_base_url=provider.url, models=models) as gateway:
        request = ask(f"[[{trouble} model=first]] [[text=Here. model=second]]", "first")
        if trouble == "status=400":
            with pytest.raises(ProviderError):
                await collect(gateway.stream(ANONYMOUS, request))
            return
        events = await collect(gateway.stream(ANONYMOUS, request))
    assert text_of(events) == "Here."
    assert chosen(events) == ["first", "second"]
    assert [chat.model for chat in provider.chats()] == ["first"] * calls + ["second"]


@pytest.mark.parametrize(("named", "answers"), [("third", "third"), ("gone", "second")])
async def test_the_one_that_was_named_to_stand_in_comes_first(
    provider: RunningProvider, named: str, answers: str
) -> None:
    models = ("openai/first", "openai/second", "openai/third")
    request = replace(ask("[[status=404 model=first]] [[text=Here.]]", "first"), stand_in=named)
    async with open_gateway(openai_base_url=provider.url, models=models) as gateway:
        assert chosen(await collect(gateway.stream(ANONYMOUS, request))) == ["first", answers]


async def test_no_other_model_after_the_first_word(provider: RunningProvider) -> None:
    events: list[StreamEvent] = []
    async with open_gateway(openai_base_url=provider.url, models=("openai/first", "openai/second")) as gateway:
        with pytest.raises(ProviderStreamBrokenError):
            await collect(gateway.stream(ANONYMOUS, ask("[[tokens=9 error_after=3]]", "first")), events)
    assert chosen(events) == ["first"]


async def test_the_last_error_is_told_when_all_fail(provider: RunningProvider) -> None:
    async with open_gateway(
        openai_base_url=provider.url, models=("openai/a", "openai/b", "openai/c", "openai/d")
    ) as gateway:
        with pytest.raises(ProviderUnavailableError) as raised:
            await collect(gateway.stream(ANONYMOUS, ask("[[status=500]]", "a")))
    assert raised.value.model == "c"
    assert [chat.model for chat in provider.chats()] == ["a"] * 3 + ["b"] * 3 + ["c"] * 3, "two others at most"


async def test_a_refused_key_is_not_tried_with_other_models_of_the_provider(provider: RunningProvider) -> None:
    provider.provider.key = "another"
    with start_provider(("local",)) as ollama:
        async with open_gateway(
            openai_base_url=provider.url,
            ollama_host=ollama.url.removesuffix("/v1"),
            models=("openai/a", "openai/b", "ollama/local"),
        ) as gateway:
            events = await collect(gateway.stream(ANONYMOUS, ask("[[text=Here.]]", "a")))
        assert chosen(events) == ["a", "ollama/local"]
        assert [chat.model for chat in provider.chats()] == ["a"]


async def test_a_conversation_goes_to_no_provider_that_nobody_named(provider: RunningProvider) -> None:
    provider.provider.models = ("only",)
    with start_provider(("local",)) as ollama:
        async with open_gateway(openai_base_url=provider.url, ollama_host=ollama.url.removesuffix("/v1")) as gateway:
            with pytest.raises(ProviderUnavailableError):
                await collect(gateway.stream(ANONYMOUS, ask("[[status=500]]", "ollama/local")))
    assert not provider.chats()


async def test_a_model_that_just_failed_is_spared_for_a_while(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url, models=("openai/first", "openai/second")) as gateway:
        await collect(gateway.stream(ANONYMOUS, ask("[[status=500 model=first]]", "first")))
        provider.provider.records.clear()
        events = await collect(gateway.stream(ANONYMOUS, ask("Hello", "first")))
    assert chosen(events) == ["second"]
