"""The SQL of the gallery: what was asked for, what stands there, and what everybody may copy of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.models import Assistant, AssistantVersion
from convosphere.assistants.queries.access import OBJECT_TYPE, may
from convosphere.assistants.schemas import RequestRow
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import AccessGrant
from convosphere.identity.queries.grants import find_grant

_REQUESTED = "a.gallery_state = 'requested' AND a.deleted_at IS NULL AND a.state IN ('draft', 'active')"
_LIST = text(
    f"""
    SELECT a.id, v.name, v.definition ->> 'description' AS description, v.icon, v.color,
        coalesce(v.definition ->> 'category', '') AS category, v.number, coalesce(p.name, '') AS asked_by,
        a.requested_at AS asked_at, a.published_version_id IS NOT NULL AS is_update
    FROM assistant AS a JOIN assistant_version AS v ON v.id = a.requested_version_id
    LEFT JOIN account AS p ON p.id = a.requested_by
    WHERE {_REQUESTED} ORDER BY a.requested_at, a.id LIMIT :limit
    """  # noqa: S608  # Of constants.
)


@dataclass(frozen=True)
class StoredDefinition:
    """A definition with the number of its version."""

    number: int
    definition: dict[str, Any]


async def list_requests(uow: UnitOfWork, limit: int) -> list[RequestRow]:
    """What waits for a review, whose ever it is, the oldest first; for reviewers only."""
    return await uow.rows(RequestRow, _LIST, {"limit": limit})


async def count_requests(uow: UnitOfWork) -> int:
    """How many wait for a review."""
    waiting = select(func.count()).select_from(Assistant).where(
        col(Assistant.gallery_state) == "requested", col(Assistant.deleted_at).is_(None),
        col(Assistant.state).in_(["draft", "active"]),
    )  # fmt: skip
    return await uow.session.scalar(waiting) or 0


async def get_requested(uow: UnitOfWork, assistant_id: UUID) -> Assistant:
    """An assistant that waits for a review, locked, whose ever it is; for reviewers only.

    Raises:
        AssistantNotFoundError: none of this id waits.
    """
    return await _get_locked(uow, assistant_id, col(Assistant.gallery_state) == "requested")


async def get_published(uow: UnitOfWork, assistant_id: UUID) -> Assistant:
    """An assistant that stands in the gallery, locked, whose ever it is; for reviewers only.

    Raises:
        AssistantNotFoundError: none of this id stands there.
    """
    return await _get_locked(uow, assistant_id, col(Assistant.published_version_id).is_not(None))


async def _get_locked(uow: UnitOfWork, assistant_id: UUID, condition) -> Assistant:  # noqa: ANN001
    statement = select(Assistant).where(col(Assistant.id) == assistant_id, col(Assistant.deleted_at).is_(None))
    found = await uow.session.scalar(statement.where(condition).with_for_update(of=Assistant))
    if found is None:
        raise AssistantNotFoundError
    return found


async def get_stored(uow: UnitOfWork, version_id: UUID) -> StoredDefinition:
    """A version of an assistant that was fetched before."""
    found = await uow.session.get_one(AssistantVersion, version_id)
    return StoredDefinition(found.number, found.definition)


async def get_copyable(uow: UnitOfWork, assistant_id: UUID) -> tuple[Assistant, StoredDefinition]:
    """An assistant with what the actor may copy of it: the newest version if they may change it, else the reviewed one.

    Raises:
        AssistantNotFoundError: the actor may neither change it nor use it from the gallery.
    """
    wanted = select(Assistant).where(col(Assistant.id) == assistant_id, col(Assistant.deleted_at).is_(None))
    own = await uow.session.scalar(wanted.where(may(uow, "edit")))
    if own is not None:
        return own, await get_stored(uow, own.current_version_id)
    used = await uow.session.scalar(wanted.where(may(uow, "use"), col(Assistant.published_version_id).is_not(None)))
    if used is None or used.published_version_id is None:
        raise AssistantNotFoundError
    return used, await get_stored(uow, used.published_version_id)


async def open_to_everyone(uow: UnitOfWork, assistant_id: UUID) -> bool:
    """Let everyone in the workspace use an assistant; gives whether they might not before."""
    grant = await find_grant(uow, OBJECT_TYPE, assistant_id, "everyone", None)
    if grant is not None and grant.level != "view":
        return False
    if grant is None:
        grant = AccessGrant(
            workspace_id=uow.workspace_id, object_type=OBJECT_TYPE, object_id=assistant_id, level="use",
            subject_type="everyone", subject_id=None, created_by=uow.account_id,
        )  # fmt: skip
        uow.session.add(grant)
    grant.level = "use"
    return True


async def close_to_everyone(uow: UnitOfWork, assistant_id: UUID) -> bool:
    """Take back what publishing gave; gives whether there was anything. More than use was given by somebody else."""
    grant = await find_grant(uow, OBJECT_TYPE, assistant_id, "everyone", None)
    if grant is None or grant.level != "use":
        return False
    await uow.session.delete(grant)
    return True
