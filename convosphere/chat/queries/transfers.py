"""The SQL of conversations as files: one read with all its branches, and what is known of those that come.

Fetching is authorising.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import MAY
from convosphere.chat.queries.attachments import SEEN
from convosphere.chat.queries.folder_access import MAY_VIEW_FOLDER
from convosphere.chat.queries.temporary import MUST_BE_TEMPORARY
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork

_OWN = "c.owner_id = :account_id AND c.deleted_at IS NULL AND c.expires_at IS NULL"
_SEEN = f"{MAY['view']} AND c.deleted_at IS NULL AND c.expires_at IS NULL"
_LIST_EXPORTABLE = text(
    f"""
    SELECT c.id, c.title, EXISTS (
        SELECT FROM message AS m WHERE m.conversation_id = c.id AND m.parts @> '[{{"type": "file"}}]'
    ) AS has_files
    FROM conversation AS c
    WHERE CASE WHEN CAST(:ids AS uuid[]) IS NULL THEN {_OWN} ELSE c.id = ANY (:ids) AND {_SEEN} END
    ORDER BY c.updated_at DESC, c.id DESC
    """  # noqa: S608  # Of constants.
)
# Whoever reads along gets no more of what it stands on than with a copy, see `branches`.
_GET_WHOLE = text(
    f"""
    SELECT c.id, c.title, c.is_title_automatic, c.model, c.when_full, c.parameters, c.assistant_id,
        CASE WHEN c.owner_id = :account_id THEN c.instructions ELSE '' END AS instructions,
        CASE WHEN c.owner_id = :account_id THEN c.document_ids ELSE '{{}}' END AS document_ids,
        c.origin, c.created_at, c.updated_at, v.active_leaf_id, v.pinned_at IS NOT NULL AS is_pinned,
        v.archived_at IS NOT NULL AS is_archived, ARRAY(
            SELECT t.name FROM conversation_tag AS t
            WHERE t.conversation_id = c.id AND t.account_id = :account_id ORDER BY t.name
        ) AS tags, ARRAY(
            SELECT a.name FROM conversation_folder AS f JOIN conversation_folder AS a ON a.id = ANY (f.path)
            WHERE f.id = c.folder_id AND {MAY_VIEW_FOLDER} ORDER BY cardinality(a.path)
        ) AS folder
    FROM conversation AS c LEFT JOIN conversation_view AS v ON v.conversation_id = c.id AND v.account_id = :account_id
    WHERE c.id = :conversation_id AND {_SEEN}
    """  # noqa: S608
)
# The text so far of what is being written stands where it will be.
_LIST_WHOLE = text(
    """
    SELECT m.id, m.parent_id, m.role, m.status, m.parts, m.model, m.asked_model, m.error, m.switch_note, m.effort,
        m.parameters, m.context, m.begins_at, m.follow_ups, m.created_at, m.finished_at, m.origin,
        s.name AS speaker_name,
        coalesce(s.icon, '') AS speaker_icon, coalesce(s.color, '') AS speaker_color, g.text AS growing
    FROM message AS m LEFT JOIN assistant_version AS s ON s.id = m.assistant_version_id
    LEFT JOIN message_generation AS g ON g.message_id = m.id
    WHERE m.conversation_id = :conversation_id ORDER BY m.id
    """
)
_LIST_NOTES = text(
    """
    SELECT last_message_id, text, model, is_edited FROM conversation_note
    WHERE conversation_id = :conversation_id ORDER BY last_message_id
    """
)
_LIST_CONTENTS = text(
    f"""
    SELECT a.id, a.sha256, a.document_id FROM attachment AS a WHERE a.id = ANY (CAST(:ids AS uuid[])) AND {SEEN}
    """  # noqa: S608
)
_LIST_KNOWN = text(
    f"""
    SELECT c.origin FROM conversation AS c WHERE {_OWN} AND c.origin = ANY (CAST(:origins AS text[]))
    UNION
    SELECT 'convosphere:' || c.id FROM conversation AS c WHERE {_OWN} AND c.id = ANY (CAST(:ids AS uuid[]))
    """  # noqa: S608
)
_MUST_BE_TEMPORARY = text(f"SELECT {MUST_BE_TEMPORARY} AS is_so")


@dataclass(frozen=True)
class Exportable:
    """A conversation that can be taken out."""

    id: UUID
    title: str
    has_files: bool


@dataclass(frozen=True)
class WholeConversation:
    """One, but for its messages; `folder` are names from the outermost to its own."""

    id: UUID
    title: str
    is_title_automatic: bool
    model: str
    when_full: str | None
    parameters: dict[str, Any]
    assistant_id: UUID | None
    instructions: str
    document_ids: list[UUID]
    origin: str | None
    created_at: datetime
    updated_at: datetime
    active_leaf_id: UUID | None
    is_pinned: bool
    is_archived: bool
    tags: list[str]
    folder: list[str]


@dataclass(frozen=True)
class WholeMessage:
    """A message with all that is kept of it; `growing` is the text so far of one that is being written."""

    id: UUID
    parent_id: UUID | None
    role: str
    status: str
    parts: list[dict[str, Any]]
    model: str
    asked_model: str
    error: dict[str, Any] | None
    switch_note: dict[str, Any] | None
    effort: dict[str, Any] | None
    parameters: dict[str, Any] | None
    context: dict[str, Any] | None
    begins_at: UUID | None
    follow_ups: list[str] | None
    created_at: datetime
    finished_at: datetime | None
    origin: dict[str, Any] | None
    speaker_name: str | None
    speaker_icon: str
    speaker_color: str
    growing: str | None


@dataclass(frozen=True)
class WholeNote:
    """A note that stands for the messages up to one."""

    last_message_id: UUID
    text: str
    model: str
    is_edited: bool


@dataclass(frozen=True)
class FileContent:
    """What a file of a message is: an image by its hash, or a document."""

    id: UUID
    sha256: str | None
    document_id: UUID | None


@dataclass(frozen=True)
class _Answer:
    is_so: bool


@dataclass(frozen=True)
class _Known:
    origin: str


async def list_exportable(uow: UnitOfWork, conversation_ids: Sequence[UUID] | None) -> list[Exportable]:
    """Those of some conversations that the actor sees, or all of their own, latest first."""
    given = {"account_id": uow.account_id, "ids": None if conversation_ids is None else list(conversation_ids)}
    return await uow.rows(Exportable, _LIST_EXPORTABLE, given)


async def get_whole(uow: UnitOfWork, conversation_id: UUID) -> WholeConversation:
    """A conversation that the actor sees.

    Raises:
        NotFoundError: there is none with this id.
    """
    given = {"conversation_id": conversation_id, "account_id": uow.account_id}
    if (found := await uow.row(WholeConversation, _GET_WHOLE, given)) is None:
        raise NotFoundError
    return found


async def list_whole(uow: UnitOfWork, conversation_id: UUID) -> list[WholeMessage]:
    """All messages of a conversation that was found before, in the order in which they came."""
    return await uow.rows(WholeMessage, _LIST_WHOLE, {"conversation_id": conversation_id})


async def list_notes(uow: UnitOfWork, conversation_id: UUID) -> list[WholeNote]:
    """The notes of a conversation that was found before."""
    return await uow.rows(WholeNote, _LIST_NOTES, {"conversation_id": conversation_id})


async def list_contents(uow: UnitOfWork, attachment_ids: Sequence[UUID]) -> list[FileContent]:
    """What those of some files are that the actor sees."""
    given = {"account_id": uow.account_id, "ids": list(attachment_ids)}
    return await uow.rows(FileContent, _LIST_CONTENTS, given)


async def keeps_nothing(uow: UnitOfWork) -> bool:
    """Whether all conversations of the workspace are temporary."""
    row = await uow.row(_Answer, _MUST_BE_TEMPORARY, {})
    return bool(row and row.is_so)


async def list_known(uow: UnitOfWork, origins: Sequence[str], ids: Sequence[UUID]) -> set[str]:
    """Those of some origins from where the actor has conversations, and of some ids that are such themselves."""
    given = {"account_id": uow.account_id, "origins": list(origins), "ids": list(ids)}
    return {row.origin for row in await uow.rows(_Known, _LIST_KNOWN, given)}
