"""The page of models: providers, what is offered of them, and which model does what."""

from collections import Counter
from collections.abc import AsyncGenerator

import reflex as rx

from convosphere.admin.state.model_items import (
    ChoiceItem,
    DefaultItem,
    ModelRow,
    ProviderItem,
    model_row,
    provider_item,
)
from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.events import current_event_hub
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import MODELS
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.llm.gateway import current_gateway
from convosphere.llm.service import offering, providers, trials
from convosphere.llm.service.offering import PURPOSES, can_do
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import TabGuard, next_notice

PAGE = 60
HEALTH = "provider_health:*"
"""The topic of how models do, see `Gateway.health`."""


class ModelsState(rx.State):
    """All providers, a part of the models, and the defaults; `asked` is the provider that is to be deleted."""

    providers: rx.Field[list[ProviderItem]] = rx.field(default_factory=list)
    models: rx.Field[list[ModelRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    choices: rx.Field[list[ChoiceItem]] = rx.field(default_factory=list)
    defaults: rx.Field[list[DefaultItem]] = rx.field(default_factory=list)
    embedding: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    asked: rx.Field[ProviderItem] = rx.field(default_factory=ProviderItem)
    testing: rx.Field[str] = rx.field("")
    _wanted: str = ""
    _most: int = PAGE
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.MODEL_MANAGE)
    async def follow(self) -> None:
        """Show everything, and again whenever a model does better or worse, until the tab shows something else."""
        actor, follower = current_actor(), str(new_id())
        async with self:
            self._follower, guard = follower, TabGuard(self, actor)
            await self._load()
        async with current_event_hub().subscribe(HEALTH) as notices:
            while await guard.holds():
                await next_notice(notices)
                async with self:
                    if self._follower != follower or self.router.url.path.rstrip("/") != MODELS:
                        return
                    await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def load(self) -> None:
        """Show everything as it is now."""
        await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def search(self, text: str) -> None:
        """Show the models whose name, provider or kind holds a text."""
        self._wanted, self._most = text.strip().casefold()[:100], PAGE
        await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def show_more(self) -> None:
        """Show more of the models."""
        self._most += PAGE
        await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def set_default(self, purpose: str, model_id: str) -> None:
        """Let a model do something where nobody chose one."""
        try:
            await offering.set_default(current_actor(), purpose, model_id)
        except InvalidInputError as error:
            await show_toast(self, "error", error.message)
        await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def enable(self, provider_id: str, is_enabled: bool) -> None:
        """Let a provider's models be asked, or none of them for now."""
        await providers.enable_provider(current_actor(), parse_id(provider_id), is_enabled=is_enabled)
        await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def test(self, provider_id: str) -> AsyncGenerator[None, None]:
        """Ask a provider for its models, and say how that went."""
        self.testing = provider_id
        yield None
        try:
            trial = await trials.try_provider(current_actor(), parse_id(provider_id))
        finally:
            self.testing = ""
        if trial.problem:
            await show_toast(self, "error", trial.problem)
            if trial.advice:
                await show_toast(self, "info", trial.advice)
        else:
            await show_toast(self, "success", t("It answers, and has {count} models.", count=len(trial.models)))
        await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def ask_to_delete(self, provider_id: str) -> None:
        """Ask before a provider is deleted."""
        self.asked = next((item for item in self.providers if item.id == provider_id), ProviderItem())

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def close_dialog(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Delete nothing."""
        if not is_open:
            self.asked = ProviderItem()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def delete(self) -> None:
        """Delete the provider that was asked about, with its models."""
        asked, self.asked = self.asked, ProviderItem()
        await providers.delete_provider(current_actor(), parse_id(asked.id))
        await self._load()

    async def _load(self) -> None:
        actor, gateway = current_actor(), current_gateway()
        offers = await offering.list_offers(actor)
        accounts = {account.key: account for account in gateway.health()}
        by_model = {(key, model.key): model for key, account in accounts.items() for model in account.models}
        counts = Counter(each.route.runs_on.key for each in offers)
        rows = [model_row(each, by_model.get((each.route.runs_on.key, each.route.name))) for each in offers]
        self.providers = [
            provider_item(view, counts[str(view.id or view.slug)], accounts.get(str(view.id or view.slug)))
            for view in await providers.list_providers(actor)
        ]
        found = [row for row in rows if self._wanted in f"{row.id} {row.name} {row.provider} {row.kind}".casefold()]
        self.total, self.models = len(found), found[: self._most]
        self.choices = [
            ChoiceItem(row.id, row.name, [purpose for purpose in PURPOSES if can_do(each, purpose)])
            for row, each in zip(rows, offers, strict=True)
            if row.is_enabled
        ]
        await self._load_defaults({row.id: row.name for row in rows})
        embedder = await gateway.embedder(actor)
        self.embedding = embedder.embedding_model.id if embedder else ""
        self.is_loaded = True

    async def _load_defaults(self, names: dict[str, str]) -> None:
        chosen = await offering.list_defaults(current_actor())
        here = {"", *(choice.id for choice in self.choices)}
        absent = {each: names.get(each, each) for each in chosen.values() if each not in here}
        self.defaults = [
            DefaultItem(purpose, wanted := chosen.get(purpose, ""), absent.get(wanted, ""))
            for purpose in PURPOSES
            if purpose != "rerank" or any(purpose in choice.purposes for choice in self.choices)
        ]
