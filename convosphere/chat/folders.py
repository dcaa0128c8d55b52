"""Folders of conversations: what they are, and what they say to whoever answers in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from convosphere.answers.schemas import MOST_PASSAGES, Brief, KnowledgeScope
from convosphere.knowledge.places.schemas import NOWHERE, Places

OBJECT_TYPE: Final = "conversation_folder"
LONGEST_NAME: Final = 80
LONGEST_INSTRUCTIONS: Final = 8_000
MOST_DOCUMENTS: Final = 100
MOST_FOLDERS: Final = 200
"""That one person sees."""
DEEPEST: Final = 5


@dataclass(frozen=True)
class FolderRow:
    """A folder as the list shows it. Without a `parent_id` it stands outermost, for who sees nothing above it too."""

    id: UUID
    name: str
    parent_id: UUID | None
    is_own: bool
    is_shared: bool
    can_use: bool
    can_edit: bool
    can_manage: bool
    has_brief: bool
    """Whether it has instructions or documents."""
    conversations: int
    """The actor's own in it."""
    depth: int = 0


@dataclass(frozen=True)
class FolderBrief:
    """What a folder says to whoever answers in it; the documents are those that the reader sees, with their names."""

    id: UUID
    name: str
    instructions: str
    documents: dict[UUID, str]
    can_edit: bool


@dataclass(frozen=True)
class CommonGround:
    """What all conversations of a folder have in common, with what the folders around it say."""

    instructions: str = ""
    document_ids: tuple[UUID, ...] = ()


NO_GROUND: Final = CommonGround()


def common_ground(folders: Sequence[dict[str, Any]] | None) -> CommonGround:
    """The instructions one after another, the outermost first, its own without a name last; the documents of all."""
    rows = folders or []
    said = [
        f"{row['name']}:\n{row['instructions']}" if row["name"] else str(row["instructions"])
        for row in rows
        if row["instructions"]
    ]
    documents = dict.fromkeys(UUID(each) for row in rows for each in row["document_ids"])
    return CommonGround("\n\n".join(said), tuple(documents))


def on_common_ground(brief: Brief, ground: CommonGround) -> Brief:
    """A brief with what the folder adds: its instructions, and its documents as what is looked in.

    An assistant that looks in documents of its own looks in both.
    """
    brief = replace(brief, added_instructions=ground.instructions)
    if not ground.document_ids:
        return brief
    both = (brief.knowledge.places or NOWHERE) | Places(ground.document_ids)
    most = brief.knowledge.most_passages or MOST_PASSAGES
    return replace(brief, knowledge=KnowledgeScope(both, most))


def in_order(rows: Sequence[FolderRow]) -> list[FolderRow]:
    """Each folder below the one that it is in, those of one level by name."""
    known = {row.id for row in rows}
    below: dict[UUID | None, list[FolderRow]] = {}
    for row in sorted(rows, key=lambda each: (each.name.casefold(), each.id)):
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    ordered: list[FolderRow] = []

    def add(parent_id: UUID | None, depth: int) -> None:
        for row in below.get(parent_id, ()):
            ordered.append(replace(row, depth=depth))
            add(row.id, depth + 1)

    add(None, 0)
    return ordered
