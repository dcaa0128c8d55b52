"""The SQL of what people are told. Whatever is only written goes with the commit and costs no round trip."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from convosphere.core.i18n import Value
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import EVENT_CHANNEL, UnitOfWork, look
from convosphere.notifications.schemas import Cursor, NotificationKind, StoredNotification

TOPIC = "notifications"
MOST_COUNTED = 100
"""Beyond that nobody reads the number."""

_ADD = text(
    """
    WITH made AS (
        INSERT INTO notification AS n (
            id, workspace_id, account_id, kind, key, subject_type, subject_id, actor_id, facts, on_page, in_browser
        )
        SELECT r.id, m.workspace_id, m.account_id, :kind, :key, :subject_type, CAST(:subject_id AS uuid),
            CAST(:actor_id AS uuid), CAST(:facts AS jsonb), coalesce(p.on_page, :on_page),
            coalesce(p.in_browser, :in_browser)
        FROM unnest(CAST(:ids AS uuid[]), CAST(:account_ids AS uuid[])) AS r (id, account_id)
        JOIN membership AS m ON m.workspace_id = :workspace_id AND m.account_id = r.account_id AND m.is_active
        LEFT JOIN notification_preference AS p
            ON p.workspace_id = m.workspace_id AND p.account_id = m.account_id AND p.kind = :kind
        WHERE coalesce(p.on_page, :on_page) OR coalesce(p.in_browser, :in_browser)
            OR coalesce(p.digest, 'none') <> 'none'
        ON CONFLICT (workspace_id, account_id, key) DO UPDATE
        SET count = CASE WHEN n.read_at IS NULL THEN n.count + 1 ELSE 1 END, subject_id = excluded.subject_id,
            actor_id = excluded.actor_id, facts = excluded.facts, on_page = excluded.on_page,
            in_browser = excluded.in_browser, created_at = now(), read_at = NULL, mailed_at = NULL
        WHERE :renews
        RETURNING n.account_id
    )
    SELECT pg_notify(:channel, :topic || ':' || account_id) FROM made
    """
)
_SEE = text(
    """
    WITH seen AS (
        UPDATE notification SET read_at = now()
        WHERE account_id = :account_id AND workspace_id = :workspace_id AND subject_type = :subject_type
            AND subject_id = :subject_id AND count = 1 AND read_at IS NULL
        RETURNING account_id
    )
    SELECT pg_notify(:channel, :topic || ':' || account_id) FROM seen LIMIT 1
    """
)
_READ = text(
    """
    WITH seen AS (
        UPDATE notification SET read_at = now()
        WHERE account_id = :account_id AND workspace_id = :workspace_id AND read_at IS NULL
            AND (CAST(:id AS uuid) IS NULL OR id = CAST(:id AS uuid))
        RETURNING account_id
    )
    SELECT pg_notify(:channel, :topic || ':' || account_id) FROM seen LIMIT 1
    """
)
_TAKE_BACK = text(
    """
    WITH gone AS (
        DELETE FROM notification
        WHERE workspace_id = :workspace_id AND account_id = ANY (:account_ids)
            AND subject_type = :subject_type AND subject_id = ANY (:subject_ids)
        RETURNING account_id
    )
    SELECT pg_notify(:channel, :topic || ':' || account_id) FROM gone
    """
)
_COLUMNS = """
    n.id, n.kind, n.subject_type, n.subject_id, coalesce(a.name, '') AS actor_name, n.count, n.facts, n.created_at,
    n.read_at IS NOT NULL AS is_read
"""
_LIST = text(
    f"""
    SELECT {_COLUMNS} FROM notification AS n LEFT JOIN account AS a ON a.id = n.actor_id
    WHERE n.workspace_id = :workspace_id AND n.account_id = :account_id AND n.on_page
        AND (
            CAST(:created_at AS timestamptz) IS NULL
            OR (n.created_at, n.id) < (CAST(:created_at AS timestamptz), CAST(:id AS uuid))
        )
    ORDER BY n.created_at DESC, n.id DESC LIMIT :most
    """  # noqa: S608  # Of constants.
)
_COUNT = text(
    """
    SELECT (
        SELECT count(*)::integer FROM (
            SELECT FROM notification AS n
            WHERE n.workspace_id = :workspace_id AND n.account_id = :account_id AND n.on_page AND n.read_at IS NULL
            LIMIT :most
        ) AS unread
    ) AS unread, now() AS asked_at
    """
)
_LIST_FRESH = text(
    f"""
    SELECT {_COLUMNS} FROM notification AS n LEFT JOIN account AS a ON a.id = n.actor_id
    WHERE n.workspace_id = :workspace_id AND n.account_id = :account_id AND n.in_browser AND n.read_at IS NULL
        AND n.created_at > :since
    ORDER BY n.created_at DESC, n.id DESC LIMIT :most
    """  # noqa: S608
)
_FORGET = text(
    """
    DELETE FROM notification WHERE id IN (
        SELECT id FROM notification
        WHERE workspace_id = :workspace_id
            AND (created_at < now() - :all_after OR (read_at IS NOT NULL AND created_at < now() - :read_after))
        LIMIT :most
    )
    RETURNING id
    """
)


@dataclass(frozen=True)
class Unread:
    """How many a person has not read, at most `MOST_COUNTED`, by the database's clock."""

    unread: int
    asked_at: datetime


@dataclass(frozen=True)
class _Id:
    id: UUID


def topic_of(account_id: UUID) -> str:
    """What is published when something changes in what a person is told."""
    return f"{TOPIC}:{account_id}"


def add(
    uow: UnitOfWork, kind: NotificationKind, account_ids: Collection[UUID], *, key: str, subject_id: UUID | None,
    facts: Mapping[str, Value],
) -> None:  # fmt: skip
    """Store it for each of some people who are there and want it, and wake their tabs, when the unit commits."""
    uow.defer(_ADD, {
        "ids": [new_id() for _ in account_ids], "account_ids": list(account_ids), "workspace_id": uow.workspace_id,
        "kind": kind.key, "key": key, "subject_type": kind.subject_type or None, "subject_id": subject_id,
        "actor_id": uow.actor.account_id, "facts": json.dumps(dict(facts)), "on_page": kind.on_page,
        "in_browser": kind.in_browser, "renews": kind.renews, "channel": EVENT_CHANNEL, "topic": TOPIC,
    })  # fmt: skip


def see(uow: UnitOfWork, subject_type: str, subject_id: UUID) -> None:
    """Take for read what the actor is told of a thing alone, when the unit commits."""
    uow.defer(_SEE, {**_whose(uow.actor), "subject_type": subject_type, "subject_id": subject_id})


def take_back(uow: UnitOfWork, subject_type: str, gone: Mapping[UUID, UUID]) -> None:
    """Delete what owners were told of things, given as owners by things, when the unit commits."""
    uow.defer(_TAKE_BACK, {
        "workspace_id": uow.workspace_id, "account_ids": list(set(gone.values())), "subject_type": subject_type,
        "subject_ids": list(gone), "channel": EVENT_CHANNEL, "topic": TOPIC,
    })  # fmt: skip


def read(uow: UnitOfWork, notification_id: UUID | None) -> None:
    """Take one for read, or all of the actor's, when the unit commits."""
    uow.defer(_READ, {**_whose(uow.actor), "id": notification_id})


async def list_rows(uow: UnitOfWork, before: Cursor | None, most: int) -> list[StoredNotification]:
    """The actor's, the newest first."""
    given = {"created_at": before.created_at if before else None, "id": before.id if before else None, "most": most}
    return await uow.rows(StoredNotification, _LIST, {**_whose(uow.actor), **given})


async def list_fresh(uow: UnitOfWork, since: datetime, most: int) -> list[StoredNotification]:
    """The actor's that browsers show and that came since, the newest first."""
    return await uow.rows(StoredNotification, _LIST_FRESH, {**_whose(uow.actor), "since": since, "most": most})


async def count_unread(actor: Actor) -> Unread:
    """How many the actor has not read."""
    (unread,) = await look(actor, Unread, _COUNT, {**_whose(actor), "most": MOST_COUNTED})
    return unread


async def forget(uow: UnitOfWork, read_after: timedelta, all_after: timedelta, most: int) -> int:
    """Delete some of the workspace's old ones; gives how many."""
    given = {"workspace_id": uow.workspace_id, "read_after": read_after, "all_after": all_after, "most": most}
    return len(await uow.rows(_Id, _FORGET, given))


def _whose(actor: Actor) -> dict[str, object]:
    return {
        "account_id": actor.account_id, "workspace_id": actor.workspace_id, "channel": EVENT_CHANNEL, "topic": TOPIC,
    }  # fmt: skip
