"""The SQL of messages. All that a question goes through is here, in as few and cheap statements as it takes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text

from convosphere.chat.queries.access import MAY
from convosphere.chat.schemas import MessageView, Standing
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import EVENT_CHANNEL, UnitOfWork
from convosphere.identity.grants import Level

MESSAGE = """
    m.id, m.parent_id, m.role, m.status, m.model, m.error, m.created_at, m.begins_at, coalesce((
        SELECT string_agg(part ->> 'text', '' ORDER BY place)
        FROM jsonb_array_elements(m.parts) WITH ORDINALITY AS p (part, place) WHERE part ->> 'type' = 'text'
    ), '') AS text, CASE WHEN m.role = 'user' THEN jsonb_path_query_array(m.parts, '$[*] ? (@.type == "file")') END
        AS files
"""
# Who gave an answer, as it was then; without a name it is gone. Who asked, as they are called now.
SPEAKER = """
    m.assistant_id, m.assistant_version_id, coalesce(s.name, m.origin -> 'speaker' ->> 'name', '') AS assistant_name,
    coalesce(s.icon, m.origin -> 'speaker' ->> 'icon', '') AS assistant_icon,
    coalesce(s.color, m.origin -> 'speaker' ->> 'color', '') AS assistant_color, m.switch_note,
    m.follow_ups, m.effort, m.parameters,
    (jsonb_path_query_first(m.parts, '$[*] ? (@.type == "thinking").ms'))::integer AS thinking_ms,
    m.author_id, coalesce(w.name, '') AS author_name
"""
SPOKEN = """
    LEFT JOIN assistant_version AS s ON s.id = m.assistant_version_id LEFT JOIN account AS w ON w.id = m.author_id
"""
# What stands beside a message, by index, so that neither the size of the tree nor other branches matter.
PLACE_AMONG_SIBLINGS = "o.number AS sibling_number, o.count AS sibling_count, o.previous_id, o.next_id"
SIBLINGS = """
    CROSS JOIN LATERAL (
        SELECT * FROM (
            SELECT id, row_number() OVER w AS number, count(*) OVER () AS count, lag(id) OVER w AS previous_id,
                lead(id) OVER w AS next_id
            FROM (
                SELECT n.id FROM message AS n WHERE n.parent_id = m.parent_id
                UNION ALL
                SELECT n.id FROM message AS n
                WHERE m.parent_id IS NULL AND n.parent_id IS NULL AND n.conversation_id = m.conversation_id
            ) AS beside WINDOW w AS (ORDER BY id)
        ) AS placed WHERE placed.id = m.id
    ) AS o
"""
# From a message up to the first one of its conversation, at most so many steps.
BRANCH = """
    RECURSIVE branch AS (
        SELECT id, parent_id, 1 AS depth FROM message
        WHERE id = {leaf} AND conversation_id = CAST(:conversation_id AS uuid)
        UNION ALL
        SELECT m.id, m.parent_id, b.depth + 1 FROM message AS m JOIN branch AS b ON m.id = b.parent_id
        WHERE b.depth < :steps
    )
"""
# Who has not looked at a conversation yet begins at its newest message. What others have said below is followed to its
# newest end.
ACTIVE_LEAF = """(
    WITH RECURSIVE down AS (
        SELECT coalesce((
            SELECT active_leaf_id FROM conversation_view
            WHERE conversation_id = CAST(:conversation_id AS uuid) AND account_id = :account_id
        ), (
            SELECT id FROM message WHERE conversation_id = CAST(:conversation_id AS uuid) ORDER BY id DESC LIMIT 1
        )) AS id, 1 AS depth
        UNION ALL
        SELECT n.id, d.depth + 1 FROM down AS d
        CROSS JOIN LATERAL (SELECT id FROM message WHERE parent_id = d.id ORDER BY id DESC LIMIT 1) AS n
    )
    SELECT id FROM down ORDER BY depth DESC LIMIT 1
)"""
_PARENT_WANTED = f"CASE WHEN :is_edit THEN CAST(:parent_id AS uuid) ELSE {ACTIVE_LEAF} END"
_GET_BRANCH = text(
    f"WITH {BRANCH.format(leaf=':leaf_id')} SELECT {MESSAGE}, {SPEAKER} FROM message AS m"  # noqa: S608  # Of constants.
    f" JOIN branch AS b USING (id) {SPOKEN} ORDER BY b.depth DESC"
)
# One row for each message of the branch, or one without a message.
_GET_STANDING = text(
    f"""
    WITH {BRANCH.format(leaf=_PARENT_WANTED)}, latest AS (
        SELECT b.depth, {MESSAGE} FROM message AS m JOIN branch AS b USING (id)
    )
    SELECT EXISTS (SELECT FROM message WHERE conversation_id = :conversation_id AND status = 'streaming') AS is_writing,
        EXISTS (SELECT FROM message WHERE conversation_id = :conversation_id AND client_key = :client_key)
            AS is_key_used,
        l.id, l.parent_id, l.role, l.status, l.model, l.error, l.created_at, l.begins_at, l.text, l.files
    FROM (VALUES (true)) AS one LEFT JOIN latest AS l ON true ORDER BY l.depth DESC
    """  # noqa: S608
)
_GET_MESSAGE = """
    SELECT c.id AS conversation_id, m.context, {message}, {speaker}, {place}
    FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id {spoken} {siblings}
    WHERE m.id = :message_id AND {may} AND c.deleted_at IS NULL
"""
_GET_MESSAGES = {
    level: text(
        _GET_MESSAGE.format(
            message=MESSAGE, speaker=SPEAKER, place=PLACE_AMONG_SIBLINGS, spoken=SPOKEN, siblings=SIBLINGS, may=may
        )
    )
    for level, may in MAY.items()
}
_GET_SENT = text(
    f"""
    SELECT {MESSAGE}, {SPEAKER} FROM message AS m JOIN message AS q ON q.id = m.id OR q.id = m.parent_id {SPOKEN}
    WHERE q.conversation_id = :conversation_id AND q.client_key = :client_key
        AND m.conversation_id = q.conversation_id
    ORDER BY m.id LIMIT 2
    """  # noqa: S608
)
_ADD_MESSAGE = text(
    """
    INSERT INTO message (id, workspace_id, conversation_id, parent_id, role, status, parts, model, client_key,
                         created_at, assistant_id, assistant_version_id, author_id, parameters)
    VALUES (:id, :workspace_id, :conversation_id, :parent_id, :role, :status, :parts, :model, :client_key, :created_at,
            :assistant_id, :assistant_version_id, :author_id, :parameters)
    """
)
_REOPEN_ANSWER = text(
    "UPDATE message SET status = 'streaming', finished_at = NULL, error = NULL WHERE id = :message_id"
)
# The conversation is held first, as everybody does who changes its messages. Who has lost the lease changes nothing;
# who has it may end the answer, whatever has become of the rights of whoever asked. Those whom it is new to are told.
_END_ANSWER = text(
    f"""
    WITH held AS MATERIALIZED (
        SELECT id FROM conversation
        WHERE id = (SELECT conversation_id FROM message WHERE id = :message_id) FOR UPDATE
    ), released AS (
        DELETE FROM message_generation AS g USING held
        WHERE g.message_id = :message_id AND g.process_id = :process_id RETURNING g.message_id
    ), ended AS (
        UPDATE message AS m SET status = :status, parts = :parts, model = coalesce(nullif(:model, ''), m.model),
            error = :error, finished_at = :finished_at, begins_at = :begins_at, context = :context,
            asked_model = :asked_model, switch_note = :switch_note, follow_ups = :follow_ups, effort = :effort
        FROM released WHERE m.id = released.message_id RETURNING m.conversation_id
    ), unseen AS (
        UPDATE conversation_view AS v SET is_unread = true FROM ended
        WHERE v.conversation_id = ended.conversation_id AND v.account_id <> ALL (CAST(:seen_by AS uuid[]))
            AND NOT v.is_unread
        RETURNING v.account_id
    ), told AS (
        SELECT pg_notify('{EVENT_CHANNEL}', 'conversations:' || account_id) FROM unseen
        WHERE account_id <> :account_id
    )
    UPDATE conversation AS c SET updated_at = :finished_at FROM ended WHERE c.id = ended.conversation_id
    RETURNING c.id, c.has_queue, (SELECT count(*) FROM told) AS told
    """  # noqa: S608  # Of constants.
)


@dataclass(frozen=True)
class _Place:
    """A row of `_GET_STANDING`."""

    is_writing: bool
    is_key_used: bool
    id: UUID | None
    parent_id: UUID | None
    role: str | None
    status: str | None
    model: str | None
    error: dict[str, Any] | None
    created_at: datetime | None
    begins_at: UUID | None
    text: str | None
    files: list[dict[str, Any]] | None

    def messages(self) -> tuple[MessageView, ...]:
        if self.id is None or self.created_at is None:
            return ()
        view = MessageView(
            self.id, self.parent_id, self.role or "", self.status or "", self.text or "", self.model or "",
            self.error, self.created_at, begins_at=self.begins_at, files=self.files,
        )  # fmt: skip
        return (view,)


@dataclass(frozen=True)
class _FoundMessage(MessageView):
    """A row of `_GET_MESSAGES`."""

    conversation_id: UUID | None = None


@dataclass(frozen=True)
class Ended:
    """The conversation of an answer that was stored as it stays; `has_queue`: questions waited for it.

    `told` counts whose lists were told.
    """

    id: UUID
    has_queue: bool
    told: int = 0


async def get_standing(
    uow: UnitOfWork, conversation_id: UUID, client_key: UUID, steps: int, *, beside: MessageView | None = None
) -> Standing:
    """Where one of the actor's conversations stands, which must be held for it to stay so; for a question `beside`."""
    given = {
        "conversation_id": conversation_id, "account_id": uow.account_id, "client_key": client_key, "steps": steps,
        "is_edit": beside is not None, "parent_id": beside.parent_id if beside else None,
    }  # fmt: skip
    places = await uow.rows(_Place, _GET_STANDING, given)
    messages = tuple(message for place in places for message in place.messages())
    return Standing(places[0].is_writing, places[0].is_key_used, messages)


async def get_branch(uow: UnitOfWork, conversation_id: UUID, leaf_id: UUID | None, steps: int) -> Sequence[MessageView]:
    """The messages that lead to a leaf, oldest first, at most so many."""
    if leaf_id is None:
        return []
    given = {"leaf_id": leaf_id, "conversation_id": conversation_id, "steps": steps}
    return await uow.rows(MessageView, _GET_BRANCH, given)


async def get_message(uow: UnitOfWork, message_id: UUID, level: Level = "view") -> tuple[UUID, MessageView]:
    """A message of a conversation with which the actor may do `level`, with the conversation's id.

    Raises:
        NotFoundError: there is none with this id.
    """
    given = {"message_id": message_id, "account_id": uow.account_id}
    row = await uow.row(_FoundMessage, _GET_MESSAGES[level], given)
    if row is None or row.conversation_id is None:
        raise NotFoundError
    return row.conversation_id, row


async def get_question(uow: UnitOfWork, conversation_id: UUID, message_id: UUID) -> MessageView:
    """A question of one of the actor's conversations.

    Raises:
        NotFoundError: there is none with this id in it.
    """
    found_in, message = await get_message(uow, message_id)
    if found_in != conversation_id or message.role != "user":
        raise NotFoundError
    return message


async def get_sent(uow: UnitOfWork, conversation_id: UUID, client_key: UUID) -> Sequence[MessageView]:
    """A question that was sent before with this key, and its first answer if it has one."""
    given = {"conversation_id": conversation_id, "client_key": client_key}
    return await uow.rows(MessageView, _GET_SENT, given)


def add_message(
    uow: UnitOfWork, conversation_id: UUID, message: MessageView, *, client_key: UUID | None = None
) -> None:
    """Store a new message of a conversation that is held."""
    given = {
        "id": message.id, "workspace_id": uow.workspace_id, "conversation_id": conversation_id,
        "parent_id": message.parent_id, "role": message.role, "status": message.status,
        "parts": _parts(message.text, files=message.files), "model": message.model, "client_key": client_key,
        "created_at": message.created_at, "assistant_id": message.assistant_id,
        "assistant_version_id": message.assistant_version_id, "author_id": message.author_id,
        "parameters": Jsonb(message.parameters) if message.parameters else None,
    }  # fmt: skip
    uow.defer(_ADD_MESSAGE, given)


def reopen_answer(uow: UnitOfWork, message_id: UUID) -> None:
    """Let an answer that was interrupted be written again."""
    uow.defer(_REOPEN_ANSWER, {"message_id": message_id})


async def end_answer(
    uow: UnitOfWork, message_id: UUID, process_id: UUID, *, status: str, text: str, model: str,
    error: dict[str, Any] | None, finished_at: datetime, begins_at: UUID | None = None,
    context: dict[str, int] | None = None, asked_model: str = "", switch_note: dict[str, Any] | None = None,
    has_follow_ups: bool = False, effort: dict[str, Any] | None = None, thinking: str = "", thinking_ms: int = 0,
    seen_by: Collection[UUID] = (),
) -> Ended | None:  # fmt: skip
    """Give a lease back and store the answer as it stays; None when it was not ours any more, and nothing changed."""
    given = {
        "message_id": message_id, "process_id": process_id, "account_id": uow.account_id, "status": status,
        "parts": _parts(text, thinking, thinking_ms), "model": model, "error": Jsonb(error) if error else None,
        "finished_at": finished_at,
        "begins_at": begins_at, "context": Jsonb(context) if context else None, "asked_model": asked_model,
        "switch_note": Jsonb(switch_note) if switch_note else None, "follow_ups": [] if has_follow_ups else None,
        "effort": Jsonb(effort) if effort else None, "seen_by": list(seen_by),
    }  # fmt: skip
    return await uow.row(Ended, _END_ANSWER, given)


def _parts(text: str, thinking: str = "", thinking_ms: int = 0, files: Sequence[dict[str, Any]] | None = None) -> Jsonb:
    thought = [{"type": "thinking", "text": thinking, "ms": thinking_ms}] if thinking else []
    before = [*(files or ()), *thought]
    return Jsonb([*before, {"type": "text", "text": text}] if text else before)
