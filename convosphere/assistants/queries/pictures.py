"""The SQL of pictures: seen by who added them, and with the assistants that have them or had them."""

from dataclasses import dataclass

from sqlalchemy import text

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.queries.access import MAY_VIEW
from convosphere.core.unit_of_work import UnitOfWork

_ADD = text(
    """
    INSERT INTO assistant_picture (workspace_id, digest, image, added_by)
    VALUES (:workspace_id, :digest, :image, :account_id)
    ON CONFLICT (workspace_id, digest) DO UPDATE SET added_by = excluded.added_by, created_at = now()
    """
)
# An answer keeps its face, also where its assistant is shared with the asker no longer.
_GET = text(
    f"""
    SELECT p.image FROM assistant_picture AS p
    WHERE p.workspace_id = :workspace_id AND p.digest = :digest AND (
        p.added_by = :account_id
        OR EXISTS (
            SELECT FROM assistant_version AS v JOIN assistant AS a ON a.id = v.assistant_id
            WHERE v.workspace_id = :workspace_id AND v.icon = 'own-' || p.digest AND v.icon LIKE 'own-%' AND (
                {MAY_VIEW}
                OR EXISTS (
                    SELECT FROM model_call AS c
                    WHERE c.assistant_id = a.id AND c.assistant_version_id = v.id AND c.purpose = 'answer'
                        AND c.account_id = :account_id
                )
            )
        )
    )
    """  # noqa: S608  # Of constants.
)
_FORGET_UNUSED = text(
    """
    DELETE FROM assistant_picture AS p
    WHERE p.workspace_id = :workspace_id AND p.created_at < now() - interval '1 day' AND NOT EXISTS (
        SELECT FROM assistant_version AS v
        WHERE v.workspace_id = :workspace_id AND v.icon = 'own-' || p.digest AND v.icon LIKE 'own-%'
    )
    """
)


@dataclass(frozen=True)
class _Stored:
    image: bytes


async def add(uow: UnitOfWork, digest: str, image: bytes) -> None:
    """Keep a picture that the actor brings; those of before that nothing has had for a day go."""
    await uow.session.execute(_FORGET_UNUSED, {"workspace_id": uow.workspace_id})
    given = {"workspace_id": uow.workspace_id, "digest": digest, "image": image, "account_id": uow.account_id}
    await uow.session.execute(_ADD, given)


async def get(uow: UnitOfWork, digest: str) -> bytes:
    """A picture that the actor brought, or sees with an assistant.

    Raises:
        AssistantNotFoundError: they see none.
    """
    given = {"workspace_id": uow.workspace_id, "digest": digest, "account_id": uow.account_id}
    found = await uow.row(_Stored, _GET, given)
    if found is None:
        raise AssistantNotFoundError
    return found.image
