"""The rules of models: which are offered, what they are called, who may use them, and which one does what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from convosphere.core.audit.actions import MODEL_CHANGED, MODEL_OFFERED, MODEL_REMOVED, ModelFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.llm.catalogue import short_name
from convosphere.llm.choosing import KINDS, MOST_CHOSEN_FALLBACKS, kind_for
from convosphere.llm.connections import find_price_facts
from convosphere.llm.gateway import current_gateway
from convosphere.llm.models import OfferedModel
from convosphere.llm.queries import offers as offer_queries
from convosphere.llm.schemas import Purpose
from convosphere.llm.service.defaults import put_default
from convosphere.llm.service.vectors import NewVectors
from convosphere.llm.workspaces import Offer, models_topic

CAPABILITIES = ("vision", "tools", "thinking", "json")
PURPOSES: tuple[Purpose, ...] = (
    "chat", "title", "follow_ups", "rewriting", "checking", "embedding", "rerank", "speech", "describing",
    "image",
)  # fmt: skip
"""What a workspace chooses a model for. Another one for vectors makes all anew, while the old ones serve."""
MOST_MODELS = 500
LONGEST_NAME = 200
LONGEST_DISPLAY_NAME = 80
MOST_TOKENS = 100_000_000
ICONS = (
    "", "bot", "brain", "sparkles", "zap", "feather", "gem", "leaf", "globe", "server", "cpu", "shield", "code",
    "languages", "eye", "image", "mic", "search",
)  # fmt: skip
"""Names of lucide's."""
_MODES = {"embedding": "embedding", "rerank": "rerank", "image_generation": "image",
          "audio_speech": "speech", "audio_transcription": "speech"}  # fmt: skip
_BY_NAME = (
    ("embedding", re.compile(r"embed|bge-|e5-|minilm")),
    ("rerank", re.compile(r"rerank")),
    ("speech", re.compile(r"whisper|tts|transcribe|speech")),
    ("image", re.compile(r"dall-e|-image|flux|stable-diffusion|imagen")),
)
_USELESS = re.compile(r"moderation|realtime")
_SPEAKS = re.compile(r"(^|[^a-z])tts([^a-z]|$)|text-to-speech")
"""Of the kind "speech" as well, but the other way about."""


@dataclass(frozen=True)
class NewModel:
    """A model of a provider to offer, by the provider's name for it; `context_tokens` if the provider said so."""

    name: str
    kind: str = "chat"
    context_tokens: int | None = None


@dataclass(frozen=True)
class ModelChange:
    """What is to be decided of a model; empty and None mean what the price list or the provider says."""

    display_name: str = ""
    icon: str = ""
    context_tokens: int | None = None
    output_tokens: int | None = None
    capabilities: tuple[str, ...] | None = None
    fallback_ids: tuple[str, ...] = ()


async def list_offers(actor: Actor) -> tuple[Offer, ...]:
    """All models of the workspace, also those that the actor may not use and those that are switched off."""
    require(actor, Permission.MODEL_MANAGE)
    return await current_gateway().all_offers(_workspace_id(actor))


async def list_defaults(actor: Actor) -> Mapping[str, str]:
    """Which models were chosen for which purposes."""
    require(actor, Permission.MODEL_MANAGE)
    return (await current_gateway().workspaces.get(_workspace_id(actor))).stored.defaults


def can_do(offer: Offer, purpose: str) -> bool:
    """Whether a model is one for something; who describes pictures must see, who writes down what is said must hear."""
    if purpose == "describing" and "vision" not in offer.route.model.capabilities:
        return False
    speaks = purpose == "speech" and _SPEAKS.search(offer.route.name.lower())
    return offer.kind == kind_for(purpose) and not speaks


def kind_of(provider_kind: str, name: str) -> str:
    """What a model is for, as far as the price list or its name tells; empty for what nobody here could use."""
    facts = find_price_facts(provider_kind, name)
    if facts:
        return _MODES.get(facts.mode, "chat" if facts.chats else "")
    lowered = name.lower()
    if _USELESS.search(lowered):
        return ""
    return next((kind for kind, pattern in _BY_NAME if pattern.search(lowered)), "chat")


async def offer_models(actor: Actor, provider_id: UUID, models: Sequence[NewModel]) -> int:
    """Offer models of a provider to everybody; gives how many were not offered before.

    Raises:
        NotFoundError: the workspace has no such provider.
        InvalidInputError: a name or a kind is none, or there are too many.
    """
    require(actor, Permission.MODEL_MANAGE)
    async with unit_of_work(actor) as uow:
        provider = await offer_queries.get_provider(uow, provider_id)
        known = {row.model_id for row in await offer_queries.list_models_of(uow, provider_id)}
        wanted = {f"{provider.slug}/{short_name(_checked_name(each.name))}": each for each in models}
        new = {model_id: each for model_id, each in wanted.items() if model_id not in known}
        if len(known) + len(new) > MOST_MODELS:
            raise InvalidInputError(t("Of one provider at most {count} models can be offered.", count=MOST_MODELS))
        for model_id, each in new.items():
            row = OfferedModel(
                workspace_id=uow.workspace_id, provider_id=provider_id, model_id=model_id, name=each.name.strip(),
                kind=_checked_kind(each.kind), context_tokens=_checked_tokens(each.context_tokens),
            )  # fmt: skip
            uow.session.add(row)
            uow.record(MODEL_OFFERED, row.id, label=model_id, after=ModelFacts(model=model_id))
        await _tell(uow)
    current_gateway().forget(_workspace_id(actor))
    return len(new)


async def change_model(actor: Actor, model_id: str, change: ModelChange) -> None:
    """Decide what a model is called and can do, and who answers in its place.

    Of those in its place that were chosen before, some may be gone by now; they stay until somebody takes them away,
    since what a provider lists can come back.

    Raises:
        NotFoundError: there is no such model.
        InvalidInputError: something of it cannot be.
    """
    offered = {offer.route.model.id for offer in await list_offers(actor) if offer.kind == "chat"} - {model_id}
    most = MOST_CHOSEN_FALLBACKS
    if change.icon not in ICONS or not set(change.capabilities or ()) <= set(CAPABILITIES):
        raise InvalidInputError(t("The request could not be read."))
    async with unit_of_work(actor) as uow:
        row = await _hold(uow, actor, model_id)
        if not offered.issuperset(set(change.fallback_ids) - set(row.fallback_ids)) or len(change.fallback_ids) > most:
            raise InvalidInputError(t("Up to {count} other models can answer in its place.", count=most))
        before = _facts(row)
        row.display_name = plain_line(change.display_name)[:LONGEST_DISPLAY_NAME]
        row.icon = change.icon
        row.context_tokens = _checked_tokens(change.context_tokens)
        row.output_tokens = _checked_tokens(change.output_tokens)
        row.capabilities = None if change.capabilities is None else sorted(change.capabilities)
        row.fallback_ids = list(dict.fromkeys(change.fallback_ids))
        row.updated_at = utc_now()
        uow.record(MODEL_CHANGED, row.id, label=model_id, before=before, after=_facts(row))
        await _tell(uow)
    current_gateway().forget(_workspace_id(actor))


async def open_model(
    actor: Actor, model_id: str, *, is_enabled: bool | None = None, is_restricted: bool | None = None
) -> None:
    """Switch a model on or off, or let everybody use it or only those whom it is granted.

    Raises:
        NotFoundError: there is no such model.
    """
    require(actor, Permission.MODEL_MANAGE)
    async with unit_of_work(actor) as uow:
        row = await _hold(uow, actor, model_id)
        before = _facts(row)
        row.is_enabled = row.is_enabled if is_enabled is None else is_enabled
        row.is_restricted = row.is_restricted if is_restricted is None else is_restricted
        uow.record(MODEL_CHANGED, row.id, label=model_id, before=before, after=_facts(row))
        if is_enabled is not None and row.kind == "embedding":
            await NewVectors.tell(uow)
        await _tell(uow)
    current_gateway().forget(_workspace_id(actor))


async def remove_model(actor: Actor, model_id: str) -> None:
    """Offer a model of the workspace's own no more; what was said and booked with it stays.

    Raises:
        NotFoundError: there is no such model, or it is one of the settings, which is switched off instead.
    """
    require(actor, Permission.MODEL_MANAGE)
    async with unit_of_work(actor) as uow:
        row = await offer_queries.find_model(uow, model_id)
        if row is None or row.provider_id is None:
            raise NotFoundError
        await offer_queries.forget_grants(uow, [row.id])
        await offer_queries.forget_defaults(uow, [model_id])
        uow.record(MODEL_REMOVED, row.id, label=model_id, before=_facts(row))
        await uow.session.delete(row)
        if row.kind == "embedding":
            await NewVectors.tell(uow)
        await _tell(uow)
    current_gateway().forget(_workspace_id(actor))


async def set_default(actor: Actor, purpose: str, model_id: str) -> None:
    """Let a model do something where nobody chose one; an empty id leaves it to the settings.

    Raises:
        InvalidInputError: no model is chosen for this, or this one cannot do it.
    """
    fitting = {offer.route.model.id for offer in await list_offers(actor) if can_do(offer, purpose)}
    if purpose not in PURPOSES or (model_id and model_id not in fitting):
        raise InvalidInputError(t("This model cannot do that."))
    async with unit_of_work(actor) as uow:
        await put_default(uow, purpose, model_id)
    current_gateway().forget(_workspace_id(actor))


async def hold_row(actor: Actor, model_id: str) -> UUID:
    """The row that grants of a model refer to; one of the settings gets it now.

    Raises:
        NotFoundError: there is no such model.
    """
    require(actor, Permission.MODEL_MANAGE)
    async with unit_of_work(actor) as uow:
        return (await _hold(uow, actor, model_id)).id


async def _hold(uow: UnitOfWork, actor: Actor, model_id: str) -> OfferedModel:
    """What is stored of a model, locked; of one of the settings nothing may be yet."""
    if row := await offer_queries.find_model(uow, model_id):
        return row
    offers = await current_gateway().all_offers(_workspace_id(actor))
    if not any(offer.route.model.id == model_id and not offer.route.model.is_reader for offer in offers):
        raise NotFoundError
    row = OfferedModel(workspace_id=uow.workspace_id, model_id=model_id)
    uow.session.add(row)
    await uow.session.flush()
    return row


async def _tell(uow: UnitOfWork) -> None:
    await uow.publish(models_topic(uow.workspace_id))


def _workspace_id(actor: Actor) -> UUID:
    if actor.workspace_id is None:
        raise NotFoundError
    return actor.workspace_id


def _facts(row: OfferedModel) -> ModelFacts:
    return ModelFacts(
        model=row.model_id, name=row.display_name, is_enabled=row.is_enabled, is_restricted=row.is_restricted,
        capabilities="" if row.capabilities is None else ", ".join(row.capabilities),
        fallbacks=", ".join(row.fallback_ids),
    )  # fmt: skip


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise InvalidInputError(t("Please enter the name by which the provider knows the model."))
    return name


def _checked_kind(kind: str) -> str:
    if kind not in {"chat", *KINDS}:
        raise InvalidInputError(t("The request could not be read."))
    return kind


def _checked_tokens(tokens: int | None) -> int | None:
    if tokens is not None and not 0 < tokens <= MOST_TOKENS:
        raise InvalidInputError(t("Please enter a number of tokens, or nothing."))
    return tokens
