"""The SQL of files that come with messages; fetching is authorising: whoever sees the conversation sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import MAY
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork

_COLUMNS = """
    a.id, a.owner_id, a.conversation_id, a.is_sent, a.kind, a.name, a.size, a.document_id, a.is_reference, a.sha256,
    a.width, a.height
"""
SEEN = f"""
    (a.owner_id = :account_id OR EXISTS (
        SELECT FROM conversation AS c WHERE c.id = a.conversation_id AND {MAY["view"]} AND c.deleted_at IS NULL
    ))
"""  # Of constants.
_ADD = text(
    """
    INSERT INTO attachment (id, workspace_id, owner_id, kind, name, size, document_id, is_reference, sha256, width,
                            height)
    VALUES (:id, :workspace_id, :account_id, :kind, :name, :size, :document_id, :is_reference, :sha256, :width, :height)
    """
)
_GET = text(f"SELECT {_COLUMNS} FROM attachment AS a WHERE a.id = :attachment_id AND {SEEN}")  # noqa: S608
_COUNT_UNSENT = text("SELECT count(*) AS count FROM attachment WHERE owner_id = :account_id AND NOT is_sent")
# Whoever sends has brought them, or they came with an earlier message of the same conversation.
_CLAIM = text(
    f"""
    UPDATE attachment AS a SET is_sent = true, conversation_id = coalesce(a.conversation_id, :conversation_id)
    WHERE a.id = ANY (CAST(:ids AS uuid[])) AND a.owner_id = :account_id
    RETURNING {_COLUMNS}
    """  # noqa: S608  # Of constants.
)
_REMOVE_UNSENT = text(
    f"""
    DELETE FROM attachment AS a
    WHERE a.id = :attachment_id AND NOT a.is_sent AND (CAST(:account_id AS uuid) IS NULL OR a.owner_id = :account_id)
    RETURNING {_COLUMNS}
    """  # noqa: S608
)
_WAITS = text(
    """
    SELECT count(*) AS count FROM queued_message
    WHERE files @> jsonb_build_array(jsonb_build_object('id', CAST(:attachment_id AS text)))
    """
)
# A copy of the conversation may still show them.
_REMOVE_ABANDONED = text(
    f"""
    DELETE FROM attachment AS a
    WHERE a.is_sent AND a.conversation_id IS NULL AND NOT EXISTS (
        SELECT FROM message AS m
        WHERE m.parts @> jsonb_build_array(jsonb_build_object('type', 'file', 'id', CAST(a.id AS text)))
    )
    RETURNING {_COLUMNS}
    """  # noqa: S608
)


@dataclass(frozen=True)
class AttachmentRow:
    """A file with what is kept of it; `is_reference`: the document was there before."""

    id: UUID
    owner_id: UUID
    conversation_id: UUID | None
    is_sent: bool
    kind: str
    name: str
    size: int
    document_id: UUID | None
    is_reference: bool
    sha256: str | None
    width: int
    height: int


@dataclass(frozen=True)
class _Count:
    count: int


def add_attachment(
    uow: UnitOfWork, attachment_id: UUID, kind: str, name: str, size: int, *, document_id: UUID | None = None,
    is_reference: bool = False, sha256: str | None = None, width: int = 0, height: int = 0,
) -> None:  # fmt: skip
    """Note a file that the actor wants to send."""
    given = {
        "id": attachment_id, "workspace_id": uow.workspace_id, "account_id": uow.account_id, "kind": kind,
        "name": name, "size": size, "document_id": document_id, "is_reference": is_reference, "sha256": sha256,
        "width": width, "height": height,
    }  # fmt: skip
    uow.defer(_ADD, given)


async def get_attachment(uow: UnitOfWork, attachment_id: UUID) -> AttachmentRow:
    """A file that the actor sees.

    Raises:
        NotFoundError: there is none.
    """
    row = await uow.row(AttachmentRow, _GET, {"attachment_id": attachment_id, "account_id": uow.account_id})
    if row is None:
        raise NotFoundError
    return row


async def count_unsent(uow: UnitOfWork) -> int:
    """How many files the actor has brought and not sent."""
    row = await uow.row(_Count, _COUNT_UNSENT, {"account_id": uow.account_id})
    return row.count if row else 0


async def claim(uow: UnitOfWork, ids: Sequence[UUID], conversation_id: UUID) -> dict[UUID, AttachmentRow]:
    """Those of some files that the actor has brought, which belong to a conversation from now on."""
    given = {"ids": list(ids), "conversation_id": conversation_id, "account_id": uow.account_id}
    return {row.id: row for row in await uow.rows(AttachmentRow, _CLAIM, given)}


async def remove_unsent(uow: UnitOfWork, attachment_id: UUID) -> AttachmentRow | None:
    """Remove a file that went with no message; the actor's own, or for the system anybody's."""
    given = {"attachment_id": attachment_id, "account_id": uow.actor.account_id}
    return await uow.row(AttachmentRow, _REMOVE_UNSENT, given)


async def is_waiting(uow: UnitOfWork, attachment_id: UUID) -> bool:
    """Whether a file goes with a question that waits for its turn."""
    row = await uow.row(_Count, _WAITS, {"attachment_id": attachment_id})
    return bool(row and row.count)


async def remove_abandoned(uow: UnitOfWork) -> list[AttachmentRow]:
    """Remove the files of conversations that are gone."""
    return await uow.rows(AttachmentRow, _REMOVE_ABANDONED, {})
