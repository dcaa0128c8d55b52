"""The SQL of rules on how long conversations live, and of what they touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.retention import LEAVES_AT, spared_by
from convosphere.chat.rules import NOTICE, Leaving, Preview, Retention, RetentionAct, Rules, TemporaryRule
from convosphere.core.unit_of_work import UnitOfWork

_GET = text("SELECT temporary, retention_days, retention_act, spares_pinned, spares_shared FROM chat_rule")
_SET_TEMPORARY = text(
    """
    INSERT INTO chat_rule (workspace_id, temporary) VALUES (:workspace_id, :temporary)
    ON CONFLICT (workspace_id) DO UPDATE SET temporary = excluded.temporary
    """
)
_SET_RETENTION = text(
    """
    INSERT INTO chat_rule (workspace_id, retention_days, retention_act, spares_pinned, spares_shared)
    VALUES (:workspace_id, :days, :act, :spares_pinned, :spares_shared)
    ON CONFLICT (workspace_id) DO UPDATE SET retention_days = excluded.retention_days,
        retention_act = excluded.retention_act, spares_pinned = excluded.spares_pinned,
        spares_shared = excluded.spares_shared, retention_since = now()
    """
)
_ASKED = """(
    SELECT CAST(:days AS integer) AS retention_days, CAST(:act AS text) AS retention_act,
        CAST(:spares_pinned AS boolean) AS spares_pinned, CAST(:spares_shared AS boolean) AS spares_shared
) AS r"""
_PREVIEW = text(
    f"""
    SELECT count(*) AS total, count(*) FILTER (WHERE is_old AND NOT is_spared) AS now,
        count(DISTINCT owner_id) FILTER (WHERE is_old AND NOT is_spared) AS people,
        count(*) FILTER (WHERE is_old AND is_spared) AS spared,
        count(*) FILTER (WHERE NOT is_old AND NOT is_spared
            AND goes_at < now() + interval '30 days') AS soon,
        CASE WHEN count(goes_at) FILTER (WHERE NOT is_spared) > 0
            THEN greatest(min(goes_at) FILTER (WHERE NOT is_spared), now() + CAST(:notice AS interval)) END AS first_at
    FROM (
        SELECT c.owner_id, goes.at AS goes_at, goes.at <= now() AS is_old, {spared_by("r")} AS is_spared
        FROM conversation AS c, {_ASKED}, LATERAL (
            SELECT greatest(c.updated_at, c.kept_at) + make_interval(days => r.retention_days) AS at
        ) AS goes
        WHERE c.deleted_at IS NULL AND c.expires_at IS NULL
    ) AS looked_at
    """  # noqa: S608  # Of constants.
)
_LEAVING = text(
    f"""
    SELECT count(*)::integer AS count, min(leaves_at) AS first_at, coalesce(min(act), 'archive') AS act
    FROM (
        SELECT {LEAVES_AT} AS leaves_at, (SELECT retention_act FROM chat_rule) AS act
        FROM conversation AS c
        WHERE c.owner_id = :account_id AND c.deleted_at IS NULL AND c.expires_at IS NULL
            AND EXISTS (SELECT FROM chat_rule WHERE retention_days IS NOT NULL)
    ) AS mine WHERE leaves_at <= now() + CAST(:notice AS interval)
    """  # noqa: S608
)
_LIST_CONCERNED = text(
    f"""
    SELECT DISTINCT c.owner_id AS id FROM conversation AS c
    WHERE c.deleted_at IS NULL AND c.expires_at IS NULL AND {LEAVES_AT} <= now() + CAST(:notice AS interval)
    """  # noqa: S608
)
# Whoever uses one at this moment holds it, and it is passed over.
_FIND_DUE = text(
    f"""
    SELECT c.id, c.owner_id FROM conversation AS c
    WHERE c.deleted_at IS NULL AND c.expires_at IS NULL AND {LEAVES_AT} <= now() AND NOT EXISTS (
        SELECT FROM message AS m JOIN message_generation AS g ON g.message_id = m.id
        WHERE m.conversation_id = c.id AND g.lease_until > now()
    )
    ORDER BY c.id LIMIT :most FOR UPDATE OF c SKIP LOCKED
    """  # noqa: S608
)
_ARCHIVE = text(
    """
    INSERT INTO conversation_view (conversation_id, account_id, workspace_id, archived_at)
    SELECT c.id, c.owner_id, c.workspace_id, now() FROM conversation AS c WHERE c.id = ANY (:ids)
    ON CONFLICT (conversation_id, account_id) DO UPDATE SET archived_at = excluded.archived_at
    """
)
_DELETE = text("DELETE FROM conversation WHERE id = ANY (:ids)")
_KEEP = text("UPDATE conversation SET kept_at = now() WHERE id = ANY (:ids)")


@dataclass(frozen=True)
class _Row:
    temporary: str
    retention_days: int | None
    retention_act: str
    spares_pinned: bool
    spares_shared: bool


@dataclass(frozen=True)
class _Leaving:
    count: int
    first_at: datetime | None
    act: str


@dataclass(frozen=True)
class _Id:
    id: UUID


@dataclass(frozen=True)
class Due:
    """A conversation whose time is over, and whose it is."""

    id: UUID
    owner_id: UUID


async def get_rules(uow: UnitOfWork) -> Rules:
    """What the workspace says."""
    row = await uow.row(_Row, _GET, {})
    if row is None:
        return Rules()
    retention = Retention(row.retention_days, RetentionAct(row.retention_act), row.spares_pinned, row.spares_shared)
    return Rules(TemporaryRule(row.temporary), retention)


def set_temporary(uow: UnitOfWork, rule: TemporaryRule) -> None:
    """Say whether there are temporary conversations."""
    uow.defer(_SET_TEMPORARY, {"workspace_id": uow.workspace_id, "temporary": rule.value})


def set_retention(uow: UnitOfWork, retention: Retention) -> None:
    """Say how long conversations are kept; whom it concerns has notice from now on."""
    uow.defer(_SET_RETENTION, {"workspace_id": uow.workspace_id, **_given(retention)})


async def preview(uow: UnitOfWork, retention: Retention) -> Preview:
    """What a rule would touch if it were set now."""
    return await uow.row(Preview, _PREVIEW, _given(retention) | {"notice": NOTICE}) or Preview()


async def get_leaving(uow: UnitOfWork) -> Leaving:
    """The actor's own conversations that go soon."""
    row = await uow.row(_Leaving, _LEAVING, {"account_id": uow.account_id, "notice": NOTICE})
    return Leaving(row.count, row.first_at, RetentionAct(row.act)) if row else Leaving()


async def list_concerned(uow: UnitOfWork) -> list[UUID]:
    """People of the workspace whose conversations go soon."""
    return [row.id for row in await uow.rows(_Id, _LIST_CONCERNED, {"notice": NOTICE})]


async def find_due(uow: UnitOfWork, most: int) -> list[Due]:
    """Some conversations of the workspace whose time is over, held until the unit ends."""
    return await uow.rows(Due, _FIND_DUE, {"most": most})


async def archive(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Put conversations into the archives of those to whom they belong."""
    await uow.session.execute(_ARCHIVE, {"ids": list(ids)})


async def delete(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Remove conversations with all that is in them."""
    await uow.session.execute(_DELETE, {"ids": list(ids)})


async def keep(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Let the time of conversations that are held begin anew."""
    await uow.session.execute(_KEEP, {"ids": list(ids)})


def _given(retention: Retention) -> dict[str, object]:
    return {
        "days": retention.days, "act": retention.act.value, "spares_pinned": retention.spares_pinned,
        "spares_shared": retention.spares_shared,
    }  # fmt: skip
