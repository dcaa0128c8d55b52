"""The SQL of limits of space.

A content counts once for whoever brought it, however many documents of theirs are made of it. For a person their own
limit holds; without one the largest of those for each person of their groups; without such the one for everyone. What a
group may take together holds besides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.files.quotas.schemas import Limit, QuotaDraft, QuotaRow, SpaceRow

_MEGABYTE: Final = 1024 * 1024
_STORED = """
    SELECT r.account_id, sum(s.size)::bigint AS bytes
    FROM (SELECT DISTINCT account_id, workspace_id, sha256 FROM file_reference WHERE account_id IS NOT NULL) AS r
    JOIN stored_file AS s USING (workspace_id, sha256) GROUP BY r.account_id
"""
_PROMISED = """
    SELECT account_id, sum(size)::bigint AS bytes FROM file_reservation
    WHERE account_id IS NOT NULL AND expires_at > now() GROUP BY account_id
"""
_USED_BY = f"""
    SELECT account_id, sum(bytes)::bigint AS bytes FROM ({_STORED} UNION ALL {_PROMISED}) AS parts GROUP BY account_id
"""  # noqa: S608  # Of constants, like all below.
_EACH = """
    coalesce(
        (SELECT q.megabytes FROM storage_quota AS q WHERE q.subject = 'person' AND q.subject_id = {account}),
        (SELECT max(q.megabytes) FROM storage_quota AS q JOIN effective_group AS e ON e.group_id = q.subject_id
         WHERE q.subject = 'group' AND NOT q.is_shared AND e.account_id = {account}),
        (SELECT q.megabytes FROM storage_quota AS q WHERE q.subject = 'everyone')
    ) * CAST(:megabyte AS bigint)
"""
_ONE_STORED = """
    coalesce((SELECT sum(s.size) FROM (
        SELECT DISTINCT r.account_id, r.workspace_id, r.sha256 FROM file_reference AS r WHERE r.account_id {whose}
    ) AS own JOIN stored_file AS s USING (workspace_id, sha256)), 0)
    + coalesce((SELECT sum(p.size) FROM file_reservation AS p WHERE p.account_id {whose} AND p.expires_at > now()), 0)
"""
_OWN = _ONE_STORED.format(whose="= :account_id")
_GROUPS = _ONE_STORED.format(whose="IN (SELECT e.account_id FROM effective_group AS e WHERE e.group_id = q.subject_id)")
_HAS_ANY = text("SELECT EXISTS (SELECT FROM storage_quota) AS is_so")
_LIST_LIMITS = text(
    f"""
    SELECT '' AS group, own.limit_bytes AS "limit", ({_OWN})::bigint AS used
    FROM (SELECT {_EACH.format(account=":account_id")} AS limit_bytes) AS own WHERE own.limit_bytes IS NOT NULL
    UNION ALL
    SELECT g.name, q.megabytes * CAST(:megabyte AS bigint), ({_GROUPS})::bigint
    FROM storage_quota AS q JOIN person_group AS g ON g.id = q.subject_id
    WHERE q.subject = 'group' AND q.is_shared
        AND EXISTS (SELECT FROM effective_group AS e WHERE e.group_id = q.subject_id AND e.account_id = :account_id)
    """  # noqa: S608
)
_COUNT_OWN = text(f"SELECT ({_OWN})::bigint AS count")
_LIST_PEOPLE = text(
    f"""
    SELECT a.id, a.name, coalesce(u.bytes, 0)::bigint AS used, {_EACH.format(account="a.id")} AS "limit"
    FROM membership AS m JOIN account AS a ON a.id = m.account_id LEFT JOIN ({_USED_BY}) AS u ON u.account_id = a.id
    WHERE m.workspace_id = :workspace_id AND (m.is_active OR u.bytes > 0)
    ORDER BY used DESC, lower(a.name), a.id LIMIT :most
    """  # noqa: S608
)
_LIST_GROUPS = text(
    f"""
    SELECT g.id, g.name, coalesce(sum(u.bytes), 0)::bigint AS used, (
            SELECT q.megabytes * CAST(:megabyte AS bigint) FROM storage_quota AS q
            WHERE q.subject = 'group' AND q.is_shared AND q.subject_id = g.id
        ) AS "limit"
    FROM person_group AS g LEFT JOIN effective_group AS e ON e.group_id = g.id
    LEFT JOIN ({_USED_BY}) AS u ON u.account_id = e.account_id
    GROUP BY g.id, g.name ORDER BY used DESC, lower(g.name), g.id LIMIT :most
    """  # noqa: S608
)
_LIST_QUOTAS = text(
    """
    SELECT q.id, q.subject, q.subject_id, coalesce(a.name, g.name, '') AS name, q.is_shared, q.megabytes
    FROM storage_quota AS q
    LEFT JOIN account AS a ON q.subject = 'person' AND a.id = q.subject_id
    LEFT JOIN person_group AS g ON q.subject = 'group' AND g.id = q.subject_id
    WHERE q.subject = 'everyone' OR a.id IS NOT NULL OR g.id IS NOT NULL
    ORDER BY q.subject = 'everyone' DESC, q.subject, lower(coalesce(a.name, g.name, '')), q.is_shared
    """
)
_SET = text(
    """
    INSERT INTO storage_quota (id, workspace_id, subject, subject_id, is_shared, megabytes)
    VALUES (:id, :workspace_id, :subject, :subject_id, :is_shared, :megabytes)
    ON CONFLICT (workspace_id, subject, subject_id, is_shared) DO UPDATE SET megabytes = excluded.megabytes
    """
)
_REMOVE = text("DELETE FROM storage_quota WHERE id = :id")


@dataclass(frozen=True)
class _Answer:
    is_so: bool


@dataclass(frozen=True)
class _Count:
    count: int


async def list_limits(uow: UnitOfWork) -> list[Limit]:
    """The limits that hold for the actor; where the workspace has none, nothing is counted for that."""
    any_set = await uow.row(_Answer, _HAS_ANY, {})
    if any_set is None or not any_set.is_so or uow.actor.account_id is None:
        return []
    return await uow.rows(Limit, _LIST_LIMITS, {"account_id": uow.actor.account_id, "megabyte": _MEGABYTE})


async def count_own(uow: UnitOfWork) -> int:
    """Bytes that the actor takes, or was promised."""
    row = await uow.row(_Count, _COUNT_OWN, {"account_id": uow.account_id})
    return row.count if row else 0


async def list_people(uow: UnitOfWork, most: int) -> list[SpaceRow]:
    """Everybody in the workspace, who takes most first."""
    given = {"workspace_id": uow.workspace_id, "megabyte": _MEGABYTE, "most": most}
    return await uow.rows(SpaceRow, _LIST_PEOPLE, given)


async def list_groups(uow: UnitOfWork, most: int) -> list[SpaceRow]:
    """All groups with what their people take together."""
    return await uow.rows(SpaceRow, _LIST_GROUPS, {"megabyte": _MEGABYTE, "most": most})


async def list_quotas(uow: UnitOfWork) -> Sequence[QuotaRow]:
    """All limits that were set, for subjects that are still there."""
    return await uow.rows(QuotaRow, _LIST_QUOTAS, {})


def set_quota(uow: UnitOfWork, draft: QuotaDraft) -> None:
    """Set a limit, in the place of the one before."""
    given = {
        "id": new_id(), "workspace_id": uow.workspace_id, "subject": draft.subject, "subject_id": draft.subject_id,
        "is_shared": draft.is_shared, "megabytes": draft.megabytes,
    }  # fmt: skip
    uow.defer(_SET, given)


def remove_quota(uow: UnitOfWork, quota_id: UUID) -> None:
    """Take a limit away."""
    uow.defer(_REMOVE, {"id": quota_id})
