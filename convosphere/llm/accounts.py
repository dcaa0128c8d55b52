"""The providers that the configuration names, opened on the process's shared session."""

from dataclasses import dataclass

import aiohttp

from convosphere.llm.catalogue import Catalogue, Source, make_route
from convosphere.llm.configuration import Configuration, NamedModel
from convosphere.llm.prices import chat_models_of, find_facts
from convosphere.llm.providers.direct import DirectProvider
from convosphere.llm.providers.through_litellm import LiteLLMProvider
from convosphere.llm.reader.provider import READER, ReaderProvider
from convosphere.llm.routing import Route
from convosphere.llm.schemas import ListedModel, Provider


@dataclass(frozen=True)
class Accounts:
    """Providers by name; those that are in no setting of ours are LiteLLM's, with keys from the environment."""

    configuration: Configuration
    providers: dict[str, Provider]

    def provider_of(self, model: NamedModel) -> Provider:
        """Who runs a model."""
        return self.providers.setdefault(model.provider, LiteLLMProvider())

    def open_catalogue(self) -> Catalogue:
        """The models by name, and the lists of providers of which the settings name no model."""
        named = [
            make_route(model.id, model.provider, self.provider_of(model), model.name)
            for model in self.configuration.named
        ]
        spoken_for = {model.provider for model in self.configuration.named}
        sources = [source for source in self._sources() if source.name not in spoken_for]
        reader = Route(READER, ReaderProvider(), READER.id)
        return Catalogue(named, sources, reader)

    def _sources(self) -> list[Source]:
        direct = [
            Source(
                endpoint.name,
                self.providers[endpoint.name],
                prefix="" if endpoint.name == "openai" else f"{endpoint.name}/",
                everyday_only=endpoint.openai_itself,
            )
            for endpoint in self.configuration.endpoints
        ]
        return direct + [Source(name, self.providers[name]) for name in self.configuration.keys]


def open_accounts(configuration: Configuration, session: aiohttp.ClientSession) -> Accounts:
    """All providers that have an address or a key."""
    providers: dict[str, Provider] = {
        endpoint.name: DirectProvider(endpoint, session) for endpoint in configuration.endpoints
    }
    for name, key in configuration.keys.items():
        providers[name] = LiteLLMProvider(_everyday_models(name), key)
    return Accounts(configuration, providers)


def _everyday_models(provider: str) -> tuple[ListedModel, ...]:
    names = chat_models_of(provider)
    return tuple(ListedModel(name, facts.context_tokens if (facts := find_facts(name)) else None) for name in names)
