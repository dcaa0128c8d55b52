"""The SQL of links that open a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import may_of
from convosphere.chat.queries.messages import ACTIVE_LEAF
from convosphere.core.errors import NotFoundError
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.queries.link_rules import ALLOWS_ANYONE
from convosphere.identity.service.link_rules import Scope

# Whoever made a link must still be one who may share the conversation.
_WORKS = f"""
    l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > now()) AND c.deleted_at IS NULL
    AND (l.scope = 'workspace' OR {ALLOWS_ANYONE})
    AND EXISTS (SELECT FROM membership AS m WHERE m.account_id = l.created_by AND m.is_active
        AND m.workspace_id = l.workspace_id)
    AND {may_of("l.created_by", "manage")}
"""  # Of constants.
_ADD = text(
    """
    INSERT INTO conversation_link (id, workspace_id, conversation_id, token_hash, created_by, scope, leaf_id,
                                   expires_at, created_at)
    VALUES (:id, :workspace_id, :conversation_id, :token_hash, :account_id, :scope, :leaf_id, :expires_at, :made_at)
    """
)
_LIST = text(
    f"""
    SELECT l.id, l.scope, l.leaf_id IS NULL AS is_live, l.created_at, l.expires_at, coalesce(a.name, '') AS made_by,
        {_WORKS} AS works
    FROM conversation_link AS l JOIN conversation AS c ON c.id = l.conversation_id
    LEFT JOIN account AS a ON a.id = l.created_by
    WHERE l.conversation_id = :conversation_id AND l.revoked_at IS NULL
    ORDER BY l.id DESC LIMIT :most
    """  # noqa: S608
)
_COUNT = text(
    "SELECT count(*)::integer AS count FROM conversation_link"
    " WHERE conversation_id = :conversation_id AND revoked_at IS NULL"
)
_LOCATE = text("SELECT id, workspace_id FROM find_conversation_link(:token_hash)")
_GET_OPEN = text(
    f"""
    SELECT l.id, l.conversation_id, l.scope, l.leaf_id, l.created_by, l.created_at AS made_at, c.title,
        coalesce(a.name, '') AS made_by
    FROM conversation_link AS l JOIN conversation AS c ON c.id = l.conversation_id
    LEFT JOIN account AS a ON a.id = l.created_by
    WHERE l.id = :id AND {_WORKS}
    """  # noqa: S608
)
_GET_PLACE = text("SELECT conversation_id AS id FROM conversation_link WHERE id = :id AND revoked_at IS NULL")
_REVOKE = text("UPDATE conversation_link SET revoked_at = now() WHERE id = :id AND revoked_at IS NULL")
_GET_LEAF = text(f"SELECT {ACTIVE_LEAF} AS id")
# An answer that is gone on with says more than it did then: what is shown ends before the first such.
_GET_SNAPSHOT_END = text(
    """
    WITH RECURSIVE path AS (
        SELECT id, parent_id, status, finished_at, 1 AS depth FROM message WHERE id = :leaf_id
        UNION ALL
        SELECT m.id, m.parent_id, m.status, m.finished_at, p.depth + 1
        FROM message AS m JOIN path AS p ON m.id = p.parent_id
    )
    SELECT CASE WHEN changed.id IS NULL THEN CAST(:leaf_id AS uuid) ELSE changed.parent_id END AS id
    FROM (VALUES (true)) AS one LEFT JOIN (
        SELECT id, parent_id FROM path WHERE status = 'streaming' OR finished_at > :made_at ORDER BY depth DESC LIMIT 1
    ) AS changed ON true
    """
)


@dataclass(frozen=True)
class LinkRow:
    """A link that nobody has revoked; `works`: it opens something now."""

    id: UUID
    scope: Scope
    is_live: bool
    created_at: datetime
    expires_at: datetime | None
    made_by: str
    works: bool


@dataclass(frozen=True)
class Located:
    """Where a link is."""

    id: UUID
    workspace_id: UUID


@dataclass(frozen=True)
class OpenLink:
    """A link that works; without a leaf it is live."""

    id: UUID
    conversation_id: UUID
    scope: Scope
    leaf_id: UUID | None
    created_by: UUID
    made_at: datetime
    title: str
    made_by: str


@dataclass(frozen=True)
class _Id:
    id: UUID | None


@dataclass(frozen=True)
class _Count:
    count: int


def add_link(
    uow: UnitOfWork, link_id: UUID, conversation_id: UUID, token_hash: bytes, *, scope: Scope, leaf_id: UUID | None,
    expires_at: datetime | None,
) -> None:  # fmt: skip
    """Keep a link to a conversation that the actor may share."""
    given = {
        "id": link_id, "workspace_id": uow.workspace_id, "conversation_id": conversation_id,
        "token_hash": token_hash, "account_id": uow.account_id, "scope": scope, "leaf_id": leaf_id,
        "expires_at": expires_at, "made_at": utc_now(),
    }  # fmt: skip
    uow.defer(_ADD, given)


async def list_links(uow: UnitOfWork, conversation_id: UUID, most: int) -> Sequence[LinkRow]:
    """Links to a conversation that was fetched before, the newest first."""
    return await uow.rows(LinkRow, _LIST, {"conversation_id": conversation_id, "most": most})


async def count_links(uow: UnitOfWork, conversation_id: UUID) -> int:
    """How many links to a conversation nobody has revoked."""
    row = await uow.row(_Count, _COUNT, {"conversation_id": conversation_id})
    return row.count if row else 0


async def locate(uow: UnitOfWork, token_hash: bytes) -> Located | None:
    """In which workspace the link of a token is, whether it works or not."""
    return await uow.row(Located, _LOCATE, {"token_hash": token_hash})


async def get_open(uow: UnitOfWork, link_id: UUID) -> OpenLink:
    """A link of the unit's workspace that works.

    Raises:
        NotFoundError: it does not, or not any more.
    """
    link = await uow.row(OpenLink, _GET_OPEN, {"id": link_id})
    if link is None:
        raise NotFoundError
    return link


async def get_leaf(uow: UnitOfWork, link: OpenLink) -> UUID | None:
    """The last message that a link shows; None where nothing was said yet, or nothing that is as it was then."""
    if link.leaf_id:
        snapshot = {"leaf_id": link.leaf_id, "made_at": link.made_at}
        row = await uow.row(_Id, _GET_SNAPSHOT_END, snapshot)
        return row.id if row else None
    row = await uow.row(_Id, _GET_LEAF, {"conversation_id": link.conversation_id, "account_id": link.created_by})
    return row.id if row else None


async def get_conversation_of(uow: UnitOfWork, link_id: UUID) -> UUID:
    """What a link that nobody has revoked leads to; who may change it is asked of that.

    Raises:
        NotFoundError: there is no such link.
    """
    row = await uow.row(_Id, _GET_PLACE, {"id": link_id})
    if row is None or row.id is None:
        raise NotFoundError
    return row.id


def revoke(uow: UnitOfWork, link_id: UUID) -> None:
    """Let a link open nothing any more."""
    uow.defer(_REVOKE, {"id": link_id})
