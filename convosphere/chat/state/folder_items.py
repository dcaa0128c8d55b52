"""Folders as the browser gets them."""

from collections.abc import Sequence
from dataclasses import dataclass

from convosphere.chat.folders import FolderRow


@dataclass(frozen=True)
class FolderItem:
    """A folder in the tree; `parent_id` is empty for the outermost."""

    id: str
    name: str
    parent_id: str
    above: list[str]
    """All folders around it."""
    depth: int
    conversations: int
    has_inner: bool
    is_shared: bool
    is_own: bool
    can_use: bool
    can_edit: bool
    can_manage: bool


def folder_items(rows: Sequence[FolderRow]) -> list[FolderItem]:
    """Folders as `folders.in_order` gives them."""
    parents = {row.parent_id for row in rows}
    above: list[str] = []
    items: list[FolderItem] = []
    for row in rows:
        above = above[: row.depth]
        items.append(
            FolderItem(
                str(row.id), row.name, above[-1] if above else "", list(above), row.depth, row.conversations,
                row.id in parents, row.is_shared, row.is_own, row.can_use, row.can_edit, row.can_manage,
            )
        )  # fmt: skip
        above.append(str(row.id))
    return items
