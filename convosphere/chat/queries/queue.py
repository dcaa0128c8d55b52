"""The SQL of questions that wait for the answer before them. Each is its writer's alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text

from convosphere.chat.schemas import QueuedQuestion
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork

_QUEUED = """
    q.id, q.conversation_id, q.text, q.model, q.assistant_id, q.is_urgent, q.error, q.created_at, q.account_id, q.files
"""
_MINE = """
    q.account_id = :account_id AND EXISTS (
        SELECT FROM conversation AS c WHERE c.id = q.conversation_id AND c.deleted_at IS NULL
    )
"""
_ORDER = "ORDER BY q.is_urgent DESC, q.created_at, q.id"
_ADD = text(
    """
    INSERT INTO queued_message (id, workspace_id, conversation_id, account_id, text, model, assistant_id, is_urgent,
                                files)
    VALUES (:id, :workspace_id, :conversation_id, :account_id, :text, :model, :assistant_id, :is_urgent, :files)
    ON CONFLICT (id) DO NOTHING
    """
)
_LIST = text(
    f"SELECT {_QUEUED} FROM queued_message AS q WHERE q.conversation_id = :conversation_id AND {_MINE} {_ORDER}"  # noqa: S608  # Of constants.
)
# Each person's own come in their order; whose first one was refused holds nobody else up.
_NEXT = text(
    f"""
    SELECT {_QUEUED} FROM (
        SELECT *, row_number() OVER (PARTITION BY q.account_id {_ORDER}) AS place
        FROM queued_message AS q WHERE q.conversation_id = :conversation_id
    ) AS q
    WHERE q.place = 1 ORDER BY q.error IS NOT NULL, q.is_urgent DESC, q.created_at, q.id LIMIT 1
    """  # noqa: S608  # Of constants.
)
_GET = text(f"SELECT {_QUEUED} FROM queued_message AS q WHERE q.id = :id AND {_MINE}")  # noqa: S608
_EDIT = text(
    f"UPDATE queued_message AS q SET text = :text, error = NULL WHERE q.id = :id AND {_MINE} RETURNING {_QUEUED}"  # noqa: S608
)
# Whoever ends an answer reads this from the conversation that both hold, since its statement may be older than ours.
_SETTLE = text(
    """
    UPDATE conversation SET has_queue = EXISTS (
        SELECT FROM queued_message AS q WHERE q.conversation_id = conversation.id
    ) WHERE id = :conversation_id
    """
)
_REMOVE = text("DELETE FROM queued_message WHERE id = :id AND account_id = :account_id")
_HURRY = text("UPDATE queued_message SET is_urgent = true, error = NULL WHERE id = :id AND account_id = :account_id")
_REFUSE = text("UPDATE queued_message SET is_urgent = false, error = :error WHERE id = :id")


def add(uow: UnitOfWork, question: QueuedQuestion) -> None:
    """Let a question wait in a conversation that is held; the same id again changes nothing."""
    given = {
        "id": question.id, "workspace_id": uow.workspace_id, "conversation_id": question.conversation_id,
        "account_id": uow.account_id, "text": question.text, "model": question.model,
        "assistant_id": question.assistant_id, "is_urgent": question.is_urgent,
        "files": Jsonb(question.files) if question.files else None,
    }  # fmt: skip
    uow.defer(_ADD, given)
    uow.defer(_SETTLE, {"conversation_id": question.conversation_id})


async def list_queued(uow: UnitOfWork, conversation_id: UUID) -> Sequence[QueuedQuestion]:
    """The actor's questions that wait in a conversation, in the order in which they are sent."""
    given = {"conversation_id": conversation_id, "account_id": uow.account_id}
    return await uow.rows(QueuedQuestion, _LIST, given)


async def find_next(uow: UnitOfWork, conversation_id: UUID) -> QueuedQuestion | None:
    """The question that is sent next, whoever asked it."""
    return await uow.row(QueuedQuestion, _NEXT, {"conversation_id": conversation_id})


async def get(uow: UnitOfWork, queued_id: UUID) -> QueuedQuestion:
    """One of the actor's questions that wait.

    Raises:
        NotFoundError: there is none; it may have been sent.
    """
    return _found(await uow.row(QueuedQuestion, _GET, {"id": queued_id, "account_id": uow.account_id}))


async def edit(uow: UnitOfWork, queued_id: UUID, words: str) -> QueuedQuestion:
    """Give one of them other words.

    Raises:
        NotFoundError: there is none; it may have been sent.
    """
    given = {"id": queued_id, "account_id": uow.account_id, "text": words}
    return _found(await uow.row(QueuedQuestion, _EDIT, given))


def remove(uow: UnitOfWork, queued_id: UUID, conversation_id: UUID) -> None:
    """Let one of the actor's questions wait no longer in a conversation that is held."""
    uow.defer(_REMOVE, {"id": queued_id, "account_id": uow.account_id})
    uow.defer(_SETTLE, {"conversation_id": conversation_id})


def hurry(uow: UnitOfWork, queued_id: UUID) -> None:
    """Let one of the actor's questions go first, also after an answer that was stopped."""
    uow.defer(_HURRY, {"id": queued_id, "account_id": uow.account_id})


def refuse(uow: UnitOfWork, queued_id: UUID, error: Mapping[str, object]) -> None:
    """Keep why a question could not be sent in its turn."""
    uow.defer(_REFUSE, {"id": queued_id, "error": Jsonb(dict(error))})


def _found(question: QueuedQuestion | None) -> QueuedQuestion:
    if question is None:
        raise NotFoundError
    return question
