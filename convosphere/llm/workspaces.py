"""What each workspace makes of the process's models: its own providers beside those of the settings, and its rules.

It is read once and kept until somebody changes it: a question asks the database nothing, or, where models are for some
only, once who the actor is to them.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from time import monotonic
from typing import cast
from uuid import UUID

from convosphere.core.endings import end
from convosphere.core.events import LOOK_AGAIN, EventHub
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.catalogue import Catalogue, describe_model, short_name
from convosphere.llm.connections import find_price_facts, is_priced
from convosphere.llm.models import ModelPrice, ModelProvider, OfferedModel
from convosphere.llm.queries import offers
from convosphere.llm.queries.offers import Stored
from convosphere.llm.routing import Account, Limits, Route
from convosphere.llm.schemas import Capability, Model, Price, Provider, UnitPrice

FRESH_SECONDS = 60.0
"""A notice of a change may get lost; so long it can go unnoticed at most."""
FRESH_ALONE_SECONDS = 2.0
"""The same in a process that hears of no changes."""

Connect = Callable[[ModelProvider], Provider | None]


def models_topic(workspace_id: UUID) -> str:
    """The topic of a workspace's providers, models, prices and defaults."""
    return f"models:{workspace_id}"


@dataclass(frozen=True)
class Offer:
    """A model as the workspace has it, for whomever; `listed` is the same before anything was decided of it."""

    route: Route
    listed: Model
    kind: str
    is_enabled: bool
    is_restricted: bool
    fallback_ids: tuple[str, ...]
    row: OfferedModel | None


class WorkspaceModels:
    """One workspace's; `providers` are the connections of its enabled ones."""

    def __init__(self, stored: Stored, providers: dict[UUID, Provider]) -> None:
        self.stored = stored
        self._providers = providers
        self._accounts = {row.id: _account(row) for row in stored.providers}
        self._slugs = {row.id: row for row in stored.providers}
        self._prices: dict[str, list[ModelPrice]] = defaultdict(list)
        for price in stored.prices:
            self._prices[price.model_id].append(price)
        self._allowed: dict[UUID | None, frozenset[str]] = {}
        self._offers: tuple[Offer, ...] = ()
        self._made_for: tuple[int, datetime, datetime] | None = None

    def offers(self, catalogue: Catalogue) -> tuple[Offer, ...]:
        """All models with the prices that hold now: its own, then those of the settings, then the Reader."""
        now = datetime.now(UTC)
        made = self._made_for
        if made is None or made[0] != catalogue.version or not made[1] <= now < made[2]:
            self._offers = tuple(self._make(catalogue, now))
            self._made_for = (catalogue.version, *self._span_of_prices(now))
        return self._offers

    async def allowed(self, actor: Actor) -> frozenset[str]:
        """The restricted models that somebody may use all the same."""
        if not any(row.is_restricted for row in self.stored.models):
            return frozenset()
        if actor.account_id not in self._allowed:
            async with unit_of_work(actor) as uow:
                self._allowed[actor.account_id] = await offers.list_allowed(uow)
        return self._allowed[actor.account_id]

    def _make(self, catalogue: Catalogue, now: datetime) -> list[Offer]:
        own = [self._own(row, now) for row in self.stored.models if row.provider_id in self._providers]
        taken = {offer.route.model.id for offer in own}
        rows = {row.model_id: row for row in self.stored.models if row.provider_id is None}
        others = [route for route in catalogue.routes if route.model.id not in taken]
        return own + [self._offer(route, rows.get(route.model.id), now) for route in others]

    def _own(self, row: OfferedModel, now: datetime) -> Offer:
        provider = self._slugs[cast("UUID", row.provider_id)]
        facts = find_price_facts(provider.kind, row.name)
        model = describe_model(row.model_id, short_name(row.name), provider.name, facts)
        if not is_priced(provider.kind):
            model = replace(model, price=None, unit_price=None)
        route = Route(model, self._providers[provider.id], row.name, account=self._accounts[provider.id])
        return self._offer(route, row, now)

    def _offer(self, route: Route, row: OfferedModel | None, now: datetime) -> Offer:
        listed = route.model
        model = self._priced(listed, now)
        if row is None:
            return Offer(replace(route, model=model), listed, "chat", True, False, (), None)
        model = changed_model(model, row)
        provider = self._slugs.get(row.provider_id) if row.provider_id else None
        is_enabled = row.is_enabled and (provider is None or provider.is_enabled)
        fallbacks = tuple(row.fallback_ids)
        return Offer(replace(route, model=model), listed, row.kind, is_enabled, row.is_restricted, fallbacks, row)

    def _priced(self, model: Model, now: datetime) -> Model:
        valid = [row for row in self._prices.get(model.id, ()) if row.valid_from <= now]
        return with_price(model, valid[-1]) if valid else model

    def _span_of_prices(self, now: datetime) -> tuple[datetime, datetime]:
        """From when until when the prices of now hold."""
        moments = sorted({price.valid_from for price in self.stored.prices})
        bounds = [datetime.min.replace(tzinfo=UTC), *moments, datetime.max.replace(tzinfo=UTC)]
        return next((begin, end) for begin, end in pairwise(bounds) if begin <= now < end)


class Workspaces:
    """The workspaces that this process has answered for, until they change."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._known: dict[UUID, tuple[float, WorkspaceModels]] = {}
        self._connections: dict[UUID, tuple[datetime, Provider]] = {}
        self._changes: dict[UUID, int] = defaultdict(int)
        self._loading: dict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._fresh_seconds = FRESH_ALONE_SECONDS

    async def get(self, workspace_id: UUID) -> WorkspaceModels:
        """What a workspace has said about models."""
        if found := self._fresh(workspace_id):
            return found
        async with self._loading[workspace_id]:
            if found := self._fresh(workspace_id):
                return found
            changes = self._changes[workspace_id]
            async with unit_of_work(system_actor(workspace_id)) as uow:
                stored = await offers.load(uow)
            models = WorkspaceModels(stored, self._open(stored.providers))
            if changes == self._changes[workspace_id]:  # What was changed meanwhile may not be in it.
                self._known[workspace_id] = (monotonic() + self._fresh_seconds, models)
            return models

    def forget(self, workspace_id: UUID) -> None:
        """Read a workspace anew when it is needed next."""
        self._changes[workspace_id] += 1
        self._known.pop(workspace_id, None)

    @asynccontextmanager
    async def following(self, hub: EventHub) -> AsyncIterator[None]:
        """Hear of changes that other processes make, and of people who join or leave groups."""
        async with hub.subscribe("models:*", "groups:*") as notices:
            self._fresh_seconds = FRESH_SECONDS
            following = asyncio.create_task(self._follow(notices), name="models-of-workspaces")
            try:
                yield
            finally:
                await end(following)

    async def _follow(self, notices: asyncio.Queue[str]) -> None:
        while True:
            topic = await notices.get()
            changed = list(self._known) if topic == LOOK_AGAIN else [UUID(topic.partition(":")[2])]
            for workspace_id in changed:
                self.forget(workspace_id)

    def _fresh(self, workspace_id: UUID) -> WorkspaceModels | None:
        until, models = self._known.get(workspace_id, (0.0, None))
        return models if monotonic() < until else None

    def _open(self, rows: Sequence[ModelProvider]) -> dict[UUID, Provider]:
        """Connections, each kept as long as nothing of it changes."""
        opened: dict[UUID, Provider] = {}
        for row in rows:
            changed_at, provider = self._connections.get(row.id, (None, None))
            if changed_at != row.updated_at:
                provider = self._connect(row)
            if provider is not None:
                opened[row.id] = provider
                self._connections[row.id] = (row.updated_at, provider)
        return opened


def changed_model(model: Model, row: OfferedModel) -> Model:
    """A model with what an administrator wrote of it."""
    capabilities = model.capabilities
    if row.capabilities is not None:
        capabilities = frozenset(cast("list[Capability]", row.capabilities))
    parameters = model.parameters
    if row.capabilities is not None:
        parameters = parameters | {"thinking"} if "thinking" in capabilities else parameters - {"thinking"}
    return replace(
        model,
        name=row.display_name or model.name,
        icon=row.icon,
        context_tokens=row.context_tokens or model.context_tokens,
        output_tokens=row.output_tokens or model.output_tokens,
        capabilities=capabilities,
        parameters=parameters,
    )


def with_price(model: Model, row: ModelPrice) -> Model:
    """A model at the price that a row says, which may be that nobody knows it."""
    if row.source == "list":
        return model
    price = unit_price = None
    if row.input_nanos is not None and row.output_nanos is not None:
        price = Price(row.input_nanos, row.output_nanos, row.cached_nanos, currency=row.currency)
    if row.minute_nanos is not None:
        unit_price = UnitPrice(row.minute_nanos, "minute", row.currency)
    elif row.picture_nanos is not None:
        unit_price = UnitPrice(row.picture_nanos, "picture", row.currency)
    return replace(model, price=price, unit_price=unit_price)


def _account(row: ModelProvider) -> Account:
    return Account(str(row.id), row.name, Limits(row.parallel_limit, row.requests_per_minute))
