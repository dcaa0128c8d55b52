"""The SQL of answers being written: leases, the text so far, and what is left by processes that died."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from convosphere.chat.errors import AnswerRunningError
from convosphere.chat.models import Message, MessageGeneration
from convosphere.chat.queries.messages import get_message
from convosphere.core.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=15)
"""How long a generation counts as alive after its process last said so."""
# The text so far becomes the message's; whoever wrote it is gone.
_RECOVER = text(
    """
    WITH abandoned AS (
        DELETE FROM message_generation AS g USING message AS m
        WHERE m.id = g.message_id AND m.conversation_id = :conversation_id AND g.lease_until < now()
        RETURNING g.message_id, g.text, g.thinking
    )
    UPDATE message AS m SET status = 'interrupted', finished_at = now(),
        parts = CASE WHEN a.thinking = '' THEN '[]' ELSE
            jsonb_build_array(jsonb_build_object('type', 'thinking', 'text', a.thinking, 'ms', 0)) END
            || jsonb_build_array(jsonb_build_object('type', 'text', 'text', a.text))
    FROM abandoned AS a WHERE m.id = a.message_id
    """
)
_ADD_GENERATION = text(
    """
    INSERT INTO message_generation (message_id, workspace_id, process_id, text, thinking, lease_until)
    VALUES (:message_id, :workspace_id, :process_id, :text, :thinking, now() + :lease)
    """
)
_SAVE_PROGRESS = text(
    """
    UPDATE message_generation AS g
    SET text = v.text, thinking = coalesce(v.thinking, g.thinking), piece_number = v.piece_number,
        lease_until = now() + :lease
    FROM unnest(CAST(:ids AS uuid[]), CAST(:texts AS text[]), CAST(:thoughts AS text[]), CAST(:numbers AS integer[]))
        AS v(id, text, thinking, piece_number)
    WHERE g.message_id = v.id AND g.process_id = :process_id
    """
)


@dataclass(frozen=True)
class Progress:
    """How far the writing of an answer is; `thinking` is None where it is what it was."""

    message_id: UUID
    text: str
    piece_number: int
    thinking: str | None = None


async def recover_abandoned(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Mark answers whose process died as interrupted, with the text so far."""
    await uow.session.execute(_RECOVER, {"conversation_id": conversation_id})


async def find_running(uow: UnitOfWork, conversation_id: UUID) -> UUID | None:
    """The answer of a conversation that is being written."""
    running = select(col(Message.id)).where(
        col(Message.conversation_id) == conversation_id, col(Message.status) == "streaming"
    )
    return await uow.session.scalar(running.limit(1))


async def refuse_while_writing(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Check that no answer to the conversation is being written.

    Raises:
        AnswerRunningError: one is.
    """
    if await find_running(uow, conversation_id) is not None:
        raise AnswerRunningError


def add_generation(
    uow: UnitOfWork, message_id: UUID, process_id: UUID, text_so_far: str = "", thinking: str = ""
) -> None:
    """Take the lease of an answer that this process starts to write."""
    given = {
        "message_id": message_id, "workspace_id": uow.workspace_id, "process_id": process_id, "text": text_so_far,
        "thinking": thinking, "lease": LEASE,
    }  # fmt: skip
    uow.defer(_ADD_GENERATION, given)


async def save_progress(uow: UnitOfWork, process_id: UUID, progress: Sequence[Progress]) -> None:
    """Store the text so far of many answers of the unit's workspace and renew their leases, in one statement.

    It travels with the commit, so that no answer that ends has to wait for it longer than it takes.
    """
    uow.defer(
        _SAVE_PROGRESS,
        {
            "ids": [item.message_id for item in progress],
            "texts": [item.text for item in progress],
            "thoughts": [item.thinking for item in progress],
            "numbers": [item.piece_number for item in progress],
            "lease": LEASE,
            "process_id": process_id,
        },
    )


async def get_progress(uow: UnitOfWork, message_id: UUID) -> Progress | None:
    """The text so far of an answer in one of the actor's conversations; None when it is not being written.

    Raises:
        NotFoundError: there is no such message that the actor may see.
    """
    await get_message(uow, message_id)
    row = await uow.session.scalar(
        select(MessageGeneration).where(
            col(MessageGeneration.message_id) == message_id, col(MessageGeneration.lease_until) > func.now()
        )
    )
    return Progress(row.message_id, row.text, row.piece_number, row.thinking) if row else None
