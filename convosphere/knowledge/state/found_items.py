"""What is looked up by name and chosen."""

from dataclasses import dataclass
from typing import Final

from convosphere.core.permissions import Actor
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery
from convosphere.knowledge.service import documents

MOST_FOUND: Final = 6


@dataclass(frozen=True)
class FoundItem:
    """A document, a collection, somebody; empty while nothing is chosen."""

    id: str = ""
    name: str = ""


def chosen_of(found: list[FoundItem], item_id: str) -> FoundItem:
    """What was chosen of what was found; empty if that is not among it."""
    return next((each for each in found if each.id == item_id), FoundItem())


async def find_ready_documents(actor: Actor, words: str) -> list[FoundItem]:
    """The newest documents that were read and whose names hold some words."""
    query = DocumentQuery(DocumentFilter(text=words, statuses=("ready",)), limit=MOST_FOUND)
    return [FoundItem(str(row.id), row.name) for row in (await documents.list_documents(actor, query)).rows]
