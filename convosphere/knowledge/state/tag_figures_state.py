"""The pictures of what tags are used for."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.tags import service
from convosphere.knowledge.tags.figures import UsedTag, get_figures
from convosphere.shell.state import show_toast


@dataclass(frozen=True)
class UseItem:
    """A tag, or two with a sign between them, with a number of documents and its share of the largest, in percent."""

    name: str
    value: int
    percent: int


@dataclass(frozen=True)
class GrowthItem:
    """How many tags stood on documents by the end of the month that begins on a day."""

    day: str
    value: int


@dataclass(frozen=True)
class UnusedItem:
    """A tag that nothing has."""

    id: str = ""
    name: str = ""
    colour: str = ""
    created_at: str = ""


class TagFiguresState(rx.State):
    """The second side of the page of tags, read when it is shown; `asked` is the tag that is about to be deleted."""

    is_shown: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    documents: rx.Field[int] = rx.field(0)
    tagged: rx.Field[int] = rx.field(0)
    used: rx.Field[int] = rx.field(0)
    tags: rx.Field[list[UseItem]] = rx.field(default_factory=list)
    pairs: rx.Field[list[UseItem]] = rx.field(default_factory=list)
    growth: rx.Field[list[GrowthItem]] = rx.field(default_factory=list)
    unused: rx.Field[list[UnusedItem]] = rx.field(default_factory=list)
    asked: rx.Field[UnusedItem] = rx.field(default_factory=UnusedItem)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show(self, is_shown: bool) -> None:
        """Show the pictures, or the list of tags."""
        self.is_shown = is_shown
        if is_shown:
            await self._load()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def ask(self, tag_id: str) -> None:
        """Ask before a tag is deleted."""
        self.asked = next((each for each in self.unused if each.id == tag_id), UnusedItem())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.asked = UnusedItem()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def delete(self) -> None:
        """Take the tag away that was asked about."""
        await service.delete_tag(current_actor(), parse_id(self.asked.id))
        await show_toast(self, "info", t("Tag “{name}” deleted.", name=self.asked.name))
        self.asked = UnusedItem()
        await self._load()

    async def _load(self) -> None:
        found = await get_figures(current_actor())
        self.documents, self.tagged, self.used = found.documents, found.tagged, found.used
        self.tags, self.pairs = _items(found.tags), _items(found.pairs)
        self.growth = [GrowthItem(month.isoformat(), count) for month, count in found.growth]
        self.unused = [
            UnusedItem(str(each.id), each.name, each.colour, each.created_at.isoformat()) for each in found.unused
        ]
        self.is_loaded = True


def _items(used: tuple[UsedTag, ...]) -> list[UseItem]:
    most = max((each.documents for each in used), default=1)
    return [
        UseItem(" + ".join(tag.name for tag in each.tags), each.documents, round(100 * each.documents / most))
        for each in used
    ]
