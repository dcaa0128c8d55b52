"""Another way of cutting as it is being set, with what it would make of a document."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.chunking import service, switching
from convosphere.knowledge.chunking.schemas import ChunkPreview, ChunkSettings, CutFigures, PreviewedPassage
from convosphere.knowledge.parsing.schemas import Chunking
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery
from convosphere.knowledge.service import documents
from convosphere.knowledge.state.chunking_state import ChunkingState

MOST_FOUND = 6


@dataclass(frozen=True)
class DocumentItem:
    """A document to try it on."""

    id: str = ""
    name: str = ""


@dataclass(frozen=True)
class CutPassageItem:
    """A passage as it would be: `repeated` stands at the end of the one before, `fresh` follows."""

    number: int
    repeated: str
    fresh: str
    tokens: int
    page: int
    heading: str


@dataclass(frozen=True)
class FiguresItem:
    """How many passages, and the tokens of the smallest, the middle and the largest."""

    count: int = 0
    least: int = 0
    middle: int = 0
    most: int = 0


@dataclass(frozen=True)
class PreviewItem:
    """What would be made of a document, beside what there is; `more` passages are not shown."""

    passages: list[CutPassageItem] = field(default_factory=list)
    then: FiguresItem = field(default_factory=FiguresItem)
    now: FiguresItem = field(default_factory=FiguresItem)
    more: int = 0
    is_beginning: bool = False


class CutFormState(rx.State):
    """The form: what was entered, and the document to try it on; `error` is a message as a dict."""

    size: rx.Field[str] = rx.field("")
    overlap: rx.Field[str] = rx.field("")
    is_by_section: rx.Field[bool] = rx.field(False)
    chosen: rx.Field[DocumentItem] = rx.field(default_factory=DocumentItem)
    found: rx.Field[list[DocumentItem]] = rx.field(default_factory=list)
    preview: rx.Field[PreviewItem] = rx.field(default_factory=PreviewItem)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    is_open: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def open(self) -> AsyncIterator[None]:
        """Begin with what holds, and with the document that came last."""
        self.reset()
        yield  # So that fields that a tab had open before begin anew as well.
        now = (await service.get_state(current_actor())).settings.general
        self.size, self.overlap, self.is_by_section = str(now.size), str(now.overlap), now.is_by_section
        await self._find("")
        if self.found:
            self.chosen, self.found = self.found[0], []
            await self._look()
        self.is_open = True

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def set_size(self, size: str) -> None:
        """Let passages be of another size."""
        self.size = size[:6]
        await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def set_overlap(self, overlap: str) -> None:
        """Let them share more, or less."""
        self.overlap = overlap[:6]
        await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def set_by_section(self, is_by_section: bool) -> None:
        """Keep sections apart, or not."""
        self.is_by_section = is_by_section
        await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def look_up(self, words: str) -> None:
        """Find documents by name."""
        await self._find(words)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def choose(self, document_id: str) -> None:
        """Try it on a document that was found, or look for another one."""
        self.chosen = next((each for each in self.found if each.id == document_id), DocumentItem())
        await self._find("")
        await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def start(self) -> None:
        """Make all passages anew in this way."""
        try:
            await switching.start(current_actor(), ChunkSettings(self._chunking()))
        except ExpectedError as error:
            self.error = dict(error.message.as_dict())
            return
        await (await self.get_state(ChunkingState))._load(current_actor())

    async def _find(self, words: str) -> None:
        query = DocumentQuery(DocumentFilter(text=words, statuses=("ready",)), limit=MOST_FOUND)
        rows = (await documents.list_documents(current_actor(), query)).rows
        self.found = [DocumentItem(str(row.id), row.name) for row in rows]

    async def _look(self) -> None:
        """Show what it would make of the document; what cannot be shown is said instead."""
        self.error = {}
        try:
            chunking = switching.check_chunking(self._chunking())
            if self.chosen.id:
                shown = await service.preview(current_actor(), parse_id(self.chosen.id), chunking)
                self.preview = _preview(shown)
        except ExpectedError as error:
            self.error, self.preview = dict(error.message.as_dict()), PreviewItem()

    def _chunking(self) -> Chunking:
        return Chunking(_number(self.size), _number(self.overlap), self.is_by_section)


def _number(text: str) -> int:
    """What is none is refused as too little."""
    return int(text) if text.isdecimal() and text.isascii() else -1


def _preview(shown: ChunkPreview) -> PreviewItem:
    return PreviewItem(
        [_passage(each) for each in shown.passages], _figures(shown.figures), _figures(shown.now),
        shown.figures.count - len(shown.passages), shown.is_beginning,
    )  # fmt: skip


def _passage(shown: PreviewedPassage) -> CutPassageItem:
    return CutPassageItem(
        shown.number, shown.text[: shown.repeated], shown.text[shown.repeated :], shown.tokens, shown.page or 0,
        shown.heading,
    )  # fmt: skip


def _figures(figures: CutFigures) -> FiguresItem:
    return FiguresItem(figures.count, figures.least, figures.middle, figures.most)
