"""The SQL of what people think of answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import MAY
from convosphere.chat.schemas import Feedback
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork

# Only of an answer in a conversation that the actor sees.
_SET_FEEDBACK = text(
    f"""
    INSERT INTO message_feedback (message_id, account_id, workspace_id, is_good, reasons, comment, model, assistant_id,
                                  assistant_version_id)
    SELECT m.id, :account_id, m.workspace_id, :is_good, :reasons, :comment, m.model, m.assistant_id,
        m.assistant_version_id
    FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    WHERE m.id = :message_id AND m.role = 'assistant' AND m.status <> 'streaming' AND {MAY["view"]}
        AND c.deleted_at IS NULL
    ON CONFLICT (message_id, account_id) DO UPDATE SET is_good = excluded.is_good, reasons = excluded.reasons,
        comment = excluded.comment, model = excluded.model, assistant_id = excluded.assistant_id,
        assistant_version_id = excluded.assistant_version_id, updated_at = now()
    RETURNING message_id AS id
    """  # noqa: S608  # Of constants.
)
_REMOVE_FEEDBACK = text("DELETE FROM message_feedback WHERE message_id = :message_id AND account_id = :account_id")
_LIST_FEEDBACK = text(
    """
    SELECT message_id, is_good, reasons, comment FROM message_feedback
    WHERE account_id = :account_id AND message_id = ANY (CAST(:message_ids AS uuid[]))
    """
)


@dataclass(frozen=True)
class _Rated:
    id: UUID


@dataclass(frozen=True)
class _Row:
    message_id: UUID
    is_good: bool
    reasons: list[str]
    comment: str


async def set_feedback(uow: UnitOfWork, message_id: UUID, feedback: Feedback) -> None:
    """Keep what the actor thinks of an answer, in place of what they thought before.

    Raises:
        NotFoundError: there is no such answer in a conversation that the actor sees.
    """
    given = {
        "message_id": message_id, "account_id": uow.account_id, "is_good": feedback.is_good,
        "reasons": list(feedback.reasons), "comment": feedback.comment,
    }  # fmt: skip
    if await uow.row(_Rated, _SET_FEEDBACK, given) is None:
        raise NotFoundError


def remove_feedback(uow: UnitOfWork, message_id: UUID) -> None:
    """Forget what the actor thinks of an answer."""
    uow.defer(_REMOVE_FEEDBACK, {"message_id": message_id, "account_id": uow.account_id})


async def list_feedback(uow: UnitOfWork, message_ids: Sequence[UUID]) -> dict[UUID, Feedback]:
    """What the actor thinks of these answers."""
    given = {"message_ids": list(message_ids), "account_id": uow.account_id}
    rows = await uow.rows(_Row, _LIST_FEEDBACK, given)
    return {row.message_id: Feedback(row.is_good, tuple(row.reasons), row.comment) for row in rows}
