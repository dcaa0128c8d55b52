"""The rules of providers: how they are added, changed, tried and taken away."""

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from convosphere.core.audit.actions import PROVIDER_CHANGED, PROVIDER_CREATED, PROVIDER_DELETED, ProviderFacts
from convosphere.core.authorization import require
from convosphere.core.errors import ExpectedError, InvalidInputError
from convosphere.core.i18n import Message, t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.secrets.sealing import seal
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.llm.connections import read_connection
from convosphere.llm.errors.setup import ProviderKeyMissingError, ProviderNameTakenError
from convosphere.llm.gateway import current_gateway
from convosphere.llm.models import ModelProvider
from convosphere.llm.presets import find_preset
from convosphere.llm.queries import offers as offer_queries
from convosphere.llm.sealed import PROVIDER_KEY
from convosphere.llm.service.drafts import ProviderDraft, checked_limit, checked_url, name_of, options_of, preset_of
from convosphere.llm.service.vectors import NewVectors
from convosphere.llm.workspaces import models_topic

LONGEST_KEY = 2_000
SHOWN_SIGNS = 4
SHORTEST_SHOWN_KEY = 16
"""Of a shorter key even the last signs would say too much."""


@dataclass(frozen=True)
class ProviderView:
    """A provider as those see it who manage models: of its key the last signs at most.

    `is_of_settings` says that it stands in the server's environment, and is changed there. `problem` is why it cannot
    be called at all.
    """

    id: UUID | None
    kind: str
    label: str
    name: str
    slug: str
    base_url: str
    has_key: bool
    key_end: str
    region: str
    is_enabled: bool
    parallel_limit: int | None
    requests_per_minute: int | None
    is_of_settings: bool = False
    problem: Message | None = None


async def list_providers(actor: Actor) -> list[ProviderView]:
    """Those of the settings first, then the workspace's own."""
    require(actor, Permission.MODEL_MANAGE)
    async with unit_of_work(actor) as uow:
        stored = await offer_queries.load(uow)
    of_settings = [
        ProviderView(
            None, name, label_of(name), label_of(name), name, "", False, "", "", True, None, None, is_of_settings=True,
            problem=problem,
        )
        for name, problem in current_gateway().settings_providers()
    ]  # fmt: skip
    return of_settings + [_view(row) for row in stored.providers]


def label_of(name: str) -> str:
    """What people call a provider of the settings."""
    preset = find_preset(name)
    return preset.label if preset else name


async def add_provider(actor: Actor, draft: ProviderDraft) -> UUID:
    """Connect a provider; its key is sealed and never shown again.

    Raises:
        AddressRefusedError: the server may not call its address.
        ProviderKeyMissingError, InvalidInputError: something is missing or wrong.
        ProviderNameTakenError: another one has this name.
    """
    require(actor, Permission.MODEL_MANAGE)
    preset = preset_of(draft)
    url = await checked_url(preset, draft.base_url)
    if preset.needs_key and not draft.key.strip():
        raise ProviderKeyMissingError(preset.label)
    async with unit_of_work(actor) as uow:
        row = ModelProvider(
            workspace_id=uow.workspace_id, kind=preset.kind, name=name_of(draft, preset), slug="", base_url=url,
            options=options_of(preset, draft), parallel_limit=checked_limit(draft.parallel_limit),
            requests_per_minute=checked_limit(draft.requests_per_minute), created_by=actor.account_id,
        )  # fmt: skip
        row.slug = await _free_slug(uow, row)
        _set_key(row, draft.key)
        uow.session.add(row)
        uow.record(PROVIDER_CREATED, row.id, label=row.name, after=_facts(row, has_new_credential=bool(row.sealed_key)))
        await uow.publish(models_topic(uow.workspace_id))
        workspace_id = uow.workspace_id
    current_gateway().forget(workspace_id)
    return row.id


async def change_provider(actor: Actor, provider_id: UUID, draft: ProviderDraft) -> None:
    """Give a provider another name, address, key or limits. Its kind stays, and so do the ids of its models.

    Raises:
        NotFoundError: the workspace has no such provider.
        AddressRefusedError, ProviderKeyMissingError, InvalidInputError: as `add_provider`; a new address needs the key
            anew, since otherwise whoever changes it could have the stored one sent to them.
    """
    require(actor, Permission.MODEL_MANAGE)
    preset = preset_of(draft)
    url = await checked_url(preset, draft.base_url)
    async with unit_of_work(actor) as uow:
        row = await offer_queries.get_provider(uow, provider_id)
        if row.kind != preset.kind:
            raise InvalidInputError(t("The kind of a provider cannot be changed. Please add another one."))
        before = _facts(row)
        is_moved = (row.base_url, row.options.get("region", "")) != (url, options_of(preset, draft).get("region", ""))
        if is_moved and row.sealed_key and not draft.key.strip():
            raise InvalidInputError(t("With another address the key is needed again."))
        row.name, row.base_url, row.options = name_of(draft, preset), url, options_of(preset, draft)
        row.parallel_limit, row.requests_per_minute = (
            checked_limit(draft.parallel_limit),
            checked_limit(draft.requests_per_minute),
        )
        _set_key(row, draft.key)
        row.updated_at = utc_now()
        after = _facts(row, has_new_credential=bool(draft.key.strip()))
        uow.record(PROVIDER_CHANGED, row.id, label=row.name, before=before, after=after)
        await uow.publish(models_topic(uow.workspace_id))
        workspace_id = uow.workspace_id
    current_gateway().forget(workspace_id, provider_id)


async def enable_provider(actor: Actor, provider_id: UUID, *, is_enabled: bool) -> None:
    """Let a provider's models be asked, or none of them for now.

    Raises:
        NotFoundError: the workspace has no such provider.
    """
    require(actor, Permission.MODEL_MANAGE)
    async with unit_of_work(actor) as uow:
        row = await offer_queries.get_provider(uow, provider_id)
        uow.record(
            PROVIDER_CHANGED, row.id, label=row.name, before=ProviderFacts(is_enabled=row.is_enabled),
            after=ProviderFacts(is_enabled=is_enabled),
        )  # fmt: skip
        row.is_enabled = is_enabled
        await NewVectors.tell(uow)
        await uow.publish(models_topic(uow.workspace_id))
        workspace_id = uow.workspace_id
    current_gateway().forget(workspace_id)


async def delete_provider(actor: Actor, provider_id: UUID) -> None:
    """Take a provider away with its key and its models; what was said and booked with them stays.

    Raises:
        NotFoundError: the workspace has no such provider.
    """
    require(actor, Permission.MODEL_MANAGE)
    async with unit_of_work(actor) as uow:
        row = await offer_queries.get_provider(uow, provider_id)
        models = await offer_queries.list_models_of(uow, provider_id)
        await offer_queries.forget_grants(uow, [model.id for model in models])
        await offer_queries.forget_defaults(uow, [model.model_id for model in models])
        await offer_queries.end_prices(uow, [model.model_id for model in models])
        uow.record(PROVIDER_DELETED, row.id, label=row.name, before=_facts(row))
        await uow.session.delete(row)
        await NewVectors.tell(uow)
        await uow.publish(models_topic(uow.workspace_id))
        workspace_id = uow.workspace_id
    current_gateway().forget(workspace_id, provider_id)


def _set_key(row: ModelProvider, key: str) -> None:
    key = key.strip()
    if not key:
        return
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise InvalidInputError(t("This is no key: it has signs that keys do not have, or is too long."))
    row.sealed_key = seal(key.encode(), PROVIDER_KEY.place(row.id, row.workspace_id))
    row.key_end = key[-SHOWN_SIGNS:] if len(key) >= SHORTEST_SHOWN_KEY else ""


async def _free_slug(uow: UnitOfWork, row: ModelProvider) -> str:
    """What stands before the names of its models: like its name, and like nobody else's."""
    plain = unicodedata.normalize("NFKD", row.name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or row.kind
    taken = {name for name, _ in current_gateway().settings_providers()} | {"reader"}
    for number in range(1, 100):
        slug = base if number == 1 else f"{base}-{number}"
        if slug not in taken and await offer_queries.find_by_slug(uow, slug) is None:
            return slug
    raise ProviderNameTakenError


def _facts(row: ModelProvider, *, has_new_credential: bool = False) -> ProviderFacts:
    return ProviderFacts(
        kind=row.kind,
        name=row.name,
        address=row.base_url,
        is_enabled=row.is_enabled,
        has_new_credential=has_new_credential,
    )


def _view(row: ModelProvider) -> ProviderView:
    preset = find_preset(row.kind)
    return ProviderView(
        row.id, row.kind, preset.label if preset else row.kind, row.name, row.slug, row.base_url,
        row.sealed_key is not None, row.key_end, str(row.options.get("region", "")), row.is_enabled,
        row.parallel_limit, row.requests_per_minute, problem=_problem(row),
    )  # fmt: skip


def _problem(row: ModelProvider) -> Message | None:
    """Why a provider cannot be called, as when an address is not listed any more."""
    connection = read_connection(row)
    if connection is None:
        return t("The stored key cannot be read any more. Please enter it again.")
    try:
        current_gateway().connector.open(connection)
    except ExpectedError as error:
        return error.message
    return None
