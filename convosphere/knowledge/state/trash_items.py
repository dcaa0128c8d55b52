"""The trash as the browser gets it: texts and numbers only."""

from dataclasses import dataclass

from convosphere.knowledge.queries.trash import TrashRow
from convosphere.knowledge.service.trash import KEPT


@dataclass(frozen=True)
class TrashItem:
    """A document in the trash, until when it is kept, and who put it there."""

    id: str
    name: str
    size: int
    by: str
    trashed_at: str
    kept_until: str


def trash_item(row: TrashRow) -> TrashItem:
    """A row of the trash."""
    until = (row.trashed_at + KEPT).isoformat()
    return TrashItem(str(row.id), row.name, row.size, row.by, row.trashed_at.isoformat(), until)
