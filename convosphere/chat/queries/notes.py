"""The SQL of notes that stand for what a model does not read any more, and of when they are made."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import MAY
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork

_ADD_NOTE = text(
    f"""
    INSERT INTO conversation_note (id, workspace_id, conversation_id, last_message_id, text, model)
    SELECT :id, :workspace_id, m.conversation_id, m.id, :text, :model FROM message AS m
    JOIN conversation AS c ON c.id = m.conversation_id
    WHERE m.id = :last_message_id AND {MAY["use"]}
    ON CONFLICT (last_message_id) DO UPDATE
    SET text = excluded.text, model = excluded.model, is_edited = false, updated_at = now()
    """  # noqa: S608  # Of constants.
)
_EDIT_NOTE = text(
    f"""
    UPDATE conversation_note AS n SET text = :text, is_edited = true, updated_at = now() FROM conversation AS c
    WHERE n.last_message_id = :last_message_id AND c.id = n.conversation_id AND {MAY["use"]}
        AND c.deleted_at IS NULL
    RETURNING n.id, n.is_edited
    """  # noqa: S608
)
_FIND_NOTE = text(
    f"""
    SELECT n.id, n.is_edited FROM conversation_note AS n JOIN conversation AS c ON c.id = n.conversation_id
    WHERE n.last_message_id = :last_message_id AND {MAY["view"]}
    """  # noqa: S608
)
_SET_WHEN_FULL = text(
    f"""
    UPDATE conversation AS c SET when_full = :when_full
    WHERE c.id = :conversation_id AND {MAY["use"]} AND c.deleted_at IS NULL RETURNING c.id
    """  # noqa: S608
)
_SET_DEFAULT = text(
    """
    INSERT INTO context_default (workspace_id, when_full) VALUES (:workspace_id, :when_full)
    ON CONFLICT (workspace_id) DO UPDATE SET when_full = excluded.when_full, updated_at = now()
    """
)
_GET_DEFAULT = text("SELECT when_full FROM context_default")
_GET_CONTEXT = text("SELECT context FROM message WHERE id = :message_id")


@dataclass(frozen=True)
class _NoteRow:
    id: UUID
    is_edited: bool


@dataclass(frozen=True)
class _Id:
    id: UUID


@dataclass(frozen=True)
class _Default:
    when_full: str


@dataclass(frozen=True)
class _Context:
    context: dict[str, int] | None


def add_note(uow: UnitOfWork, last_message_id: UUID, note: str, model: str) -> None:
    """Keep a note of a conversation in which the actor may ask; another one for the same messages goes."""
    given = {
        "id": new_id(), "workspace_id": uow.workspace_id, "account_id": uow.account_id,
        "last_message_id": last_message_id, "text": note, "model": model,
    }  # fmt: skip
    uow.defer(_ADD_NOTE, given)


async def edit_note(uow: UnitOfWork, last_message_id: UUID, note: str) -> None:
    """Write a note anew by hand.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    given = {"last_message_id": last_message_id, "account_id": uow.account_id, "text": note}
    if await uow.row(_NoteRow, _EDIT_NOTE, given) is None:
        raise NotFoundError


async def is_edited(uow: UnitOfWork, last_message_id: UUID) -> bool:
    """Whether somebody has written a note by hand."""
    given = {"last_message_id": last_message_id, "account_id": uow.account_id}
    row = await uow.row(_NoteRow, _FIND_NOTE, given)
    return row is not None and row.is_edited


async def set_when_full(uow: UnitOfWork, conversation_id: UUID, when_full: str | None) -> None:
    """Choose for a conversation.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    given = {"conversation_id": conversation_id, "account_id": uow.account_id, "when_full": when_full}
    if await uow.row(_Id, _SET_WHEN_FULL, given) is None:
        raise NotFoundError


def set_default(uow: UnitOfWork, when_full: str) -> None:
    """Choose for all conversations of the workspace for which nobody has."""
    uow.defer(_SET_DEFAULT, {"workspace_id": uow.workspace_id, "when_full": when_full})


async def get_default(uow: UnitOfWork) -> str:
    """What was chosen for all; "" if nothing was."""
    row = await uow.row(_Default, _GET_DEFAULT, {})
    return row.when_full if row else ""


async def get_use(uow: UnitOfWork, message_id: UUID) -> dict[str, int]:
    """What the prompt of an answer took; the message was found before."""
    row = await uow.row(_Context, _GET_CONTEXT, {"message_id": message_id})
    return (row.context if row else None) or {}
