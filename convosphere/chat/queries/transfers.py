"""The SQL of conversations as files: one read with all its branches, one written at once.

Fetching is authorising.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
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
_GET_WHOLE = text(
    f"""
    SELECT c.id, c.title, c.is_title_automatic, c.model, c.when_full, c.origin, c.created_at, c.updated_at,
        v.active_leaf_id, v.pinned_at IS NOT NULL AS is_pinned, v.archived_at IS NOT NULL AS is_archived, ARRAY(
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
        m.context, m.begins_at, m.follow_ups, m.created_at, m.finished_at, m.origin, s.name AS speaker_name,
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
_ADD_CONVERSATION = text(
    """
    INSERT INTO conversation (id, workspace_id, owner_id, title, is_title_automatic, model, when_full, folder_id,
        origin, created_at, updated_at)
    VALUES (:id, :workspace_id, :account_id, :title, :is_title_automatic, :model, :when_full,
        CAST(:folder_id AS uuid), :origin, :created_at, :updated_at)
    """
)
_ADD_MESSAGES = text(
    """
    INSERT INTO message (id, workspace_id, conversation_id, parent_id, role, status, parts, model, asked_model, error,
        switch_note, effort, context, begins_at, follow_ups, created_at, finished_at, origin)
    SELECT r.id, :workspace_id, :conversation_id, r.parent_id, r.role, r.status, r.parts, r.model, r.asked_model,
        r.error, r.switch_note, r.effort, r.context, r.begins_at, r.follow_ups, r.created_at, r.finished_at, r.origin
    FROM jsonb_to_recordset(:rows) AS r (
        id uuid, parent_id uuid, role text, status text, parts jsonb, model text, asked_model text, error jsonb,
        switch_note jsonb, effort jsonb, context jsonb, begins_at uuid, follow_ups text[], created_at timestamptz,
        finished_at timestamptz, origin jsonb
    ) ORDER BY r.id
    """
)
_ADD_CITATIONS = text(
    """
    INSERT INTO message_citation (message_id, workspace_id, number, document_id, document_version_id, start_offset,
        end_offset, page, is_cited)
    SELECT r.message_id, :workspace_id, r.number, r.document_id, r.document_version_id, r.start_offset, r.end_offset,
        r.page, r.is_cited
    FROM jsonb_to_recordset(:rows) AS r (
        message_id uuid, number integer, document_id uuid, document_version_id uuid, start_offset integer,
        end_offset integer, page integer, is_cited boolean
    )
    """
)
_ADD_NOTES = text(
    """
    INSERT INTO conversation_note (id, workspace_id, conversation_id, last_message_id, text, model, is_edited)
    SELECT r.id, :workspace_id, :conversation_id, r.last_message_id, r.text, r.model, r.is_edited
    FROM jsonb_to_recordset(:rows) AS r (id uuid, last_message_id uuid, text text, model text, is_edited boolean)
    """
)
_ADD_VIEW = text(
    """
    INSERT INTO conversation_view (conversation_id, account_id, workspace_id, active_leaf_id, pinned_at, archived_at)
    VALUES (:conversation_id, :account_id, :workspace_id, CAST(:leaf_id AS uuid), CASE WHEN :is_pinned THEN now() END,
        CASE WHEN :is_archived THEN now() END)
    """
)
_ADD_TAGS = text(
    """
    INSERT INTO conversation_tag (account_id, conversation_id, name, workspace_id)
    SELECT :account_id, :conversation_id, name, :workspace_id FROM unnest(CAST(:names AS text[])) AS name
    """
)
_GIVE_FILES = text(
    """
    UPDATE attachment SET is_sent = true, conversation_id = :conversation_id
    WHERE id = ANY (CAST(:ids AS uuid[])) AND owner_id = :account_id
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
class NewConversation:
    """What is written of one that comes from a file."""

    id: UUID
    title: str
    is_title_automatic: bool
    model: str
    when_full: str | None
    folder_id: UUID | None
    origin: str
    created_at: datetime
    updated_at: datetime


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


def add_tree(
    uow: UnitOfWork, conversation: NewConversation, messages: Sequence[dict[str, Any]],
    citations: Sequence[dict[str, Any]], notes: Sequence[dict[str, Any]],
) -> None:  # fmt: skip
    """Write a conversation of the actor's with all its messages, each row as a dictionary of JSON values."""
    about = {"workspace_id": uow.workspace_id, "account_id": uow.account_id, "conversation_id": conversation.id}
    uow.defer(_ADD_CONVERSATION, {**about, **vars(conversation)})
    for statement, rows in ((_ADD_MESSAGES, messages), (_ADD_CITATIONS, citations), (_ADD_NOTES, notes)):
        if rows:
            uow.defer(statement, {**about, "rows": Jsonb(list(rows))})


def add_view(
    uow: UnitOfWork, conversation_id: UUID, leaf_id: UUID | None, *, is_pinned: bool, is_archived: bool,
    tags: Sequence[str],
) -> None:  # fmt: skip
    """Write how the actor keeps a conversation that is written in the same unit."""
    given = {
        "workspace_id": uow.workspace_id, "account_id": uow.account_id, "conversation_id": conversation_id,
        "leaf_id": leaf_id, "is_pinned": is_pinned, "is_archived": is_archived,
    }  # fmt: skip
    uow.defer(_ADD_VIEW, given)
    if tags:
        uow.defer(_ADD_TAGS, {**given, "names": list(tags)})


def give_files(uow: UnitOfWork, conversation_id: UUID, attachment_ids: Sequence[UUID]) -> None:
    """Let files that the actor has brought belong to a conversation that is written in the same unit."""
    if attachment_ids:
        given = {"account_id": uow.account_id, "conversation_id": conversation_id, "ids": list(attachment_ids)}
        uow.defer(_GIVE_FILES, given)
