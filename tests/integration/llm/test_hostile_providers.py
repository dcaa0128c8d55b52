"""What an administrator of models, or a provider that they connected, may try against the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import aiohttp
import pytest

from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm.errors import ProviderError, ProviderUnreadableError
from convosphere.llm.gateway import Gateway
from convosphere.llm.lazy_loader import load_litellm
from convosphere.llm.listing import list_of
from convosphere.llm.providers.direct import DirectProvider, Endpoint, open_session
from convosphere.llm.routing.asking import LONGEST_ANSWER
from convosphere.llm.service import offering, providers, trials
from convosphere.llm.service.drafts import ProviderDraft
from convosphere.llm.service.offering import NewModel
from tests.fixtures.people import People
from tests.fixtures.waiting import PATIENCE
from tests.integration.llm.conftest import KEY, ask, collect
from tests.integration.llm.test_workspace_models import opened
from tests.provider.fixtures import RunningProvider, start_provider

# LiteLLM 1.106 leaves sessions and models behind that complain of their own, and Pydantic of its types.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.mark.parametrize("name", ["huggingface/{url}", "ollama/llama3", "openai/test-echo"])
async def test_the_name_of_a_model_leads_to_no_other_provider(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    await load_litellm()  # Which takes time of its own, and none of the provider's.
    monkeypatch.setenv("OLLAMA_API_BASE", provider.url)
    monkeypatch.setenv("OPENAI_API_BASE", provider.url)
    with start_provider() as anthropic:
        monkeypatch.setenv("ANTHROPIC_API_BASE", anthropic.url)
        async with opened(addresses, provider_hosts=()) as gateway:
            provider_id = await providers.add_provider(people.ada, ProviderDraft("anthropic", key=KEY))
            await offering.offer_models(people.ada, provider_id, [NewModel(name.format(url=provider.url))])
            model, _reader = await gateway.models(people.ada)
            with pytest.raises(ProviderError):
                await collect(gateway.stream(people.ada, ask("Hello", model.id)))
        assert anthropic.provider.records, "the one that was connected is asked"
    assert not provider.provider.records, "and nobody else gets the key, or a word"


@asynccontextmanager
async def saying(*parts: bytes, endless: bool = False) -> AsyncIterator[str]:
    """A server that says this to everybody, part by part; the last again and again if it is `endless`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n")
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0.05)
            while endless:
                writer.write(parts[-1])
                await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    serving = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with serving:
        yield f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}/v1"
    await asyncio.sleep(0.1)


async def test_a_list_without_end_is_not_kept(people: People, addresses: DatabaseAddresses) -> None:
    async with (
        opened(addresses),
        saying(b'{"data": [', b" " * 1_000_000, endless=True) as url,
        asyncio.timeout(PATIENCE),
    ):
        trial = await trials.try_draft(people.ada, ProviderDraft("compatible", base_url=url, key=KEY))
    assert trial.problem


async def test_a_list_that_comes_in_parts_is_read_whole() -> None:
    async with saying(b'{"data": [{"id": "one"}, ', b'{"id": "two"}]}') as url, aiohttp.ClientSession() as session:
        listed = await replace(list_of("anthropic", "Anthropic", KEY), url=url).fetch(session)
    assert [model.name for model in listed] == ["anthropic/one", "anthropic/two"]


async def test_a_length_that_cannot_be_is_not_known(people: People, addresses: DatabaseAddresses) -> None:
    lengths = (b"0", b"-1", b"true", b'"much"', b"9" * 30, b"4096")
    entries = b", ".join(b'{"id": "My model %d.gguf", "max_model_len": %b}' % pair for pair in enumerate(lengths))
    async with opened(addresses) as gateway, saying(b'{"data": [%b]}' % entries) as url:
        draft = ProviderDraft("compatible", base_url=url, key=KEY)
        listed = (await trials.try_draft(people.ada, draft)).models
        provider_id = await providers.add_provider(people.ada, draft)
        chosen = [NewModel(model.name, context_tokens=model.context_tokens) for model in listed]
        assert await offering.offer_models(people.ada, provider_id, chosen) == len(lengths)
        known = [model.context_tokens for model in await gateway.models(people.ada) if not model.is_reader]
        assert known == [None] * 5 + [4096]


async def test_a_fixed_list_without_end_is_not_kept() -> None:
    async with saying(b'{"data": [', b" " * 1_000_000, endless=True) as url, aiohttp.ClientSession() as session:
        with pytest.raises(ProviderError):
            await replace(list_of("mistral", "Mistral", KEY), url=url).fetch(session)


@pytest.mark.parametrize("kind", ["content", "reasoning_content"])
async def test_an_answer_without_end_is_broken_off(people: People, addresses: DatabaseAddresses, kind: str) -> None:
    """However fast it comes: what was said stays, and the server's memory is not filled."""
    piece = b'data: {"choices": [{"delta": {"%b": "%b"}}]}\n\n' % (kind.encode(), b"x" * 100_000)
    said = 0

    async def listen(gateway: Gateway, model: str) -> None:
        nonlocal said
        async for event in gateway.stream(people.ada, ask("Hello", model)):
            said += len(getattr(event, "text", ""))

    async with opened(addresses) as gateway, saying(piece, endless=True) as url, asyncio.timeout(PATIENCE):
        provider_id = await providers.add_provider(people.ada, ProviderDraft("compatible", base_url=url, key=KEY))
        await offering.offer_models(people.ada, provider_id, [NewModel("endless")])
        model, _reader = await gateway.models(people.ada)
        with pytest.raises(ProviderUnreadableError):
            await listen(gateway, model.id)
    assert 0 < said <= LONGEST_ANSWER


async def test_vectors_of_numbers_without_end_are_none() -> None:
    async with saying(b'{"data": [{"embedding": [1%b]}]}' % (b"0" * 400)) as url, open_session() as session:
        with pytest.raises(ProviderUnreadableError):
            await DirectProvider(Endpoint("Test", url), session).embed("m", ["owls"])
