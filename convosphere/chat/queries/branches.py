"""The SQL of branches: what of a tree of messages is shown, the way to another branch, and copies of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.access import Access
from convosphere.chat.queries.access import IS_SHARED, MAY
from convosphere.chat.queries.messages import (
    ACTIVE_LEAF,
    MESSAGE,
    PLACE_AMONG_SIBLINGS,
    SIBLINGS,
    SPEAKER,
    SPOKEN,
)
from convosphere.chat.queries.temporary import LEASE, MUST_BE_TEMPORARY
from convosphere.chat.schemas import MessageView
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork

# From a message up to the one below `above`, or to the first of all, at most so many steps.
_LIST_SHOWN = text(
    f"""
    WITH RECURSIVE branch AS (
        SELECT id, parent_id, 1 AS depth FROM message
        WHERE id = :leaf_id AND conversation_id = CAST(:conversation_id AS uuid)
            AND id IS DISTINCT FROM CAST(:above AS uuid)
        UNION ALL
        SELECT m.id, m.parent_id, b.depth + 1 FROM message AS m JOIN branch AS b ON m.id = b.parent_id
        WHERE b.depth < :steps AND m.id IS DISTINCT FROM CAST(:above AS uuid)
    )
    SELECT {MESSAGE}, {SPEAKER}, {PLACE_AMONG_SIBLINGS}
    FROM branch AS b JOIN message AS m USING (id) {SPOKEN} {SIBLINGS}
    ORDER BY b.depth DESC
    """  # noqa: S608  # Of constants.
)
_GET_PLACE = text(
    f"""
    SELECT c.id, {ACTIVE_LEAF} AS leaf_id, coalesce((
        SELECT is_unread FROM conversation_view WHERE conversation_id = c.id AND account_id = :account_id
    ), c.owner_id <> :account_id) AS is_unread, c.owner_id = :account_id AS is_own, {MAY["use"]} AS can_ask,
        {MAY["edit"]} AS can_edit, c.expires_at IS NULL AND {MAY["manage"]} AS can_share, {IS_SHARED} AS is_shared
    FROM conversation AS c
    WHERE c.id = CAST(:conversation_id AS uuid) AND {MAY["view"]} AND c.deleted_at IS NULL
    """  # noqa: S608
)
# Down to the end of a branch: of each message the newest that follows.
_FIND_END = text(
    """
    WITH RECURSIVE down AS (
        SELECT id, 1 AS depth FROM message WHERE id = :message_id
        UNION ALL
        SELECT n.id, d.depth + 1 FROM down AS d
        CROSS JOIN LATERAL (SELECT id FROM message WHERE parent_id = d.id ORDER BY id DESC LIMIT 1) AS n
    )
    SELECT id FROM down ORDER BY depth DESC LIMIT 1
    """
)
_MARK_SEEN = text(
    """
    INSERT INTO conversation_view AS v (conversation_id, account_id, workspace_id)
    VALUES (:conversation_id, :account_id, :workspace_id)
    ON CONFLICT (conversation_id, account_id) DO UPDATE SET is_unread = false WHERE v.is_unread
    RETURNING conversation_id AS id
    """
)
_GET_THINKING = text(
    """
    SELECT coalesce(string_agg(part ->> 'text', '' ORDER BY place), '') AS thinking
    FROM message AS m, jsonb_array_elements(m.parts) WITH ORDINALITY AS p (part, place)
    WHERE m.id = :message_id AND part ->> 'type' = 'thinking'
    """
)
_LIST_CHAIN = text(
    """
    WITH RECURSIVE branch AS (
        SELECT id, parent_id, status, 1 AS depth FROM message WHERE id = :message_id
        UNION ALL
        SELECT m.id, m.parent_id, m.status, b.depth + 1 FROM message AS m JOIN branch AS b ON m.id = b.parent_id
    )
    SELECT id, status FROM branch ORDER BY depth DESC
    """
)
# The copy of a temporary conversation is one too, and lives no longer.
_COPY_CONVERSATION = text(
    f"""
    INSERT INTO conversation (id, workspace_id, owner_id, title, is_title_automatic, model, assistant_id, when_full,
        parameters, template_id, instructions, document_ids, created_at, expires_at)
    SELECT :copy_id, c.workspace_id, :account_id, CASE WHEN r.is_temporary THEN '' ELSE :title END, false, c.model,
        c.assistant_id, c.when_full, c.parameters, CASE WHEN r.is_own THEN c.template_id END,
        CASE WHEN r.is_own THEN c.instructions ELSE '' END, CASE WHEN r.is_own THEN c.document_ids ELSE '{{}}' END,
        CASE WHEN c.expires_at IS NULL THEN now() ELSE c.created_at END,
        CASE WHEN r.is_temporary THEN coalesce(c.expires_at, now() + CAST(:lease AS interval)) END
    FROM conversation AS c
    CROSS JOIN LATERAL (
        SELECT c.expires_at IS NOT NULL OR {MUST_BE_TEMPORARY}, c.owner_id = :account_id
    ) AS r (is_temporary, is_own)
    WHERE c.id = :conversation_id
    """  # noqa: S608  # Of constants.
)
_PAIRS = "unnest(CAST(:ids AS uuid[]), CAST(:copy_ids AS uuid[]))"
_COPY_MESSAGES = text(
    f"""
    INSERT INTO message (id, workspace_id, conversation_id, parent_id, role, status, parts, model, error, assistant_id,
        assistant_version_id, begins_at, context, asked_model, switch_note, effort, origin, created_at, finished_at,
        author_id, parameters)
    SELECT p.copy_id, m.workspace_id, :copy_id, parent.copy_id, m.role, m.status, m.parts, m.model, m.error,
        m.assistant_id, m.assistant_version_id, begun.copy_id, m.context, m.asked_model, m.switch_note, m.effort,
        m.origin, m.created_at, m.finished_at, m.author_id, m.parameters
    FROM {_PAIRS} AS p (id, copy_id) JOIN message AS m USING (id)
    LEFT JOIN {_PAIRS} AS parent (id, copy_id) ON parent.id = m.parent_id
    LEFT JOIN {_PAIRS} AS begun (id, copy_id) ON begun.id = m.begins_at
    ORDER BY p.copy_id
    """  # noqa: S608
)
_COPY_CITATIONS = text(
    f"""
    INSERT INTO message_citation (message_id, number, workspace_id, document_id, document_version_id, start_offset,
        end_offset, page, seconds, is_cited)
    SELECT p.copy_id, c.number, c.workspace_id, c.document_id, c.document_version_id, c.start_offset, c.end_offset,
        c.page, c.seconds, c.is_cited
    FROM {_PAIRS} AS p (id, copy_id) JOIN message_citation AS c ON c.message_id = p.id
    """  # noqa: S608
)
_COPY_NOTES = text(
    f"""
    INSERT INTO conversation_note (id, workspace_id, conversation_id, last_message_id, text, model, is_edited)
    SELECT gen_random_uuid(), n.workspace_id, :copy_id, p.copy_id, n.text, n.model, n.is_edited
    FROM {_PAIRS} AS p (id, copy_id) JOIN conversation_note AS n ON n.last_message_id = p.id
    """  # noqa: S608
)


@dataclass(frozen=True, kw_only=True)
class Place(Access):
    """Where in a conversation the actor is, and what they may do with it."""

    id: UUID
    leaf_id: UUID | None
    is_unread: bool


@dataclass(frozen=True)
class Link:
    """A message of a chain."""

    id: UUID
    status: str


@dataclass(frozen=True)
class _Id:
    id: UUID


@dataclass(frozen=True)
class _Thinking:
    thinking: str


async def get_place(uow: UnitOfWork, conversation_id: UUID) -> Place:
    """Where the actor is in a conversation that they see.

    Raises:
        NotFoundError: there is none with this id that the actor may see.
    """
    given = {"conversation_id": conversation_id, "account_id": uow.account_id}
    if (place := await uow.row(Place, _GET_PLACE, given)) is None:
        raise NotFoundError
    return place


async def list_shown(
    uow: UnitOfWork, conversation_id: UUID, leaf_id: UUID | None, steps: int, *, above: UUID | None = None
) -> Sequence[MessageView]:
    """The messages that lead to a leaf, oldest first, at most so many, and only those below `above`."""
    if leaf_id is None:
        return []
    given = {"leaf_id": leaf_id, "conversation_id": conversation_id, "steps": steps, "above": above}
    return await uow.rows(MessageView, _LIST_SHOWN, given)


async def find_end(uow: UnitOfWork, message_id: UUID) -> UUID:
    """The end of the newest branch below a message, which was found before."""
    row = await uow.row(_Id, _FIND_END, {"message_id": message_id})
    return row.id if row else message_id


async def mark_seen(uow: UnitOfWork, conversation_id: UUID) -> bool:
    """Keep that the actor has seen all answers; whether there was anything new to them."""
    given = {"conversation_id": conversation_id, "account_id": uow.account_id, "workspace_id": uow.workspace_id}
    return await uow.row(_Id, _MARK_SEEN, given) is not None


async def get_thinking(uow: UnitOfWork, message_id: UUID) -> str:
    """What a model thought before it wrote an answer, which was found before."""
    row = await uow.row(_Thinking, _GET_THINKING, {"message_id": message_id})
    return row.thinking if row else ""


async def list_chain(uow: UnitOfWork, message_id: UUID) -> list[Link]:
    """All messages that lead to one, oldest first; that one was found before."""
    return await uow.rows(Link, _LIST_CHAIN, {"message_id": message_id})


def copy_chain(uow: UnitOfWork, conversation_id: UUID, chain: Sequence[Link], copy_id: UUID, title: str) -> UUID:
    """Begin a conversation of the actor's with copies of these messages, their citations and notes; the last copy.

    Votes, keys and what calls have cost stay with the originals.
    """
    ids = [link.id for link in chain]
    given = {
        "conversation_id": conversation_id, "copy_id": copy_id, "account_id": uow.account_id, "title": title,
        "ids": ids, "copy_ids": [new_id() for _ in ids], "lease": LEASE,
    }  # fmt: skip
    for statement in (_COPY_CONVERSATION, _COPY_MESSAGES, _COPY_CITATIONS, _COPY_NOTES):
        uow.defer(statement, given)
    return given["copy_ids"][-1]
