"""Which model answers somebody, and which ones in its place: the rules of the settings and of the workspace in one."""

from collections.abc import Mapping
from dataclasses import dataclass

from convosphere.core.permissions import Actor
from convosphere.llm.catalogue import Catalogue
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.routing import Route, chain_of
from convosphere.llm.schemas import ChatProvider, Model, Purpose
from convosphere.llm.workspaces import Offer, Workspaces

KINDS = frozenset({"embedding", "rerank", "speech", "image"})
"""Purposes that have models of their own; all others are done by models that chat."""
MOST_CHOSEN_FALLBACKS = 5


@dataclass(frozen=True)
class Choices:
    """The models that somebody may use at one moment.

    It asks nobody anything: inside a unit of work, where reading what a workspace says would take a second connection,
    one works with choices that were made before.
    """

    _offers: tuple[Offer, ...]
    _defaults: Mapping[str, str]
    """What the workspace chose, by purpose."""
    _settings_default: str

    @property
    def models(self) -> tuple[Model, ...]:
        """Those that chat, the Reader last."""
        return tuple(route.model for route in self.routes)

    @property
    def routes(self) -> tuple[Route, ...]:
        """The ways to them."""
        return tuple(offer.route for offer in self._of_kind("chat"))

    def asks(self, kind: type[ChatProvider]) -> bool:
        """Whether one of these models is reached in a certain way."""
        return any(isinstance(route.provider, kind) for route in self.routes)

    def get_model(self, model_id: str) -> Model:
        """A model by its id; an empty one means the default.

        Raises:
            ModelNotFoundError: there is no such model, or the actor may not use it.
        """
        return self.route_for(model_id, "chat").model

    def route_for(self, model_id: str, purpose: Purpose, instead: str = "") -> Route:
        """The model of this id; without one that of the purpose, else `instead`, else that of new conversations.

        Raises:
            ModelNotFoundError: there is no such model, or the actor may not use it.
        """
        kind = kind_for(purpose)
        offered = self._of_kind(kind)
        if model_id or not offered:
            return _find(offered, model_id)
        wanted = [self._defaults.get(purpose, ""), instead]
        if kind == "chat":
            wanted += [self._defaults.get("chat", ""), self._settings_default]
        by_id = {offer.route.model.id: offer.route for offer in offered}
        return next((by_id[model_id] for model_id in wanted if model_id in by_id), offered[0].route)

    @property
    def for_vectors(self) -> tuple[Model, ...]:
        """Those that make vectors."""
        return tuple(offer.route.model for offer in self._of_kind("embedding"))

    def default_for(self, purpose: Purpose) -> str:
        """The id that the workspace chose for a purpose, whether the actor may use it or not; empty for none."""
        return self._defaults.get(purpose, "")

    def chosen_for(self, purpose: Purpose) -> Model | None:
        """The model that the workspace chose for a purpose, if it did and the actor may use it; nobody stands in."""
        route = self.way_to_chosen(purpose)
        return route.model if route else None

    def way_to_chosen(self, purpose: Purpose) -> Route | None:
        """The same with how it is reached."""
        wanted = self._defaults.get(purpose, "")
        routes = [offer.route for offer in self._of_kind(kind_for(purpose))]
        return next((route for route in routes if route.model.id == wanted and not route.model.is_reader), None)

    def chain(self, first: Route, stand_in: str = "", *, no_dearer: bool = False) -> list[Route]:
        """A model and those that may answer in its place, as far as the actor may use them themselves.

        Before them all comes the `stand_in` that whoever asks has named. What an administrator chose comes alone.
        Where nothing is chosen, a provider of the workspace is replaced by no other one: nobody said that it may read
        the conversation. With `no_dearer` nobody comes after the first who may cost more.
        """
        offered = self._of_kind("chat")
        routes = [offer.route for offer in offered]
        own = next((offer for offer in offered if offer.route.model.id == first.model.id), None)
        if own is None or first.model.is_reader:  # Made for something else than to chat, or nobody's to replace.
            return [first]
        named = [route for route in routes if route.model.id == stand_in and route is not own.route]
        chain = _usual_chain(own, routes)
        others = [*named, *(route for route in chain[1:] if route not in named)]
        return [first, *(route for route in others if not (no_dearer and route.model.may_cost_more_than(first.model)))]

    def _of_kind(self, kind: str) -> tuple[Offer, ...]:
        return tuple(offer for offer in self._offers if offer.kind == kind)


class Choosing:
    """What is offered to whom. `default_model` is that of the settings."""

    def __init__(self, catalogue: Catalogue, workspaces: Workspaces, default_model: str) -> None:
        self._catalogue = catalogue
        self._workspaces = workspaces
        self._default_model = default_model

    async def choices(self, actor: Actor) -> Choices:
        """What somebody may use; without a workspace, as for the server itself, what the settings say."""
        if actor.workspace_id is None:
            routes = self._catalogue.routes
            offers = tuple(Offer(route, route.model, "chat", True, False, (), None) for route in routes)
            return Choices(offers, {}, self._default_model)
        workspace = await self._workspaces.get(actor.workspace_id)
        allowed = await workspace.allowed(actor) if actor.role != "system" else None
        offers = tuple(
            offer
            for offer in workspace.offers(self._catalogue)
            if offer.is_enabled and (not offer.is_restricted or allowed is None or offer.route.model.id in allowed)
        )
        return Choices(offers, workspace.stored.defaults, self._default_model)


@dataclass(frozen=True)
class ChosenForVectors:
    """What workspaces chose to make vectors with. It is for everybody who searches: all must search alike."""

    _catalogue: Catalogue
    _workspaces: Workspaces

    async def chosen(self, actor: Actor) -> str:
        """The id of the model that the actor's workspace chose; empty where the settings decide."""
        if actor.workspace_id is None:
            return ""
        return (await self._workspaces.get(actor.workspace_id)).stored.defaults.get("embedding", "")

    async def find(self, actor: Actor, model_id: str) -> Route | None:
        """The way to a model of theirs that makes vectors; None if it is gone or switched off."""
        if actor.workspace_id is None:
            return None
        offers = (await self._workspaces.get(actor.workspace_id)).offers(self._catalogue)
        routes = {
            offer.route.model.id: offer.route for offer in offers if offer.kind == "embedding" and offer.is_enabled
        }
        return routes.get(model_id)


def kind_for(purpose: str) -> str:
    """The kind of models that do something."""
    return purpose if purpose in KINDS else "chat"


def _usual_chain(own: Offer, routes: list[Route]) -> list[Route]:
    first = own.route
    if own.fallback_ids:
        by_id = {route.model.id: route for route in routes if route is not first}
        return [first, *(by_id[each] for each in own.fallback_ids[:MOST_CHOSEN_FALLBACKS] if each in by_id)]
    if first.account:
        routes = [route for route in routes if route.provider is first.provider]
    return chain_of(first, routes)


def _find(offered: tuple[Offer, ...], model_id: str) -> Route:
    """By its id, which for models of OPENAI_BASE_URL may have the provider in front."""
    by_id = {offer.route.model.id: offer.route for offer in offered}
    found = by_id.get(model_id) or by_id.get(model_id.removeprefix("openai/"))
    if found is None:
        raise ModelNotFoundError(model_id)
    return found
