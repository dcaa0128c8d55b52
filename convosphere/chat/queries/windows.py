"""The SQL of reading on in long conversations."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

# Ids alone, from the end of the branch up to the message; then down again by so many.
_FIND_PAGE_END = text(
    """
    WITH RECURSIVE path AS (
        SELECT id, parent_id, 1 AS depth FROM message
        WHERE id = :leaf_id AND conversation_id = CAST(:conversation_id AS uuid)
        UNION ALL
        SELECT m.id, m.parent_id, p.depth + 1 FROM message AS m JOIN path AS p ON m.id = p.parent_id
        WHERE p.id <> CAST(:after AS uuid)
    ), place AS (SELECT depth FROM path WHERE id = CAST(:after AS uuid))
    SELECT path.id, path.depth > 1 AS has_later FROM path, place
    WHERE path.depth = greatest(place.depth - :size, 1)
    """
)


@dataclass(frozen=True)
class PageEnd:
    """The last message of a page, and whether others follow."""

    id: UUID
    has_later: bool


async def find_page_end(
    uow: UnitOfWork, conversation_id: UUID, leaf_id: UUID, after: UUID, size: int
) -> PageEnd | None:
    """Where so many messages after one end, on the way to a leaf; None if it is not on that way."""
    given = {"conversation_id": conversation_id, "leaf_id": leaf_id, "after": after, "size": size}
    return await uow.row(PageEnd, _FIND_PAGE_END, given)
