"""Which models there are: the providers' own lists, kept fresh, and kept when a provider does not answer."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from convosphere.core.i18n import Message
from convosphere.llm.configuration import KEYED
from convosphere.llm.errors import ProviderError, ProviderTimeoutError
from convosphere.llm.prices import ModelFacts, find_facts, is_everyday
from convosphere.llm.routing import Route
from convosphere.llm.schemas import ListedModel, Model, Provider

log = structlog.get_logger()

FRESH_SECONDS = 300.0
FRESH_AFTER_FAILURE_SECONDS = 10.0
LIST_SECONDS = 5.0
_NO_CHAT = ("embed", "rerank", "whisper", "tts-", "dall-e", "moderation", "transcribe", "-image", "realtime")


@dataclass(frozen=True)
class Source:
    """A provider whose list is asked for; `prefix` goes before its names to make them unlike other providers'."""

    name: str
    provider: Provider
    prefix: str = ""
    everyday_only: bool = False


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a provider's list of models is: `problem` says why it could not be read, or is stale."""

    provider: str
    models: int
    refreshed_at: datetime | None
    problem: Message | None


class Catalogue:
    """All routes: `named` ones of the settings in their order, then what the sources list, then the Reader."""

    def __init__(self, named: Sequence[Route], sources: Sequence[Source], reader: Route) -> None:
        self._named = tuple(named)
        self._sources = tuple(sources)
        self._reader = reader
        self._listed: dict[str, tuple[Route, ...]] = {}
        self._problems: dict[str, Message] = {}
        self._refreshed: dict[str, datetime] = {}
        self._stale_at = 0.0
        self.version = 0
        """Another number whenever the models may be others."""
        self._refreshing: asyncio.Task[None] | None = None

    @property
    def routes(self) -> tuple[Route, ...]:
        """What is known now; each id once."""
        listed = [route for source in self._sources for route in self._listed.get(source.name, ())]
        found: dict[str, Route] = {}
        for route in (*self._named, *listed, self._reader):
            found.setdefault(route.model.id, route)
        return tuple(found.values())

    @property
    def complete(self) -> bool:
        """Whether each source has been read at least once."""
        return all(source.name in self._listed for source in self._sources)

    def states(self) -> tuple[SourceState, ...]:
        """How each list is."""
        return tuple(
            SourceState(
                source.name,
                len(self._listed.get(source.name, ())),
                self._refreshed.get(source.name),
                self._problems.get(source.name),
            )
            for source in self._sources
        )

    async def refresh(self, *, wait: bool) -> None:
        """Read stale lists anew; without `wait` only where nothing at all is known yet."""
        if self._sources and self._refreshing is None and time.monotonic() >= self._stale_at:
            self._refreshing = asyncio.create_task(self._read_all())
            self._refreshing.add_done_callback(self._note_end)
        if self._refreshing and (wait or not self._listed):
            await asyncio.shield(self._refreshing)

    async def aclose(self) -> None:
        """Stop a refresh that is under way."""
        if self._refreshing:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def _note_end(self, _: asyncio.Task[None]) -> None:
        self._refreshing = None

    async def _read_all(self) -> None:
        await asyncio.to_thread(find_facts, "")  # Parses the price list, some 60 ms, beside the loop.
        await asyncio.gather(*(self._read(source) for source in self._sources))
        patience = FRESH_AFTER_FAILURE_SECONDS if self._problems else FRESH_SECONDS
        self._stale_at = time.monotonic() + patience

    async def _read(self, source: Source) -> None:
        try:
            async with asyncio.timeout(LIST_SECONDS):
                listed = await source.provider.list_models()
        except TimeoutError:
            self._note_problem(source, ProviderTimeoutError(source.name, LIST_SECONDS, stalled=False))
        except ProviderError as error:
            self._note_problem(source, error)
        else:
            self._problems.pop(source.name, None)
            self._refreshed[source.name] = datetime.now(UTC)
            self._listed[source.name] = tuple(_routes_of(source, listed))
            self.version += 1

    def _note_problem(self, source: Source, error: ProviderError) -> None:
        log.warning("model_list_failed", provider=source.name, code=error.code)
        self._problems[source.name] = error.message


def make_route(model_id: str, provider_name: str, provider: Provider, name: str) -> Route:
    """The route of a model that the settings name, with what the price list knows of it."""
    model = describe_model(model_id, short_name(name), provider_name, find_facts(model_id))
    return Route(model, provider, name, named=True)


def describe_model(model_id: str, name: str, provider: str, facts: ModelFacts | None) -> Model:
    """A model with what the price list knows of it, which may be nothing."""
    if facts is None:
        return Model(model_id, name, provider)
    return Model(
        model_id,
        name,
        provider,
        context_tokens=facts.context_tokens,
        output_tokens=facts.output_tokens,
        capabilities=facts.capabilities,
        price=facts.price,
        parameters=facts.parameters,
        unit_price=facts.unit_price,
    )


def short_name(name: str) -> str:
    """The name for people: without a provider of LiteLLM's in front; what is left of it may hold slashes."""
    provider, slash, rest = name.partition("/")
    return rest if slash and provider in KEYED else name


def _routes_of(source: Source, listed: Sequence[ListedModel]) -> list[Route]:
    today = datetime.now(UTC).date()
    known = [(entry, find_facts(source.prefix + entry.name)) for entry in listed]
    if source.everyday_only:
        known = [(entry, facts) for entry, facts in known if facts and is_everyday(entry.name, facts, today)]
        known.sort(key=lambda pair: -pair[0].created)
    return [_route_of(source, entry, facts) for entry, facts in known if _chats(entry.name, facts)]


def _route_of(source: Source, entry: ListedModel, facts: ModelFacts | None) -> Route:
    model = describe_model(source.prefix + entry.name, short_name(entry.name), source.name, facts)
    if entry.context_tokens:
        model = replace(model, context_tokens=entry.context_tokens)
    return Route(model, source.provider, entry.name)


def _chats(name: str, facts: ModelFacts | None) -> bool:
    return facts.chats if facts else not any(part in name.lower() for part in _NO_CHAT)
