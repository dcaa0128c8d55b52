"""Which models there are, by the settings and the providers' own lists."""

import subprocess
import sys

import pytest

from convosphere.core.errors import ConfigurationError
from convosphere.core.permissions import ANONYMOUS
from convosphere.core.settings import Settings
from convosphere.llm import catalogue
from convosphere.llm.gateway import Gateway
from convosphere.llm.schemas import Finished, Passage
from tests.integration.llm.conftest import ask, collect, open_gateway, text_of
from tests.provider.fixtures import RunningProvider, start_provider


async def test_without_settings_there_is_the_reader() -> None:
    async with open_gateway(openai_api_key="") as gateway:
        assert [model.id for model in await gateway.models(ANONYMOUS)] == ["reader"]
        assert (await gateway.default_model(ANONYMOUS)).is_reader
        assert gateway.source_states() == ()


async def test_the_reader_streams_through_the_gateway() -> None:
    passage = Passage(1, "Handbook.pdf", 3, "The office opens at 8:30. It closes at 18:00.", "en", 2.0)
    async with open_gateway(openai_api_key="") as gateway:
        events = await collect(gateway.stream(ANONYMOUS, ask("When does the office open?", "", passages=(passage,))))
    assert "The office opens at 8:30. [1]" in text_of(events)
    assert "No model is connected" in text_of(events)
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.usage.cost_nanos == 0
    assert len(events) > 5


async def test_the_reader_does_not_say_that_no_model_is_connected_where_one_is(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        events = await collect(gateway.stream(ANONYMOUS, ask("When does the office open?", "reader")))
    assert "No language model wrote this" in text_of(events)


async def test_the_servers_list_is_the_list_and_the_reader_comes_last(provider: RunningProvider) -> None:
    provider.provider.models = ("b-model", "a-model", "text-embed-small")
    async with open_gateway(openai_base_url=provider.url) as gateway:
        assert [model.id for model in await gateway.models(ANONYMOUS)] == ["b-model", "a-model", "reader"]
        assert (await gateway.default_model(ANONYMOUS)).id == "b-model"


async def test_ollama_by_its_usual_kinds_of_address(provider: RunningProvider) -> None:
    address = provider.url.removesuffix("/v1").removeprefix("http://")
    async with open_gateway(openai_api_key="", ollama_host=address) as gateway:
        assert (await gateway.default_model(ANONYMOUS)).id == "ollama/test-answer"
        assert text_of(await collect(gateway.stream(ANONYMOUS, ask("[[text=Hi]]", "ollama/test-echo")))) == "Hi"


async def test_the_setting_chooses_the_default(provider: RunningProvider) -> None:
    for name in ("test-fast", "openai/test-fast"):
        async with open_gateway(openai_base_url=provider.url, default_model=name) as gateway:
            assert (await gateway.default_model(ANONYMOUS)).id == "test-fast"


async def test_a_default_that_nobody_offers_stops_the_start(provider: RunningProvider) -> None:
    with pytest.raises(ConfigurationError, match=r"CONVOSPHERE_DEFAULT_MODEL.*test-gone"):
        async with open_gateway(openai_base_url=provider.url, default_model="test-gone"):
            pass


async def test_a_default_of_an_unknown_list_is_not_held_against_it(provider: RunningProvider) -> None:
    provider.provider.down = True
    async with open_gateway(openai_base_url=provider.url, default_model="test-gone") as gateway:
        assert (await gateway.default_model(ANONYMOUS)).is_reader


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"models": ("anthropic/claude-haiku-4-5",)}, "ANTHROPIC_API_KEY"),
        ({"models": ("claude-haiku-4-5",)}, "ANTHROPIC_API_KEY"),
        ({"models": ("openai/gpt-4o",)}, "OPENAI_API_KEY or OPENAI_BASE_URL"),
        ({"models": ("ollama/llama3",)}, "OLLAMA_HOST"),
        ({"models": ("nonsense",)}, "nonsense"),
    ],
)
def test_a_model_whose_provider_is_not_set_up_stops_the_start(values: dict[str, object], missing: str) -> None:
    with pytest.raises(ConfigurationError, match=missing):
        Gateway(Settings.model_validate(values))


async def test_named_models_replace_the_list_of_their_provider_only(provider: RunningProvider) -> None:
    with start_provider(("local",)) as ollama:
        async with open_gateway(
            openai_base_url=provider.url, ollama_host=ollama.url.removesuffix("/v1"), models=("openai/mine",)
        ) as gateway:
            assert [model.id for model in await gateway.models(ANONYMOUS)] == ["mine", "ollama/local", "reader"]


async def test_a_list_is_kept_when_the_server_goes_away_and_read_anew_when_it_is_back(
    provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(catalogue, "FRESH_AFTER_FAILURE_SECONDS", 0.0)
    provider.provider.models = ("one",)
    async with open_gateway(openai_base_url=provider.url) as gateway:
        provider.provider.down = True
        await gateway._models_now.refresh(wait=True)
        state = gateway.source_states()[0]
        assert state.problem is not None
        assert state.refreshed_at is not None
        assert [model.id for model in await gateway.models(ANONYMOUS)] == ["one", "reader"]
        provider.provider.down = False
        provider.provider.models = ("one", "two")
        await gateway._models_now.refresh(wait=True)
        assert gateway.source_states()[0].problem is None
        assert [model.id for model in await gateway.models(ANONYMOUS)] == ["one", "two", "reader"]


async def test_a_fresh_list_is_not_asked_for_again(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url) as gateway:
        for _ in range(5):
            await gateway.models(ANONYMOUS)
    assert [record.path for record in provider.provider.records] == ["/models"]


async def test_no_redirect_takes_the_key_elsewhere(provider: RunningProvider) -> None:
    with start_provider() as elsewhere:
        provider.provider.redirect = elsewhere.url
        async with open_gateway(openai_base_url=provider.url) as gateway:
            assert gateway.source_states()[0].problem is not None
        assert not elsewhere.provider.records


def test_litellm_is_not_loaded_unless_a_model_needs_it(provider: RunningProvider) -> None:
    code = (
        "import asyncio, sys\n"
        "from convosphere.core.permissions import ANONYMOUS\n"
        "from convosphere.core.settings import Settings\n"
        "from convosphere.llm.gateway import Gateway\n"
        "from convosphere.llm.schemas import ChatMessage, CompletionRequest\n"
        "async def main():\n"
        "    settings = Settings.model_validate({'openai_base_url': sys.argv[1], 'embedding_model': 'openai/embed'})\n"
        "    async with Gateway(settings) as gateway:\n"
        "        request = CompletionRequest('gpt-4o', (ChatMessage('user', 'Hello'),))\n"
        "        answer = await gateway.complete(ANONYMOUS, request)\n"
        "        embedder = await gateway.embedder(ANONYMOUS)\n"
        "        print(answer.usage.cost_nanos, len(await embedder.embed(['x'])))\n"
        "asyncio.run(main())\n"
        "print([name for name in ('litellm', 'openai', 'tiktoken', 'onnxruntime', 'reflex') if name in sys.modules])\n"
    )
    provider.provider.models = ("gpt-4o",)
    done = subprocess.run([sys.executable, "-c", code, provider.url], capture_output=True, text=True, check=True)
    cost, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    assert cost.split()[0].isdigit()
