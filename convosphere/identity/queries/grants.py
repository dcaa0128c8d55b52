"""The SQL of grants: who was given what of a thing, and whom that reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level
from convosphere.identity.models import AccessGrant

SubjectType = Literal["person", "group", "everyone"]


@dataclass(frozen=True)
class GrantRow:
    """What somebody was given of a thing, or is denied.

    `people` counts who is in a group; `email` and `name` are empty for everyone.
    """

    subject_type: SubjectType
    subject_id: UUID | None
    name: str
    email: str
    people: int
    level: Level
    is_deny: bool


@dataclass(frozen=True)
class ReachedRow:
    """Somebody whom a thing's grants speak of. `groups` are those of the thing's grants that the person is in."""

    account_id: UUID
    name: str
    email: str
    role: str
    permissions: list[str] | None
    groups: list[UUID]


@dataclass(frozen=True)
class GivenRow:
    """A thing that somebody was given, when and by whom at last."""

    object_type: str
    object_id: UUID
    given_at: datetime
    given_by: str


@dataclass(frozen=True)
class GroupEdge:
    """A person or a group directly in a group."""

    group_id: UUID
    member_id: UUID


_LIST = text(
    """
    SELECT g.subject_type, g.subject_id, coalesce(a.name, p.name, '') AS name, coalesce(a.email, '') AS email,
        (SELECT count(*) FROM effective_group AS e WHERE e.group_id = p.id)::integer AS people, g.level, g.is_deny
    FROM access_grant AS g
    LEFT JOIN account AS a ON g.subject_type = 'person' AND a.id = g.subject_id
    LEFT JOIN person_group AS p ON g.subject_type = 'group' AND p.id = g.subject_id
    WHERE g.object_type = :object_type AND g.object_id = :object_id
    ORDER BY g.is_deny, g.subject_type = 'everyone' DESC, g.subject_type, lower(coalesce(a.name, p.name, '')), g.id
    """
)
_REACHED = """
    FROM membership AS m
    JOIN account AS a ON a.id = m.account_id AND a.is_active
    LEFT JOIN role AS r ON r.workspace_id = m.workspace_id AND r.key = m.role AND r.is_custom
    WHERE m.workspace_id = :workspace_id AND m.is_active
        AND (m.account_id = :owner_id OR EXISTS (
            SELECT FROM access_grant AS g
            WHERE g.object_type = :object_type AND g.object_id = :object_id AND (
                g.subject_type = 'everyone'
                OR (g.subject_type = 'person' AND g.subject_id = m.account_id)
                OR (g.subject_type = 'group' AND g.subject_id IN (
                    SELECT e.group_id FROM effective_group AS e WHERE e.account_id = m.account_id))
            )
        ))
        AND (:text = '' OR strpos(lower(a.name), :text) > 0)
"""
_COUNT_REACHED = text(f"SELECT count(*) {_REACHED}")
_LIST_REACHED = text(
    f"""
    SELECT a.id AS account_id, a.name, a.email, m.role, r.permissions, ARRAY(
        SELECT e.group_id FROM effective_group AS e JOIN access_grant AS g ON g.subject_id = e.group_id
        WHERE e.account_id = a.id AND g.subject_type = 'group' AND g.object_type = :object_type
            AND g.object_id = :object_id
    ) AS groups
    {_REACHED}
    ORDER BY a.id = :owner_id DESC, lower(a.name), a.id OFFSET :skip LIMIT :most
    """  # noqa: S608
)
_LIST_GIVEN = text(
    """
    SELECT g.object_type, g.object_id, max(g.created_at) AS given_at,
        coalesce((array_agg(a.name ORDER BY g.created_at DESC))[1], '') AS given_by
    FROM access_grant AS g LEFT JOIN account AS a ON a.id = g.created_by
    WHERE g.object_type = ANY (:types) AND NOT g.is_deny AND g.created_by IS DISTINCT FROM :account_id
        AND g.subject_id IN (
            SELECT CAST(:account_id AS uuid)
            UNION ALL SELECT e.group_id FROM effective_group AS e WHERE e.account_id = :account_id
        )
    GROUP BY g.object_type, g.object_id ORDER BY given_at DESC, g.object_id LIMIT :most
    """
)
_EDGES = text(
    """
    SELECT group_id, coalesce(account_id, subgroup_id) AS member_id FROM group_member
    WHERE account_id IS NULL OR account_id = ANY(:account_ids)
    """
)
_GROUP_NAMES = text("SELECT id, name FROM person_group WHERE id = ANY(:group_ids)")


@dataclass(frozen=True)
class _Named:
    id: UUID
    name: str


async def list_grants(uow: UnitOfWork, object_type: str, object_id: UUID) -> list[GrantRow]:
    """What was granted of a thing: everyone first, then groups and people by name, denials last."""
    return await uow.rows(GrantRow, _LIST, {"object_type": object_type, "object_id": object_id})


async def find_grant(
    uow: UnitOfWork, object_type: str, object_id: UUID, subject_type: SubjectType, subject_id: UUID | None
) -> AccessGrant | None:
    """What was granted to one subject, locked."""
    found = select(AccessGrant).where(
        _is_on(object_type, object_id),
        col(AccessGrant.subject_type) == subject_type,
        col(AccessGrant.subject_id).is_not_distinct_from(subject_id),
    )
    return await uow.session.scalar(found.with_for_update())


async def list_reached(
    uow: UnitOfWork, object_type: str, object_id: UUID, owner_id: UUID, *, name: str, skip: int, most: int
) -> tuple[list[ReachedRow], int]:
    """Active people whom a thing's grants speak of, its owner first, then by name; and how many there are."""
    values = {
        "object_type": object_type, "object_id": object_id, "owner_id": owner_id, "text": name.casefold(),
        "workspace_id": uow.workspace_id,
    }  # fmt: skip
    count = int(await uow.session.scalar(_COUNT_REACHED, values) or 0)
    return await uow.rows(ReachedRow, _LIST_REACHED, {**values, "skip": skip, "most": most}), count


async def list_given(uow: UnitOfWork, object_types: Sequence[str], most: int) -> list[GivenRow]:
    """What others gave the actor, or groups of theirs, the latest first; whether they may see it is asked apart."""
    given = {"types": list(object_types), "account_id": uow.account_id, "most": most}
    return await uow.rows(GivenRow, _LIST_GIVEN, given)


async def list_edges(uow: UnitOfWork, account_ids: Sequence[UUID]) -> list[GroupEdge]:
    """What groups hold directly: all groups, and of people only these."""
    return await uow.rows(GroupEdge, _EDGES, {"account_ids": list(account_ids)})


async def list_group_names(uow: UnitOfWork, group_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What groups are called."""
    found = await uow.rows(_Named, _GROUP_NAMES, {"group_ids": list(group_ids)})
    return {row.id: row.name for row in found}


def _is_on(object_type: str, object_id: UUID) -> ColumnElement[bool]:
    return (col(AccessGrant.object_type) == object_type) & (col(AccessGrant.object_id) == object_id)
