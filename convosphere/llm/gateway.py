"""The process's access to models. One is built by the composition root from the settings, and closed with it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from types import TracebackType
from typing import Self

import structlog

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import Settings
from convosphere.llm.accounts import open_accounts
from convosphere.llm.catalogue import Catalogue
from convosphere.llm.configuration import read_configuration
from convosphere.llm.embeddings.embedder import Embedders, open_embedders
from convosphere.llm.errors import EmbeddingsUnavailableError, ModelNotFoundError
from convosphere.llm.lazy_loader import load_litellm
from convosphere.llm.providers.direct import open_session
from convosphere.llm.providers.through_litellm import LiteLLMProvider
from convosphere.llm.routing import Patience, Route, Router
from convosphere.llm.schemas import (
    Completion,
    CompletionRequest,
    EmbeddingKind,
    EmbeddingModel,
    Finished,
    Model,
    ModelChosen,
    SourceState,
    StreamEvent,
    TextPiece,
)

log = structlog.get_logger()

START_SECONDS = 2.0
MOST_FALLBACKS = 2


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

    async def models(self) -> tuple[Model, ...]:
        """All models that can be chosen, the Reader last. A list that is older than 5 minutes is read anew beside."""
        await self._models_now.refresh(wait=False)
        return tuple(route.model for route in self._models_now.routes)

    def source_states(self) -> tuple[SourceState, ...]:
        """How the providers' lists are, for the page that shows it."""
        return self._models_now.states()

    def default_model(self) -> Model:
        """The model of new conversations: the setting's, else the first there is, which is the Reader without any."""
        return self._default_route().model

    def get_model(self, model_id: str) -> Model:
        """A model by its id; an empty one means the default.

        Raises:
            ModelNotFoundError: there is no such model.
        """
        return self._routes_for(model_id)[0].model

    def stream(self, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """The reply, piece by piece: `ModelChosen`, pieces, at last `Finished`.

        Iterate it under `contextlib.aclosing`: closing it, or cancelling the task, closes the provider's connection.

        Raises:
            ModelNotFoundError: at once, if there is no such model.
            ProviderError: while iterating; what was delivered before stays valid.
        """
        connected = any(not route.model.is_reader for route in self._models_now.routes)
        return self._router.stream(self._routes_for(request.model), replace(request, models_connected=connected))

    async def complete(self, request: CompletionRequest) -> Completion:
        """A short reply as a whole, such as a title.

        Raises:
            ModelNotFoundError: there is no such model.
            ProviderError: no model gave a whole reply.
        """
        text: list[str] = []
        model = self.default_model()
        async with aclosing(self.stream(request)) as events:
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
        log.warning("default_model_unknown", model=wanted, instead=self.default_model().id)

    def _default_route(self) -> Route:
        routes = self._models_now.routes
        wanted = self._configuration.default_model
        return next((route for route in routes if route.model.id == wanted), routes[0])

    def _routes_for(self, model_id: str) -> list[Route]:
        """The model that is wanted, and those that may answer in its place.

        They come after it in the list. Of lists that nobody chose from by name, only models of the same provider, who
        gets to read the conversation anyway, and none of them dearer. The Reader takes nobody's place.
        """
        routes = self._models_now.routes
        wanted = model_id.removeprefix("openai/")
        chosen = next((route for route in routes if route.model.id == wanted), None) if wanted else None
        if chosen is None and wanted:
            raise ModelNotFoundError(model_id)
        first = chosen or self._default_route()
        if first.model.is_reader:
            return [first]
        place = routes.index(first)
        others = [route for route in routes[place + 1 :] + routes[:place] if route.may_replace(first)]
        return [first, *others[:MOST_FALLBACKS]]
