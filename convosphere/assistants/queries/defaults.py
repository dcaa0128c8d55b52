"""The SQL of defaults: for whom an assistant answers where nobody chose."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import text

from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import UnitOfWork

DefaultFor = Literal["person", "group", "workspace"]

_SET = text(
    """
    INSERT INTO assistant_default (id, workspace_id, subject_type, subject_id, assistant_id, set_by)
    VALUES (:id, :workspace_id, :subject_type, :subject_id, :assistant_id, :account_id)
    ON CONFLICT (workspace_id, subject_type, subject_id)
    DO UPDATE SET assistant_id = excluded.assistant_id, set_by = excluded.set_by, created_at = now()
    """
)
_CLEAR = text(
    """
    DELETE FROM assistant_default
    WHERE subject_type = :subject_type AND subject_id IS NOT DISTINCT FROM CAST(:subject_id AS uuid)
        AND assistant_id = :assistant_id
    """
)
# Of people only the actor: whose favourite something is is nobody else's business.
_LIST = text(
    """
    SELECT d.subject_type, d.subject_id, coalesce(g.name, '') AS name FROM assistant_default AS d
    LEFT JOIN person_group AS g ON g.id = d.subject_id AND d.subject_type = 'group'
    WHERE d.assistant_id = :assistant_id AND (d.subject_type <> 'person' OR d.subject_id = :account_id)
    ORDER BY d.subject_type DESC, lower(g.name)
    """
)


@dataclass(frozen=True)
class DefaultRow:
    """For whom an assistant is the default; `name` is a group's."""

    subject_type: DefaultFor
    subject_id: UUID | None
    name: str


def set_default(uow: UnitOfWork, assistant_id: UUID, subject_type: DefaultFor, subject_id: UUID | None) -> None:
    """Let an assistant answer somebody's new conversations."""
    given = {
        "id": new_id(), "workspace_id": uow.workspace_id, "subject_type": subject_type, "subject_id": subject_id,
        "assistant_id": assistant_id, "account_id": uow.account_id,
    }  # fmt: skip
    uow.defer(_SET, given)


def clear_default(uow: UnitOfWork, assistant_id: UUID, subject_type: DefaultFor, subject_id: UUID | None) -> None:
    """Let it answer them no longer, unless another one does by now."""
    given = {"subject_type": subject_type, "subject_id": subject_id, "assistant_id": assistant_id}
    uow.defer(_CLEAR, given)


async def list_defaults(uow: UnitOfWork, assistant_id: UUID) -> list[DefaultRow]:
    """For whom an assistant that was fetched before is the default, as far as the actor may know."""
    return await uow.rows(DefaultRow, _LIST, {"assistant_id": assistant_id, "account_id": uow.account_id})
