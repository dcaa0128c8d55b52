"""Lines of the list of conversations as the browser gets them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from convosphere.chat.schemas import ConversationRow


@dataclass(frozen=True)
class ConversationItem:
    """A line of the list. `previous_at` is when the line above was used last, to tell where a day begins."""

    id: str
    title: str
    updated_at: str
    previous_at: str
    is_streaming: bool
    is_unread: bool = False
    is_pinned: bool = False
    is_archived: bool = False
    folder_id: str = ""
    tags: list[str] = field(default_factory=list)
    is_shared: bool = False
    is_own: bool = True
    group: str = ""
    """Where a line stands above the days: `pinned`."""


def conversation_items(
    rows: Sequence[ConversationRow], previous_at: str = "", *, pins_first: bool = False
) -> list[ConversationItem]:
    """Lines in their order, below one that was used at `previous_at`; with `pins_first` the pinned ones stand apart."""
    items: list[ConversationItem] = []
    for row in rows:
        updated_at = row.updated_at.isoformat()
        group = "pinned" if pins_first and row.is_pinned else ""
        above = items[-1].group if items else ""
        item = ConversationItem(
            str(row.id), row.title, updated_at, above if group else previous_at, row.is_streaming, row.is_unread,
            is_pinned=row.is_pinned, is_archived=row.is_archived, folder_id=str(row.folder_id or ""), tags=row.tags,
            group=group, is_shared=row.is_shared, is_own=row.is_own,
        )  # fmt: skip
        items.append(item)
        if not group:
            previous_at = updated_at
    return items
