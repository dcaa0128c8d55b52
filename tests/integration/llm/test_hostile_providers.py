"""What an administrator of models, or a provider that they connected, may try against the server."""

import pytest

from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm.errors import ProviderError
from convosphere.llm.service import offering, providers
from convosphere.llm.service.drafts import ProviderDraft
from convosphere.llm.service.offering import NewModel
from tests.fixtures.people import People
from tests.integration.llm.conftest import KEY, ask, collect
from tests.integration.llm.test_workspace_models import opened
from tests.provider.fixtures import RunningProvider, start_provider

# LiteLLM 1.106 leaves sessions and models behind that complain of their own.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning"),
]


@pytest.mark.parametrize("name", ["huggingface/{url}", "ollama/llama3", "openai/test-echo"])
async def test_the_name_of_a_model_leads_to_no_other_provider(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
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
