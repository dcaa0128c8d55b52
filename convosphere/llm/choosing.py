"""Which model answers somebody, and which ones in its place: the rules of the settings and of the workspace in one."""

from convosphere.core.permissions import Actor
from convosphere.llm.catalogue import Catalogue
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.routing import Route, chain_of
from convosphere.llm.schemas import Purpose
from convosphere.llm.workspaces import Offer, Workspaces

KINDS = frozenset({"embedding", "rerank", "speech", "image"})
"""Purposes that have models of their own; all others are done by models that chat."""
MOST_CHOSEN_FALLBACKS = 5


class Choosing:
    """What is offered to whom. `default_model` is that of the settings."""

    def __init__(self, catalogue: Catalogue, workspaces: Workspaces, default_model: str) -> None:
        self._catalogue = catalogue
        self._workspaces = workspaces
        self._default_model = default_model

    async def offers(self, actor: Actor, kind: str = "chat") -> tuple[Offer, ...]:
        """What somebody may use; without a workspace, as for the server itself, what the settings say."""
        if actor.workspace_id is None:
            return tuple(
                Offer(route, route.model, "chat", True, False, (), None)
                for route in self._catalogue.routes
                if kind == "chat"
            )
        workspace = await self._workspaces.get(actor.workspace_id)
        offered = workspace.offers(self._catalogue)
        allowed = await workspace.allowed(actor) if actor.role != "system" else None
        return tuple(
            offer
            for offer in offered
            if offer.kind == kind
            and offer.is_enabled
            and (not offer.is_restricted or allowed is None or offer.route.model.id in allowed)
        )

    async def route_for(self, actor: Actor, model_id: str, purpose: Purpose, instead: str = "") -> Route:
        """The model of this id; without one that of the purpose, else `instead`, else that of new conversations.

        Raises:
            ModelNotFoundError: there is no such model, or the actor may not use it.
        """
        kind = purpose if purpose in KINDS else "chat"
        offered = await self.offers(actor, kind)
        if model_id or not offered:
            return _find(offered, model_id)
        for wanted in (await self._chosen(actor, purpose), instead):
            if found := next((offer.route for offer in offered if offer.route.model.id == wanted), None):
                return found
        default = await self._chosen(actor, "chat") if kind == "chat" else ""
        by_id = {offer.route.model.id: offer.route for offer in offered}
        return by_id.get(default) or by_id.get(self._default_model) or offered[0].route

    async def chain(self, actor: Actor, first: Route, stand_in: str = "") -> list[Route]:
        """A model and those that may answer in its place, as far as the actor may use them themselves.

        Before them all comes the `stand_in` that whoever asks has named. What an administrator chose comes alone.
        Where nothing is chosen, a provider of the workspace is replaced by no other one: nobody said that it may read
        the conversation.
        """
        offered = await self.offers(actor)
        routes = [offer.route for offer in offered]
        own = next((offer for offer in offered if offer.route.model.id == first.model.id), None)
        if own is None or first.model.is_reader:  # Taken away since it was chosen, or nobody's to replace.
            return [first]
        named = [route for route in routes if route.model.id == stand_in and route is not own.route]
        chain = self._usual_chain(own, routes)
        return [chain[0], *named, *(route for route in chain[1:] if route not in named)]

    def _usual_chain(self, own: Offer, routes: list[Route]) -> list[Route]:
        first = own.route
        if own.fallback_ids:
            by_id = {route.model.id: route for route in routes if route is not first}
            return [first, *(by_id[each] for each in own.fallback_ids[:MOST_CHOSEN_FALLBACKS] if each in by_id)]
        if first.account:
            routes = [route for route in routes if route.provider is first.provider]
        return chain_of(first, routes)

    async def _chosen(self, actor: Actor, purpose: Purpose) -> str:
        if actor.workspace_id is None:
            return ""
        return (await self._workspaces.get(actor.workspace_id)).default_id(purpose)


def _find(offered: tuple[Offer, ...], model_id: str) -> Route:
    """By its id, which for models of OPENAI_BASE_URL may have the provider in front."""
    by_id = {offer.route.model.id: offer.route for offer in offered}
    found = by_id.get(model_id) or by_id.get(model_id.removeprefix("openai/"))
    if found is None:
        raise ModelNotFoundError(model_id)
    return found
