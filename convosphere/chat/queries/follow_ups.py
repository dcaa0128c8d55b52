"""The SQL of questions that may follow an answer, and of who wants to be shown any."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import MAY
from convosphere.core.unit_of_work import UnitOfWork

_KEEP = text(
    f"""
    UPDATE message AS m SET follow_ups = :questions FROM conversation AS c
    WHERE m.id = :message_id AND c.id = m.conversation_id AND {MAY["use"]}
    """  # noqa: S608  # Of constants.
)
_FIND = text(
    f"""
    SELECT m.follow_ups FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    WHERE m.id = :message_id AND {MAY["view"]} AND c.deleted_at IS NULL
    """  # noqa: S608
)
_WANTS = text(
    "SELECT has_follow_ups FROM chat_preference WHERE account_id = :account_id AND workspace_id = :workspace_id"
)
_SET_WANTED = text(
    """
    INSERT INTO chat_preference (account_id, workspace_id, has_follow_ups)
    VALUES (:account_id, :workspace_id, :has_follow_ups)
    ON CONFLICT (account_id, workspace_id)
    DO UPDATE SET has_follow_ups = excluded.has_follow_ups, updated_at = now()
    """
)


@dataclass(frozen=True)
class _Kept:
    follow_ups: list[str] | None


@dataclass(frozen=True)
class _Wanted:
    has_follow_ups: bool


def keep(uow: UnitOfWork, message_id: UUID, questions: Sequence[str]) -> None:
    """Keep what may be asked after one of the answers to what the actor asked."""
    uow.defer(_KEEP, {"message_id": message_id, "account_id": uow.account_id, "questions": list(questions)})


async def find(uow: UnitOfWork, message_id: UUID) -> list[str] | None:
    """What may be asked after an answer that the actor sees; None where nothing comes, or there is no such answer."""
    row = await uow.row(_Kept, _FIND, {"message_id": message_id, "account_id": uow.account_id})
    return row.follow_ups if row else None


async def are_wanted(uow: UnitOfWork) -> bool:
    """Whether the actor wants to be shown any, as everybody does who has said nothing."""
    row = await uow.row(_Wanted, _WANTS, {"account_id": uow.account_id, "workspace_id": uow.workspace_id})
    return row is None or row.has_follow_ups


def set_wanted(uow: UnitOfWork, *, are_wanted: bool) -> None:
    """Keep whether the actor wants to be shown any."""
    given = {"account_id": uow.account_id, "workspace_id": uow.workspace_id, "has_follow_ups": are_wanted}
    uow.defer(_SET_WANTED, given)
