"""Asking a provider for its models, to see whether it can be reached."""

from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.booking import record_of
from convosphere.llm.connections import Connection, read_connection
from convosphere.llm.errors import ProviderError
from convosphere.llm.errors.setup import ProviderKeyMissingError
from convosphere.llm.gateway import current_gateway
from convosphere.llm.models import ModelProvider
from convosphere.llm.queries import offers as offer_queries
from convosphere.llm.schemas import ChatMessage, CompletionRequest, ListedModel, Parameters
from convosphere.llm.service.advice import advise
from convosphere.llm.service.drafts import ProviderDraft, checked_url, name_of, options_of, preset_of
from convosphere.usage.schemas import CallRecord
from convosphere.usage.service.calls import book_call

MOST_MODELS = 5_000
LONGEST_ANSWER = 200
TRIAL = CompletionRequest("", (ChatMessage("user", "Say: OK"),), parameters=Parameters(max_tokens=200))
"""Room enough for models that think before they say it."""


@dataclass(frozen=True)
class Trial:
    """How a provider answered: its models, or what it said and what to do about that.

    `is_reachable_later` says that what was entered is in order, and only the provider is not.
    """

    models: tuple[ListedModel, ...] = ()
    problem: Message | None = None
    advice: Message | None = None
    is_reachable_later: bool = False


async def try_draft(actor: Actor, draft: ProviderDraft, provider_id: UUID | None = None) -> Trial:
    """Ask a provider for its models, before or after it is stored.

    With `provider_id` an empty key means the stored one, which goes to the stored address only.

    Raises:
        NotFoundError: the workspace has no such provider.
    """
    require(actor, Permission.MODEL_MANAGE)
    try:
        connection = await _connection(actor, draft, provider_id)
        models = await current_gateway().connector.list_models(connection)
    except ProviderError as error:
        return Trial(problem=error.message, advice=advise(error, draft.kind), is_reachable_later=True)
    except InvalidInputError as error:
        return Trial(problem=error.message)
    return Trial(models[:MOST_MODELS])


async def try_provider(actor: Actor, provider_id: UUID) -> Trial:
    """Ask a stored provider for its models.

    Raises:
        NotFoundError: the workspace has no such provider.
    """
    require(actor, Permission.MODEL_MANAGE)
    row = await _read(actor, provider_id)
    draft = ProviderDraft(row.kind, row.name, row.base_url, region=str(row.options.get("region", "")))
    return await try_draft(actor, draft, provider_id)


async def _connection(actor: Actor, draft: ProviderDraft, provider_id: UUID | None) -> Connection:
    preset = preset_of(draft)
    url = await checked_url(preset, draft.base_url)
    region = str(options_of(preset, draft).get("region", ""))
    key = draft.key.strip()
    if not key and provider_id:
        row = await _read(actor, provider_id)
        stored = read_connection(row)
        if stored is None:
            raise InvalidInputError(t("The stored key cannot be read any more. Please enter it again."))
        if row.sealed_key and (stored.url, stored.region, stored.preset) != (url, region, preset):
            raise InvalidInputError(t("With another address the key is needed again."))
        key = stored.key
    if preset.needs_key and not key:
        raise ProviderKeyMissingError(preset.label)
    return Connection(preset, name_of(draft, preset), url, key, region)


async def _read(actor: Actor, provider_id: UUID) -> ModelProvider:
    async with unit_of_work(actor) as uow:
        return await offer_queries.get_provider(uow, provider_id)


@dataclass(frozen=True)
class ModelTrial:
    """How a model answered one short question, or what went wrong and what to do about that."""

    text: str = ""
    milliseconds: int = 0
    problem: Message | None = None
    advice: Message | None = None


async def try_model(actor: Actor, model_id: str) -> ModelTrial:
    """Ask a model for one word, whether or not the actor may chat with it; the call is booked like any other.

    Raises:
        NotFoundError: there is no such model that chats.
    """
    require(actor, Permission.MODEL_MANAGE)
    started = monotonic()
    try:
        completion = await current_gateway().probe(actor, model_id, TRIAL)
    except ProviderError as error:
        await _book(actor, CallRecord("test", model_id, "failed", _since(started), error_code=error.code))
        return ModelTrial(problem=error.message, advice=advise(error, ""))
    call = record_of("test", completion, _since(started))
    await _book(actor, call)
    return ModelTrial(completion.text.strip()[:LONGEST_ANSWER], call.total_ms)


async def _book(actor: Actor, call: CallRecord) -> None:
    async with unit_of_work(actor) as uow:
        book_call(uow, call)


def _since(started: float) -> int:
    return round((monotonic() - started) * 1000)
