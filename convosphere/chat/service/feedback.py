"""What people think of answers."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from convosphere.chat.queries import feedback as queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.schemas import Feedback
from convosphere.chat.unanswered import Ended, EndedAnswers
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work

LONGEST_COMMENT = 2_000
"""Characters."""


class Reason(StrEnum):
    """What was wrong with an answer."""

    INCORRECT = "incorrect"
    NOT_FROM_DOCUMENTS = "not_from_documents"
    TOO_LONG = "too_long"
    TONE = "tone"
    OTHER = "other"


async def rate(
    actor: Actor, message_id: UUID, *, is_good: bool, reasons: Sequence[str] = (), comment: str = ""
) -> Feedback:
    """Say what one thinks of an answer in a conversation of one's own; what one thought before is replaced.

    Raises:
        InvalidInputError: a reason is none of `Reason`, or the comment is too long.
        NotFoundError: there is no such answer that the actor may see.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    comment = comment.replace("\x00", "").strip()
    if len(comment) > LONGEST_COMMENT:
        raise InvalidInputError(t("A comment may have up to {count} characters.", count=LONGEST_COMMENT))
    if not set(reasons) <= set(Reason):
        raise InvalidInputError(t("There is no such reason."))
    feedback = Feedback(is_good, tuple(reason.value for reason in Reason if reason in reasons), comment)
    async with unit_of_work(actor) as uow:
        await queries.set_feedback(uow, message_id, feedback)
        if Reason.NOT_FROM_DOCUMENTS in feedback.reasons:
            await _tell_unanswered(uow, message_id)
    return feedback


async def withdraw(actor: Actor, message_id: UUID) -> None:
    """Take back what one thought of an answer."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        queries.remove_feedback(uow, message_id)


async def _tell_unanswered(uow: UnitOfWork, message_id: UUID) -> None:
    """What somebody misses in the documents is kept as their question, even if an answer cites something."""
    _, answer = await message_queries.get_message(uow, message_id)
    if answer.parent_id:
        _, question = await message_queries.get_message(uow, answer.parent_id)
        await EndedAnswers.tell(uow, Ended(message_id, question.text, is_answered=False))
