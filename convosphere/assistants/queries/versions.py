"""The SQL of versions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.models import Assistant, AssistantVersion
from convosphere.assistants.schemas import Definition, VersionRow
from convosphere.core.unit_of_work import UnitOfWork

_LIST = text(
    """
    SELECT v.id, v.number, v.why, coalesce(o.name, '') AS author_name, v.created_at,
        v.id = a.current_version_id AS is_current
    FROM assistant_version AS v JOIN assistant AS a ON a.id = v.assistant_id
    LEFT JOIN account AS o ON o.id = v.author_id
    WHERE v.assistant_id = :assistant_id ORDER BY v.number DESC LIMIT :limit
    """
)


@dataclass(frozen=True)
class StoredDefinition:
    """A definition with the number of its version."""

    number: int
    definition: dict[str, Any]


async def list_versions(uow: UnitOfWork, assistant_id: UUID, limit: int) -> list[VersionRow]:
    """The latest versions of an assistant that was fetched before, newest first."""
    return await uow.rows(VersionRow, _LIST, {"assistant_id": assistant_id, "limit": limit})


async def get_version(uow: UnitOfWork, assistant_id: UUID, number: int) -> Definition:
    """What an assistant that was fetched before was in a version.

    Raises:
        AssistantNotFoundError: it has no such version.
    """
    found = await uow.session.scalar(
        select(AssistantVersion).where(
            col(AssistantVersion.assistant_id) == assistant_id, col(AssistantVersion.number) == number
        )
    )
    if found is None:
        raise AssistantNotFoundError
    return Definition.model_validate(found.definition)


async def find_version(
    uow: UnitOfWork, assistant: Assistant, number: int = 0, version_id: UUID | None = None
) -> AssistantVersion:
    """A version of an assistant that was fetched before, by its number or id; without either the current one.

    Raises:
        AssistantNotFoundError: it has no such version.
    """
    which = col(AssistantVersion.number) == number
    found = await uow.session.scalar(
        select(AssistantVersion).where(
            col(AssistantVersion.assistant_id) == assistant.id,
            which if number else col(AssistantVersion.id) == (version_id or assistant.current_version_id),
        )
    )
    if found is None:
        raise AssistantNotFoundError
    return found


async def get_current(uow: UnitOfWork, assistant: Assistant) -> tuple[int, Definition]:
    """What an assistant is now, and the number of that version."""
    found = await uow.session.get_one(AssistantVersion, assistant.current_version_id)
    return found.number, Definition.model_validate(found.definition)


async def add_version(uow: UnitOfWork, assistant: Assistant, definition: Definition, why: str) -> int:
    """Make a definition the current one of an assistant that is held; gives its number."""
    latest = select(func.max(col(AssistantVersion.number))).where(col(AssistantVersion.assistant_id) == assistant.id)
    number = (await uow.session.scalar(latest) or 0) + 1
    version = AssistantVersion(
        id=assistant.current_version_id, workspace_id=uow.workspace_id, assistant_id=assistant.id, number=number,
        name=definition.name, icon=definition.icon, color=definition.color,
        definition=definition.model_dump(mode="json"), why=why, author_id=uow.actor.account_id,
    )  # fmt: skip
    uow.session.add(version)
    await uow.session.flush()
    return number
