"""The process's access to models. One is built by the composition root from the settings, and closed with it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from types import TracebackType
from typing import Self

import structlog

from convosphere.core.errors import ConfigurationError
from convosphere.core.permissions import Actor
from convosphere.core.settings import Settings
from convosphere.llm.accounts import open_accounts
from convosphere.llm.catalogue import Catalogue
from convosphere.llm.configuration import read_configuration
from convosphere.llm.embeddings.embedder import Embedders, open_embedders
from convosphere.llm.errors import EmbeddingsUnavailableError, ModelNotFoundError
from convosphere.llm.lazy_loader import load_litellm
from convosphere.llm.prices import cost_nanos
from convosphere.llm.providers.direct import open_session
from convosphere.llm.providers.through_litellm import LiteLLMProvider
from convosphere.llm.routing import Patience, Route, Router, chain_of
from convosphere.llm.schemas import (
    Completion,
    CompletionRequest,
    EmbeddingKind,
    EmbeddingModel,
    Finished,
    Model,
    ModelChosen,
    Purpose,
    SourceState,
    StreamEvent,
    TextPiece,
    Usage,
)

log = structlog.get_logger()

START_SECONDS = 2.0
_started: list["Gateway"] = []


def current_gateway() -> "Gateway":
    """The gateway of this process.

    Raises:
        ConfigurationError: none has been started.
    """
    if not _started:
        raise ConfigurationError("No gateway to models has been started in this process.")
    return _started[-1]


class Gateway:
    """Models, answers and vectors. Use it as `async with`, or `start` it and `aclose` it."""

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        """Check the settings; nothing is called yet. Without `patience` it is that of the settings.

        Raises:
            ConfigurationError: a model is named whose provider is not set up.
        """
        self._configuration = read_configuration(settings)
        first, following = settings.first_token_seconds, settings.next_token_seconds
        self._router = Router(patience or Patience(first, following, total=2 * first))
        self._catalogue: Catalogue | None = None
        self._embedders: Embedders | None = None
        self._loading: asyncio.Task[object] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def start(self) -> None:
        """Open the session and read the lists of models, for at most 2 s; what is slower goes on by itself.

        Raises:
            ConfigurationError: all lists are known and CONVOSPHERE_DEFAULT_MODEL is in none of them, or the embedding
                model cannot be used.
        """
        self._session = open_session()
        try:
            await self._open()
        except BaseException:
            await self.aclose()
            raise
        _started.append(self)

    async def aclose(self) -> None:
        """Close all connections; streams that still run break off."""
        if self in _started:
            _started.remove(self)
        if self._loading:
            self._loading.cancel()
            await asyncio.gather(self._loading, return_exceptions=True)
        if self._catalogue:
            await self._catalogue.aclose()
        await self._session.close()

    async def models(self, actor: Actor) -> tuple[Model, ...]:
        """The models that somebody may choose, the Reader last. Old lists of providers are read anew beside."""
        await self._models_now.refresh(wait=False)
        return tuple(route.model for route in await self._routes(actor))

    def source_states(self) -> tuple[SourceState, ...]:
        """How the providers' lists are, for the page that shows it."""
        return self._models_now.states()

    async def default_model(self, actor: Actor, purpose: Purpose = "chat") -> Model:
        """The model for something where nobody chose one: the Reader where there is none at all."""
        return (await self._route_for(actor, "", purpose)).model

    async def get_model(self, actor: Actor, model_id: str) -> Model:
        """A model by its id; an empty one means the default.

        Raises:
            ModelNotFoundError: there is no such model, or the actor may not use it.
        """
        return (await self._route_for(actor, model_id)).model

    async def estimate_nanos(
        self, actor: Actor, model_id: str, prompt_tokens: int, completion_tokens: int
    ) -> tuple[int | None, str]:
        """What a call would cost, in billionths of the currency that is named; None if the price is not known.

        Raises:
            ModelNotFoundError: there is no such model, or the actor may not use it.
        """
        price = (await self.get_model(actor, model_id)).price
        return cost_nanos(price, Usage(prompt_tokens, completion_tokens)), price.currency if price else "USD"

    async def stream(self, actor: Actor, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """The reply, piece by piece: `ModelChosen`, pieces, at last `Finished`.

        Iterate it under `contextlib.aclosing`: closing it, or cancelling the task, closes the provider's connection.

        Raises:
            ModelNotFoundError: before anything else, if there is no such model or the actor may not use it.
            ProviderError: what was delivered before stays valid.
        """
        first = await self._route_for(actor, request.model, request.purpose)
        routes = await self._routes(actor)
        connected = any(not route.model.is_reader for route in routes)
        request = replace(request, models_connected=connected)
        async with aclosing(self._router.stream(chain_of(first, routes), request, actor.account_id)) as events:
            async for event in events:
                yield event

    async def complete(self, actor: Actor, request: CompletionRequest) -> Completion:
        """A short reply as a whole, such as a title.

        Raises:
            ModelNotFoundError: there is no such model, or the actor may not use it.
            ProviderError: no model gave a whole reply.
        """
        text: list[str] = []
        model = await self.default_model(actor)
        async with aclosing(self.stream(actor, request)) as events:
            async for event in events:
                match event:
                    case ModelChosen(model=chosen):
                        model = chosen
                    case TextPiece(text=piece):
                        text.append(piece)
                    case Finished(usage=usage, finish_reason=reason):
                        return Completion("".join(text), model, usage, reason)
        raise RuntimeError("A stream ended without its last event.")

    @property
    def embedding_model(self) -> EmbeddingModel | None:
        """What makes vectors; None if nothing does, and search goes by words alone."""
        return self._embedders.current.model if self._embedders and self._embedders.current else None

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind = "passage", source: str = "") -> list[list[float]]:
        """A vector of unit length for each text; some models make other vectors of questions than of passages.

        Args:
            texts: what to embed.
            kind: whether they are questions or passages.
            source: a model that EMBEDDING_MODEL named before; without one it is the model that it names.

        Raises:
            EmbeddingsUnavailableError: EMBEDDING_MODEL is not set, or the settings cannot reach `source` any more.
            ProviderError: the provider did not answer properly, after all retries.
        """
        if self._embedders is None:
            raise EmbeddingsUnavailableError
        embedder = await self._embedders.get(source)
        return await embedder.embed(texts, kind, self._router)

    @property
    def _models_now(self) -> Catalogue:
        if self._catalogue is None:
            raise RuntimeError("The gateway has not been started.")
        return self._catalogue

    async def _open(self) -> None:
        accounts = open_accounts(self._configuration, self._session)
        self._catalogue = accounts.open_catalogue()
        self._embedders = await open_embedders(accounts)
        if any(isinstance(provider, LiteLLMProvider) for provider in accounts.providers.values()):
            self._loading = asyncio.create_task(load_litellm())
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._catalogue.refresh(wait=True)
        except TimeoutError:
            log.warning("model_lists_late", seconds=START_SECONDS)
        self._check_default_model()

    def _check_default_model(self) -> None:
        wanted = self._configuration.default_model
        if not wanted or wanted in {route.model.id for route in self._models_now.routes}:
            return
        if self._models_now.complete:
            raise ConfigurationError(f"CONVOSPHERE_DEFAULT_MODEL: no provider offers {wanted}.")
        log.warning("default_model_unknown", model=wanted)

    async def _routes(self, actor: Actor) -> tuple[Route, ...]:  # noqa: ARG002
        return self._models_now.routes

    async def _route_for(self, actor: Actor, model_id: str, purpose: Purpose = "chat") -> Route:  # noqa: ARG002
        """The model that is wanted; where none is named, the setting's or the first there is."""
        routes = await self._routes(actor)
        wanted = model_id.removeprefix("openai/")
        chosen = next((route for route in routes if route.model.id == wanted), None)
        if chosen is None and wanted:
            raise ModelNotFoundError(model_id)
        default = self._configuration.default_model
        return chosen or next((route for route in routes if route.model.id == default), routes[0])
