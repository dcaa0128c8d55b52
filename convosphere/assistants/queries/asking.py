"""The SQL of asking an assistant: one statement for each question that one answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from convosphere.assistants.queries.access import ANSWERING, MAY_BE_ASKED, NAMED
from convosphere.assistants.schemas import Choice
from convosphere.core.unit_of_work import UnitOfWork

# Who asks may have chosen one by its id and named others by their handles; a version may be given with the id.
_ASKED = text(
    f"""
    SELECT a.id, a.handle, a.owner_id = :account_id AS is_own, v.id AS version_id, v.definition,
        coalesce((SELECT p.time_zone FROM account AS p WHERE p.id = :account_id), '') AS time_zone
    FROM assistant AS a JOIN assistant_version AS v ON v.assistant_id = a.id
        AND v.id = coalesce(CAST(:version_id AS uuid), {ANSWERING})
    WHERE a.deleted_at IS NULL AND (a.id = CAST(:assistant_id AS uuid) OR a.handle = ANY (CAST(:handles AS text[])))
        AND {MAY_BE_ASKED}
    ORDER BY a.owner_id = :account_id DESC, EXISTS (
        SELECT FROM assistant_favourite AS f WHERE f.assistant_id = a.id AND f.account_id = :account_id
    ) DESC, a.published_version_id IS NULL, a.updated_at DESC LIMIT :most
    """  # noqa: S608  # Of constants.
)
_TIME_ZONE = text("SELECT time_zone FROM account WHERE id = :account_id")
_CHOICES = f"""
    SELECT a.id, a.name, a.handle, a.description, a.icon, a.color, v.definition ->> 'model' AS model,
        f.account_id IS NOT NULL AS is_favourite
    FROM assistant AS a JOIN assistant_version AS v ON v.id = {ANSWERING}
    LEFT JOIN assistant_favourite AS f ON f.assistant_id = a.id AND f.account_id = :account_id
    WHERE a.deleted_at IS NULL AND {MAY_BE_ASKED}
"""  # noqa: S608
_LIST_CHOICES = text(
    f"""
    {_CHOICES} AND {NAMED}
    ORDER BY f.account_id IS NULL, strpos(a.handle, CAST(:text AS text)) <> 1,
        strpos(lower(a.name), CAST(:text AS text)) <> 1, lower(a.name), a.owner_id <> :account_id,
        a.published_version_id IS NULL, a.updated_at DESC, a.id
    LIMIT :limit
    """
)
_LIST_NAMES = text(
    f"""
    SELECT a.id, a.name FROM assistant AS a
    WHERE a.deleted_at IS NULL AND a.id = ANY (CAST(:ids AS uuid[])) AND {MAY_BE_ASKED}
    """  # noqa: S608
)
_GET_CHOICE = text(f"{_CHOICES} AND a.id = :assistant_id")
_GET_DEFAULT = text(
    f"""
    {_CHOICES} AND a.id = (
        SELECT d.assistant_id FROM assistant_default AS d JOIN assistant AS a ON a.id = d.assistant_id
        WHERE a.deleted_at IS NULL AND {MAY_BE_ASKED} AND (
            d.subject_type = 'workspace'
            OR (d.subject_type = 'person' AND d.subject_id = :account_id)
            OR (d.subject_type = 'group' AND d.subject_id IN (
                SELECT e.group_id FROM effective_group AS e WHERE e.account_id = :account_id))
        )
        ORDER BY array_position(ARRAY['person', 'group', 'workspace'], d.subject_type), d.created_at LIMIT 1
    )
    """  # noqa: S608
)


@dataclass(frozen=True)
class Asked:
    """An assistant that the actor may ask, with the definition that answers."""

    id: UUID
    handle: str
    is_own: bool
    version_id: UUID
    definition: dict[str, Any]
    time_zone: str


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str


@dataclass(frozen=True)
class _Zone:
    time_zone: str


async def find_time_zone(uow: UnitOfWork) -> str:
    """Where the actor's days begin (IANA); "" where that is not known."""
    row = await uow.row(_Zone, _TIME_ZONE, {"account_id": uow.account_id})
    return row.time_zone if row else ""


async def find_asked(
    uow: UnitOfWork, assistant_id: UUID | None, handles: Sequence[str], version_id: UUID | None = None
) -> list[Asked]:
    """Those of an id and some handles that answer the actor: of one handle first their own, then favourites, then
    what was reviewed, since anybody may share something of the same name."""
    given = {
        "account_id": uow.account_id, "assistant_id": assistant_id, "handles": list(handles), "version_id": version_id,
        "most": 20,
    }  # fmt: skip
    return await uow.rows(Asked, _ASKED, given)


async def list_choices(uow: UnitOfWork, wanted: str, limit: int) -> list[Choice]:
    """Assistants that answer the actor, favourites first, then those that begin with what is wanted."""
    given = {"account_id": uow.account_id, "text": wanted.casefold(), "limit": limit}
    return await uow.rows(Choice, _LIST_CHOICES, given)


async def find_choice(uow: UnitOfWork, assistant_id: UUID) -> Choice | None:
    """One of them, if it answers the actor."""
    return await uow.row(Choice, _GET_CHOICE, {"account_id": uow.account_id, "assistant_id": assistant_id})


async def list_names(uow: UnitOfWork, assistant_ids: Collection[UUID]) -> dict[UUID, str]:
    """Those of some assistants that answer the actor, with their names."""
    given = {"account_id": uow.account_id, "ids": list(assistant_ids)}
    return {row.id: row.name for row in await uow.rows(_Named, _LIST_NAMES, given)}


async def find_default(uow: UnitOfWork) -> Choice | None:
    """Who answers where nobody chose: what the person set, else one of their groups, else the workspace."""
    return await uow.row(Choice, _GET_DEFAULT, {"account_id": uow.account_id})
