"""The process's access to models. One is built by the composition root from the settings, and closed with it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import Self
from uuid import UUID

import structlog

from convosphere.core.addresses import allow_list, open_guarded_session
from convosphere.core.errors import ConfigurationError
from convosphere.core.events import running_event_hub
from convosphere.core.i18n import Message
from convosphere.core.permissions import Actor
from convosphere.core.settings import Settings
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.accounts import open_accounts
from convosphere.llm.catalogue import Catalogue, SourceState
from convosphere.llm.choosing import Choices, Choosing, ChosenForVectors
from convosphere.llm.configuration import read_configuration
from convosphere.llm.connections import Connector
from convosphere.llm.drawing import Illustrator
from convosphere.llm.embeddings.embedder import Embedders, WorkspaceEmbedder, open_embedder
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.lazy_loader import load_litellm
from convosphere.llm.pictures import Describer
from convosphere.llm.pieces import whole
from convosphere.llm.providers.direct import CONNECT_SECONDS, open_session
from convosphere.llm.providers.through_litellm import LiteLLMProvider
from convosphere.llm.queries import offers as offer_queries
from convosphere.llm.ranking import Ranker
from convosphere.llm.routing import Patience, Router
from convosphere.llm.routing.health import AccountHealth
from convosphere.llm.schemas import Completion, CompletionRequest, Model, Purpose, StreamEvent
from convosphere.llm.speech import Transcriber
from convosphere.llm.workspaces import Offer, Workspaces

log = structlog.get_logger()
START_SECONDS = 2.0
LOAD_AFTER_SECONDS = 1.5
"""How long LiteLLM waits for the page on which somebody chooses a model: loading it holds up everything a little."""
_started: list["Gateway"] = []


def current_gateway() -> "Gateway":
    """The gateway of this process.

    Raises:
        ConfigurationError: none has been started.
    """
    if not _started:
        raise ConfigurationError("No gateway to models has been started in this process.")
    return _started[-1]


async def _load_soon() -> None:
    await asyncio.sleep(LOAD_AFTER_SECONDS)
    await load_litellm()


def _tell_health(key: str) -> None:
    """Wake whoever follows, in this process, how an account does."""
    if hub := running_event_hub():
        hub.deliver(f"provider_health:{key}")


class Gateway:
    """Models, answers and vectors. Use it as `async with`, or `start` it and `aclose` it."""

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        """Check the settings; nothing is called yet. Without `patience` it is that of the settings.

        Raises:
            ConfigurationError: a model is named whose provider is not set up.
        """
        self._configuration = read_configuration(settings)
        first, following = settings.first_token_seconds, settings.next_token_seconds
        self._router = Router(patience or Patience(first, following, total=2 * first), _tell_health)
        self._allowed = allow_list(settings.provider_hosts)
        self._opened = AsyncExitStack()
        self._catalogue: Catalogue | None = None
        self._workspaces: Workspaces | None = None
        self._embedders: Embedders | None = None
        self._loading: asyncio.Task[object] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def start(self) -> None:
        """Open the session and read the lists of models, for at most 2 s; what is slower goes on by itself.

        Raises:
            ConfigurationError: all lists are known and CONVOSPHERE_DEFAULT_MODEL is in none of them, or the embedding
                model cannot be used.
        """
        self._session = await self._opened.enter_async_context(open_session())
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
        await self._opened.aclose()
        self._router.close()

    async def models(self, actor: Actor) -> tuple[Model, ...]:
        """The models that somebody may choose, the Reader last.

        Old lists of providers are read anew beside, and what the first answer of one of them needs is loaded.
        """
        await self._models_now.refresh(wait=False)
        choices = await self.choices(actor)
        if self._loading is None and choices.asks(LiteLLMProvider):
            self._loading = asyncio.create_task(_load_soon())
        return choices.models

    async def choices(self, actor: Actor) -> Choices:
        """What is known of them now, to be asked where nothing may be waited for."""
        return await self._choosing.choices(actor)

    def source_states(self) -> tuple[SourceState, ...]:
        """How the providers' lists are, for the page that shows it."""
        return self._models_now.states()

    async def default_model(self, actor: Actor, purpose: Purpose = "chat", instead: str = "") -> Model:
        """The model for something where nobody chose one; if the workspace says nothing of it, `instead`.

        Raises:
            ModelNotFoundError: there is none for vectors, ranking, speech or images; to chat there is the Reader.
        """
        return (await self.choices(actor)).route_for("", purpose, instead).model

    async def get_model(self, actor: Actor, model_id: str) -> Model:
        """A model by its id; an empty one means the default.

        Raises:
            ModelNotFoundError: there is no such model, or the actor may not use it.
        """
        return (await self.choices(actor)).get_model(model_id)

    async def stream(self, actor: Actor, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """The reply, piece by piece: `ModelChosen`, pieces, at last `Finished`.

        Iterate it under `contextlib.aclosing`: closing it, or cancelling the task, closes the provider's connection.

        Raises:
            ModelNotFoundError: before anything else, if there is no such model or the actor may not use it.
            ProviderError: what was delivered before stays valid.
        """
        choices = await self.choices(actor)
        first = choices.route_for(request.model, request.purpose)
        chain = choices.chain(first, request.stand_in, no_dearer=request.no_dearer)
        request = replace(request, models_connected=any(not model.is_reader for model in choices.models))
        async with aclosing(self._router.stream(chain, request, actor.account_id)) as events:
            async for event in events:
                yield event

    async def complete(self, actor: Actor, request: CompletionRequest) -> Completion:
        """A short reply as a whole, such as a title.

        Raises:
            ModelNotFoundError: there is no such model, or the actor may not use it.
            ProviderError: no model gave a whole reply.
        """
        return await whole(self.stream(actor, request))

    async def probe(self, actor: Actor, model_id: str, request: CompletionRequest) -> Completion:
        """A reply of this model and no other, for those who manage models and may not use it themselves.

        Raises:
            ModelNotFoundError: the workspace has no such model that chats.
            ProviderError: it gave no whole reply.
        """
        offers = await self.all_offers(actor.workspace_id) if actor.workspace_id else ()
        routes = [each.route for each in offers if each.kind == "chat" and each.route.model.id == model_id]
        if not routes:
            raise ModelNotFoundError(model_id)
        return await whole(self._router.stream(routes[:1], request, actor.account_id))

    async def embedder(self, actor: Actor, *, anew: bool = False, named: str | None = None) -> WorkspaceEmbedder | None:
        """What makes the vectors of the actor's workspace, or those of another choice, `named`; None if nothing does.

        `anew` asks what the workspace says now, where a notice of it may still be on its way.
        """
        if anew and actor.workspace_id:
            self.workspaces.forget(actor.workspace_id)
        current = await self._embedders.current(actor, named) if self._embedders else None
        return WorkspaceEmbedder(self._embedders, current, actor, self._router) if self._embedders and current else None

    async def ranker(self, actor: Actor) -> Ranker | None:
        """What ranks texts, if the actor's workspace chose a model for that which they may use."""
        route = (await self.choices(actor)).way_to_chosen("rerank")
        return Ranker(route, self._router, actor.account_id) if route else None

    async def transcriber(self, actor: Actor) -> Transcriber | None:
        """What writes down what is said, if the actor's workspace chose a model for that."""
        route = (await self.choices(actor)).way_to_chosen("speech")
        return Transcriber(route, self._router, actor.account_id) if route else None

    async def describer(self, actor: Actor) -> Describer | None:
        """What describes pictures, if the actor's workspace chose a model for that, and it still sees."""
        route = (await self.choices(actor)).way_to_chosen("describing")
        sees = route and "vision" in route.model.capabilities
        return Describer(route, self._router, actor.account_id) if route and sees else None

    async def illustrator(self, actor: Actor) -> Illustrator | None:
        """What makes pictures, if the actor's workspace chose a model for that which they may use."""
        route = (await self.choices(actor)).way_to_chosen("image")
        return Illustrator(route, self._router, actor.account_id) if route else None

    async def makes_vectors(self, uow: UnitOfWork) -> bool:
        """Whether the unit's workspace has a model that makes vectors."""
        return bool(self._configuration.embedding_model) or await offer_queries.is_chosen(uow, "embedding")

    @property
    def _models_now(self) -> Catalogue:
        if self._catalogue is None:
            raise RuntimeError("The gateway has not been started.")
        return self._catalogue

    @property
    def workspaces(self) -> Workspaces:
        """What workspaces make of these models; `llm.service` reads and changes it."""
        if self._workspaces is None:
            raise RuntimeError("The gateway has not been started.")
        return self._workspaces

    @property
    def connector(self) -> Connector:
        """Opens connections to providers that an administrator named."""
        return self._connector

    def settings_providers(self) -> list[tuple[str, Message | None]]:
        """The providers of the settings by name, and what is wrong with their lists of models."""
        problems = {state.provider: state.problem for state in self.source_states()}
        endpoints = [endpoint.name for endpoint in self._configuration.endpoints]
        named = [model.provider for model in self._configuration.named]
        return [(name, problems.get(name)) for name in dict.fromkeys((*endpoints, *self._configuration.keys, *named))]

    def health(self) -> tuple[AccountHealth, ...]:
        """How the accounts do that this process has asked; other processes see for themselves.

        Whoever follows it subscribes to `provider_health:*` at the event hub.
        """
        return self._router.health()

    def forget(self, workspace_id: UUID, provider_id: UUID | None = None) -> None:
        """Read anew what a workspace says of models, and begin anew with one of its providers."""
        self.workspaces.forget(workspace_id)
        if provider_id:
            self._router.forget(str(provider_id))

    async def all_offers(self, workspace_id: UUID) -> tuple[Offer, ...]:
        """All models of a workspace, for those who manage them."""
        return (await self.workspaces.get(workspace_id)).offers(self._models_now)

    async def _open(self) -> None:
        accounts = open_accounts(self._configuration, self._session)
        self._catalogue = accounts.open_catalogue()
        guarded = open_guarded_session(self._allowed, CONNECT_SECONDS)
        self._connector = Connector(await self._opened.enter_async_context(guarded), self._allowed)
        self._workspaces = Workspaces(self._connector.open_stored)
        self._choosing = Choosing(self._catalogue, self._workspaces, self._configuration.default_model)
        if hub := running_event_hub():
            await self._opened.enter_async_context(self._workspaces.following(hub))
        of_settings = await open_embedder(accounts)
        vectors = ChosenForVectors(self._catalogue, self._workspaces)
        self._embedders = Embedders(accounts, of_settings, vectors)
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
