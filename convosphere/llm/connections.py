"""From a stored provider to one that can be called, and what the price list knows of its models."""

from dataclasses import dataclass, field

import aiohttp
import structlog

from convosphere.core.addresses import AllowList
from convosphere.core.secrets.sealing import SealBrokenError, unseal
from convosphere.llm.addresses import read_url
from convosphere.llm.errors.setup import AddressRefusedError
from convosphere.llm.listing import ModelList, list_of
from convosphere.llm.models import ModelProvider
from convosphere.llm.presets import REGION, Preset, find_preset
from convosphere.llm.prices import ModelFacts, find_facts
from convosphere.llm.providers.direct import DirectProvider, Endpoint
from convosphere.llm.providers.through_litellm import LiteLLMProvider
from convosphere.llm.schemas import ListedModel, Provider
from convosphere.llm.sealed import PROVIDER_KEY

log = structlog.get_logger()


@dataclass(frozen=True)
class Connection:
    """How a provider is reached, its key in the open: it stays in the memory of the server."""

    preset: Preset
    name: str
    url: str
    key: str = field(repr=False)
    region: str = ""


@dataclass(frozen=True)
class Connector:
    """Opens connections on sessions that call only what may be called."""

    session: aiohttp.ClientSession
    allowed: AllowList

    def open(self, connection: Connection) -> Provider:
        """A provider that can be called.

        Raises:
            AddressRefusedError: its address may not be called, or not any longer.
        """
        preset = connection.preset
        if preset.protocol == "litellm":
            region = {"aws_region_name": connection.region} if preset.asks_region else {}
            return LiteLLMProvider(key=connection.key, options=region, only=preset.kind)
        url = read_url(connection.url or preset.url, self.allowed)
        endpoint = Endpoint(connection.name, url, connection.key, openai_itself=preset.kind == "openai")
        return DirectProvider(endpoint, self.session)

    def open_stored(self, row: ModelProvider) -> Provider | None:
        """The provider of a row, None if it cannot be called: the page of models says why."""
        connection = read_connection(row)
        if connection is None:
            return None
        try:
            return self.open(connection)
        except AddressRefusedError as error:
            log.warning("provider_address_refused", provider_id=str(row.id), code=error.code)
            return None

    async def list_models(self, connection: Connection) -> tuple[ListedModel, ...]:
        """The models that a provider says it has.

        Raises:
            AddressRefusedError: its address may not be called.
            ProviderError: it refused, or does not answer.
        """
        if connection.preset.protocol == "direct":
            return await self.open(connection).list_models()
        return await self._list(connection).fetch(self.session)

    @staticmethod
    def _list(connection: Connection) -> ModelList:
        return list_of(connection.preset.kind, connection.name, connection.key, connection.region)


def read_connection(row: ModelProvider) -> Connection | None:
    """How a stored provider is reached; None if its kind is unknown, or its key does not open."""
    preset = find_preset(row.kind)
    if preset is None:
        return None
    try:
        key = unseal(row.sealed_key, PROVIDER_KEY.place(row.id, row.workspace_id)).decode() if row.sealed_key else ""
    except SealBrokenError:
        log.warning("provider_key_broken", provider_id=str(row.id))
        return None
    region = str(row.options.get("region") or "")
    if preset.asks_region and not REGION.fullmatch(region):
        return None
    return Connection(preset, row.name, row.base_url, key, region)


def find_price_facts(kind: str, name: str) -> ModelFacts | None:
    """What the price list knows of a provider's model."""
    preset = find_preset(kind)
    if preset is None:
        return None
    prefix = preset.price_prefix
    if prefix is None:
        return find_facts(f"ollama/{name.partition(':')[0]}") if kind == "ollama" else find_facts(name)
    return find_facts(name) if name.startswith(prefix) else find_facts(prefix + name)


def is_priced(kind: str) -> bool:
    """Whether the price list's prices hold for this kind: for somebody's own server they do not."""
    preset = find_preset(kind)
    return preset is not None and preset.price_prefix is not None
