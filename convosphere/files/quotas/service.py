"""Limits of space for people and groups, and what is taken of it."""

from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import QUOTA_REMOVED, QUOTA_SET
from convosphere.core.audit.facts import QuotaFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import queries as file_queries
from convosphere.files.errors import GroupQuotaExceededError, PersonQuotaExceededError
from convosphere.files.quotas import queries
from convosphere.files.quotas.schemas import SUBJECTS, OwnSpace, QuotaDraft, QuotaRow, Space
from convosphere.identity.queries import directory

MEGABYTE: Final = 1024 * 1024
MOST_LISTED: Final = 200
MOST_MEGABYTES: Final = 10**9


async def check_room(uow: UnitOfWork, size: int) -> None:
    """See that the actor may take so many bytes more. The caller lets one at a time ask, until it has promised them.

    Raises:
        PersonQuotaExceededError, GroupQuotaExceededError: they may not.
    """
    for limit in await queries.list_limits(uow):
        if limit.used + size > limit.limit:
            if limit.group:
                raise GroupQuotaExceededError(limit.group, limit.limit // MEGABYTE)
            raise PersonQuotaExceededError(limit.used // MEGABYTE, limit.limit // MEGABYTE)


async def get_own(actor: Actor) -> OwnSpace:
    """What the actor takes, and may take."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return OwnSpace(await queries.count_own(uow), tuple(await queries.list_limits(uow)))


async def get_space(actor: Actor) -> Space:
    """What everybody takes, and may take."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        return Space(
            await file_queries.count_bytes(uow),
            get_settings().quota_megabytes * MEGABYTE,
            tuple(await queries.list_people(uow, MOST_LISTED)),
            tuple(await queries.list_groups(uow, MOST_LISTED)),
            tuple(await queries.list_quotas(uow)),
        )


async def set_quota(actor: Actor, draft: QuotaDraft) -> None:
    """Limit the space of each person, of each person of a group, of a group together, or of one person.

    Whoever takes more already keeps it, and can add nothing.

    Raises:
        InvalidInputError: it is no such limit.
        NotFoundError: there is no such person or group.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    if draft.subject not in SUBJECTS or (draft.subject == "everyone") != (draft.subject_id is None):
        raise InvalidInputError(t("Please choose for whom it is."))
    if not 0 <= draft.megabytes <= MOST_MEGABYTES or (draft.is_shared and draft.subject != "group"):
        raise InvalidInputError(t("Please enter how many megabytes it may be."))
    async with unit_of_work(actor) as uow:
        if draft.subject_id:
            found = await directory.list_named(uow, [draft.subject_id])
            if [row.is_group for row in found] != [draft.subject == "group"]:
                raise NotFoundError
        await file_queries.lock_quota(uow)
        queries.set_quota(uow, draft)
        uow.record(
            QUOTA_SET, draft.subject_id, after=QuotaFacts(megabytes=draft.megabytes, shared_with=draft.subject)
        )  # fmt: skip


async def remove_quota(actor: Actor, quota_id: UUID) -> None:
    """Take a limit away.

    Raises:
        NotFoundError: there is none.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        quota = await _get(uow, quota_id)
        queries.remove_quota(uow, quota_id)
        uow.record(
            QUOTA_REMOVED, quota.subject_id, label=quota.name,
            before=QuotaFacts(megabytes=quota.megabytes, shared_with=quota.subject),
        )  # fmt: skip


async def _get(uow: UnitOfWork, quota_id: UUID) -> QuotaRow:
    for quota in await queries.list_quotas(uow):
        if quota.id == quota_id:
            return quota
    raise NotFoundError
