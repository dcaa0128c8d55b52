"""The dialog that connects a provider and takes in its models."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from convosphere.admin.state.model_items import ProviderItem, as_dict
from convosphere.admin.state.models_state import ModelsState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.llm.catalogue import short_name
from convosphere.llm.choosing import KINDS
from convosphere.llm.presets import PRESETS
from convosphere.llm.service import offering, providers, trials
from convosphere.llm.service.drafts import ProviderDraft
from convosphere.llm.service.offering import NewModel
from convosphere.llm.service.trials import Trial

PAGE = 60
FAILED, BUSY, NOTHING = -3, -2, -1


@dataclass(frozen=True)
class FoundItem:
    """A model that a provider has; `kind` is what it seems to be for."""

    name: str
    label: str
    kind: str
    context_tokens: int
    is_offered: bool


class ProviderState(rx.State):
    """What is entered of a provider, but never its key, and its models to choose from.

    `step` is `form` or `models`; `tested` counts the models that it has, -1 before it was tried, -2 meanwhile, and -3
    after that failed.
    """

    is_open: rx.Field[bool] = rx.field(False)
    step: rx.Field[str] = rx.field("form")
    asked: rx.Field[ProviderItem] = rx.field(default_factory=ProviderItem)
    kind: rx.Field[str] = rx.field(PRESETS[0].kind)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    advice: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    tested: rx.Field[int] = rx.field(NOTHING)
    found: rx.Field[list[FoundItem]] = rx.field(default_factory=list)
    chosen: rx.Field[list[str]] = rx.field(default_factory=list)
    _found: list[FoundItem] = []  # noqa: RUF012  # Reflex copies it for each tab.
    _intent: str = "save"
    _wanted: str = ""

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def ask(self, provider_id: str = "") -> None:
        """Open the dialog for a new provider, or to change one."""
        known = await self.get_state(ModelsState)
        self.reset()
        self.asked = next((item for item in known.providers if item.id == provider_id and item.id), ProviderItem())
        self.kind = self.asked.kind or PRESETS[0].kind
        self.is_open = True

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.reset()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def choose_kind(self, kind: str) -> None:
        """Ask for what this kind of provider needs."""
        self.kind = kind
        self.error, self.advice, self.tested = {}, {}, NOTHING

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def intend(self, intent: str) -> None:
        """Say what the form is sent for: to `test` it, to `save` it if it works, or to save it by `force`."""
        self._intent = intent if intent in {"test", "force"} else "save"

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def submit(self, form: dict[str, str]) -> AsyncGenerator[rx.event.EventType[()] | None, None]:
        """Try what was entered; save it unless it was only to be tried."""
        intent, self._intent = self._intent, "save"
        self.error, self.advice, self.tested = {}, {}, BUSY
        yield None
        try:
            draft = self._draft(form)
            trial = await trials.try_draft(current_actor(), draft, parse_id(self.asked.id) if self.asked.id else None)
            if intent == "force" or (intent == "save" and not trial.problem):
                await self._save(draft)
                yield ModelsState.load
            await self._show(trial)
        except (InvalidInputError, ConflictError, NotFoundError) as error:
            self.error, self.tested = error.message.as_dict(), NOTHING

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def discover(self, provider_id: str) -> AsyncGenerator[rx.event.EventType[()] | None, None]:
        """Open the dialog with the models that a provider has."""
        known = await self.get_state(ModelsState)
        self.reset()
        self.asked = next((item for item in known.providers if item.id == provider_id and item.id), ProviderItem())
        self.kind, self.step, self.is_open, self.tested = self.asked.kind, "models", True, BUSY
        yield None
        try:
            await self._show(await trials.try_provider(current_actor(), parse_id(provider_id)))
        except NotFoundError as error:
            self.error, self.tested = error.message.as_dict(), NOTHING

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def search(self, text: str) -> None:
        """Show the models whose name holds a text."""
        self._wanted = text.strip().casefold()[:100]
        self.found = [item for item in self._found if self._wanted in item.name.casefold()][:PAGE]

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    def choose(self, name: str, is_chosen: bool) -> None:
        """Take a model in, or leave it out."""
        rest = [each for each in self.chosen if each != name]
        self.chosen = [*rest, name] if is_chosen else rest

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def add_by_name(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Offer a model that is in no list, such as a deployment of Azure."""
        kind = str(form.get("model-kind", "chat"))
        new = NewModel(str(form.get("model-name", "")), kind if kind in KINDS else "chat")
        return await self._offer([new])

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def offer(self) -> rx.event.EventType[()] | None:
        """Offer the chosen models to everybody."""
        known = {item.name: item for item in self._found}
        chosen = [known[name] for name in self.chosen if name in known]
        return await self._offer([NewModel(each.name, each.kind, each.context_tokens or None) for each in chosen])

    async def _offer(self, models: list[NewModel]) -> rx.event.EventType[()] | None:
        if not self.is_open:  # The second of two clicks.
            return None
        try:
            await offering.offer_models(current_actor(), parse_id(self.asked.id), models)
        except InvalidInputError as error:
            self.error = error.message.as_dict()
            return None
        self.reset()
        return ModelsState.load

    async def _save(self, draft: ProviderDraft) -> None:
        if self.asked.id:
            await providers.change_provider(current_actor(), parse_id(self.asked.id), draft)
        else:
            provider_id = await providers.add_provider(current_actor(), draft)
            self.asked = ProviderItem(id=str(provider_id), kind=draft.kind, name=draft.name)
        self.step = "models"

    async def _show(self, trial: Trial) -> None:
        self.error, self.advice = as_dict(trial.problem), as_dict(trial.advice)
        self.tested = len(trial.models) if not trial.problem else FAILED if trial.is_reachable_later else NOTHING
        if self.step == "form":
            return
        offers = await offering.list_offers(current_actor())
        offered = {each.route.name for each in offers if each.route.runs_on.key == self.asked.id}
        kinds = [(model, offering.kind_of(self.kind, model.name)) for model in trial.models]
        self._found = [
            FoundItem(model.name, short_name(model.name), kind, model.context_tokens or 0, model.name in offered)
            for model, kind in kinds
            if kind
        ]
        self.found = self._found[:PAGE]

    def _draft(self, form: dict[str, str]) -> ProviderDraft:
        def number(name: str) -> int | None:
            text = str(form.get(name, "")).strip()
            if text and not (text.isascii() and text.isdigit() and len(text) < 8):
                raise InvalidInputError(t("Please enter a number, or nothing."))
            return int(text) if text else None

        def words(name: str) -> str:
            return str(form.get(name) or "")

        return ProviderDraft(
            self.kind, words("provider-name"), words("provider-url"), words("provider-key"), words("provider-region"),
            number("provider-parallel"), number("provider-minute"),
        )  # fmt: skip
