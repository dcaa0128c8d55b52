"""The SQL of a conversation that is written at once, with all its branches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

_ADD_CONVERSATION = text(
    """
    INSERT INTO conversation (id, workspace_id, owner_id, title, is_title_automatic, model, when_full, parameters,
        assistant_id, instructions, document_ids, folder_id, origin, created_at, updated_at)
    VALUES (:id, :workspace_id, :account_id, :title, :is_title_automatic, :model, :when_full, :parameters,
        CAST(:assistant_id AS uuid), :instructions, CAST(:document_ids AS uuid[]),
        CAST(:folder_id AS uuid), :origin, :created_at, :updated_at)
    """
)
_ADD_MESSAGES = text(
    """
    INSERT INTO message (id, workspace_id, conversation_id, parent_id, role, status, parts, model, asked_model, error,
        switch_note, effort, parameters, context, begins_at, follow_ups, created_at, finished_at, origin)
    SELECT r.id, :workspace_id, :conversation_id, r.parent_id, r.role, r.status, r.parts, r.model, r.asked_model,
        r.error, r.switch_note, r.effort, r.parameters, r.context, r.begins_at, r.follow_ups, r.created_at,
        r.finished_at, r.origin
    FROM jsonb_to_recordset(:rows) AS r (
        id uuid, parent_id uuid, role text, status text, parts jsonb, model text, asked_model text, error jsonb,
        switch_note jsonb, effort jsonb, parameters jsonb, context jsonb, begins_at uuid, follow_ups text[],
        created_at timestamptz, finished_at timestamptz, origin jsonb
    ) ORDER BY r.id
    """
)
_ADD_CITATIONS = text(
    """
    INSERT INTO message_citation (message_id, workspace_id, number, document_id, document_version_id, start_offset,
        end_offset, page, seconds, is_cited)
    SELECT r.message_id, :workspace_id, r.number, r.document_id, r.document_version_id, r.start_offset, r.end_offset,
        r.page, r.seconds, r.is_cited
    FROM jsonb_to_recordset(:rows) AS r (
        message_id uuid, number integer, document_id uuid, document_version_id uuid, start_offset integer,
        end_offset integer, page integer, seconds integer, is_cited boolean
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


@dataclass(frozen=True)
class NewConversation:
    """What is written of one that comes from a file."""

    id: UUID
    title: str
    is_title_automatic: bool
    model: str
    when_full: str | None
    parameters: dict[str, Any]
    assistant_id: UUID | None
    instructions: str
    document_ids: list[UUID]
    folder_id: UUID | None
    origin: str
    created_at: datetime
    updated_at: datetime


def add_tree(
    uow: UnitOfWork, conversation: NewConversation, messages: Sequence[dict[str, Any]],
    citations: Sequence[dict[str, Any]], notes: Sequence[dict[str, Any]],
) -> None:  # fmt: skip
    """Write a conversation of the actor's with all its messages, each row as a dictionary of JSON values."""
    about = {"workspace_id": uow.workspace_id, "account_id": uow.account_id, "conversation_id": conversation.id}
    uow.defer(_ADD_CONVERSATION, {**about, **vars(conversation), "parameters": Jsonb(conversation.parameters)})
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
