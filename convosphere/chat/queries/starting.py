"""The SQL of conversations that begin with a template, and of what becomes a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text

from convosphere.assistants.schemas import Settings
from convosphere.chat.parameters import as_kept
from convosphere.core.unit_of_work import UnitOfWork

_FIND_UNTOUCHED = text(
    """
    SELECT c.id FROM conversation AS c JOIN conversation_template AS p ON p.id = c.template_id
    WHERE c.template_id = :template_id AND c.owner_id = :account_id AND c.deleted_at IS NULL AND c.expires_at IS NULL
        AND c.updated_at = c.created_at AND c.created_at > p.updated_at AND c.parameters = :parameters
    ORDER BY c.created_at DESC LIMIT 1
    """
)
_FURNISH = text(
    """
    UPDATE conversation SET template_id = :template_id, instructions = :instructions, document_ids = :document_ids,
        assistant_id = :assistant_id
    WHERE id = :conversation_id
    """
)
_GET_GROUND = text(
    """
    SELECT title, assistant_id, instructions, document_ids, parameters FROM conversation
    WHERE id = :conversation_id AND owner_id = :account_id AND deleted_at IS NULL AND expires_at IS NULL
    """
)


@dataclass(frozen=True)
class _Id:
    id: UUID


@dataclass(frozen=True)
class Ground:
    """What of a conversation can become a template, beside its messages."""

    title: str
    assistant_id: UUID | None
    instructions: str
    document_ids: list[UUID]
    parameters: dict[str, Any]


async def find_untouched(uow: UnitOfWork, template_id: UUID, settings: Settings) -> UUID | None:
    """A conversation of the actor's that began with the template as it is, and in which nobody has asked or chosen
    anything."""
    given = {"template_id": template_id, "account_id": uow.account_id, "parameters": Jsonb(as_kept(settings))}
    row = await uow.row(_Id, _FIND_UNTOUCHED, given)
    return row.id if row else None


def furnish(
    uow: UnitOfWork, conversation_id: UUID, template_id: UUID, *, instructions: str, document_ids: Sequence[UUID],
    assistant_id: UUID | None,
) -> None:  # fmt: skip
    """Give a conversation that has just begun what its template has."""
    given = {
        "conversation_id": conversation_id, "template_id": template_id, "instructions": instructions,
        "document_ids": list(document_ids), "assistant_id": assistant_id,
    }  # fmt: skip
    uow.defer(_FURNISH, given)


async def get_ground(uow: UnitOfWork, conversation_id: UUID) -> Ground | None:
    """What a conversation of the actor's stands on; None where there is none, or a temporary one."""
    return await uow.row(Ground, _GET_GROUND, {"conversation_id": conversation_id, "account_id": uow.account_id})
