"""Another way of cutting as it is being set, with what it would make of a document."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.chunking import service, switching
from convosphere.knowledge.chunking.schemas import ChunkPreview, ChunkSettings, CutFigures, PreviewedPassage
from convosphere.knowledge.chunking.vectors import VectorState, estimate, get_vector_state
from convosphere.knowledge.parsing.schemas import Chunking
from convosphere.knowledge.state.chunking_state import ChunkingState
from convosphere.knowledge.state.found_items import FoundItem, chosen_of, find_ready_documents
from convosphere.llm.prices import NANOS

LONGEST_ID = 200


@dataclass(frozen=True)
class RuleItem:
    """A collection with settings of its own, as they were entered."""

    id: str
    name: str
    size: str
    overlap: str


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
    rule: str = ""


@dataclass(frozen=True)
class VectorsItem:
    """Which model is to make the vectors: its `id`, that of `now`, and what may be chosen in place of the settings'.

    `model` is what is chosen, empty for words alone. It reads about so many `tokens`; `cost` is -1 if nobody knows it.
    """

    id: str = ""
    now: str = ""
    of_settings: str = ""
    choices: list[FoundItem] = field(default_factory=list)
    model: str = ""
    tokens: int = 0
    cost: float = -1
    currency: str = ""


class CutFormState(rx.State):
    """The form: what was entered, and the document to try it on; `error` is a message as a dict."""

    size: rx.Field[str] = rx.field("")
    overlap: rx.Field[str] = rx.field("")
    is_by_section: rx.Field[bool] = rx.field(False)
    rules: rx.Field[list[RuleItem]] = rx.field(default_factory=list)
    collections: rx.Field[list[FoundItem]] = rx.field(default_factory=list)
    chosen: rx.Field[FoundItem] = rx.field(default_factory=FoundItem)
    found: rx.Field[list[FoundItem]] = rx.field(default_factory=list)
    preview: rx.Field[PreviewItem] = rx.field(default_factory=PreviewItem)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    is_open: rx.Field[bool] = rx.field(False)
    vectors: rx.Field[VectorsItem] = rx.field(default_factory=VectorsItem)
    _known: VectorState = VectorState()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def open(self) -> AsyncIterator[None]:
        """Begin with what holds, and with the document that came last."""
        self.reset()
        yield  # So that fields that a tab had open before begin anew as well.
        settings = (await service.get_state(current_actor())).settings
        now = settings.general
        self.size, self.overlap, self.is_by_section = str(now.size), str(now.overlap), now.is_by_section
        self.rules = [
            RuleItem(str(each.collection_id), each.name, str(each.chunking.size), str(each.chunking.overlap))
            for each in settings.rules
        ]
        self.collections = [FoundItem(str(key), name) for key, name in await service.list_collections(current_actor())]
        self._known = await get_vector_state(current_actor())
        self.vectors = _vectors(self._known)
        self.found = await find_ready_documents(current_actor(), "")
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
    async def set_model(self, model_id: str) -> None:
        """Let another model make the vectors."""
        self.vectors = replace(self.vectors, id=model_id[:LONGEST_ID])
        await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def add_rule(self, collection_id: str) -> None:
        """Let the documents of a collection have settings of their own."""
        chosen = next((each for each in self.collections if each.id == collection_id), None)
        if chosen and all(rule.id != collection_id for rule in self.rules):
            self.rules = [*self.rules, RuleItem(chosen.id, chosen.name, self.size, self.overlap)]
            await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def set_rule(self, collection_id: str, part: str, value: str) -> None:
        """Set the `size` of a collection's passages, or their `overlap`."""
        if part in {"size", "overlap"}:
            changed = {part: value[:6]}
            self.rules = [replace(rule, **changed) if rule.id == collection_id else rule for rule in self.rules]
            await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def raise_rule(self, collection_id: str) -> None:
        """Let a collection's settings go before those of the one above."""
        place = next((place for place, rule in enumerate(self.rules) if rule.id == collection_id), 0)
        if place:
            above, rule = self.rules[place - 1], self.rules[place]
            self.rules = [*self.rules[: place - 1], rule, above, *self.rules[place + 1 :]]
            await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def remove_rule(self, collection_id: str) -> None:
        """Cut the documents of a collection as all others."""
        self.rules = [rule for rule in self.rules if rule.id != collection_id]
        await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def look_up(self, words: str) -> None:
        """Find documents by name."""
        self.found = await find_ready_documents(current_actor(), words)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def choose(self, document_id: str) -> None:
        """Try it on a document that was found, or look for another one."""
        self.chosen = chosen_of(self.found, document_id)
        self.found = await find_ready_documents(current_actor(), "")
        await self._look()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def start(self) -> None:
        """Make all passages anew in this way."""
        try:
            await switching.start(current_actor(), await self._settings(), self.vectors.id)
        except ExpectedError as error:
            self.error = dict(error.message.as_dict())
            return
        await (await self.get_state(ChunkingState))._load(current_actor())

    async def _look(self) -> None:
        """Show what it would make of the document; what cannot be shown is said instead."""
        self.error = {}
        try:
            settings = switching.check_settings(await self._settings())
            self.vectors = _estimated(self.vectors, self._known, settings.general)
            if self.chosen.id:
                self.preview = _preview(await service.preview(current_actor(), parse_id(self.chosen.id), settings))
        except ExpectedError as error:
            self.error, self.preview = dict(error.message.as_dict()), PreviewItem()

    async def _settings(self) -> ChunkSettings:
        wanted = [(parse_id(rule.id), self._chunking(rule.size, rule.overlap)) for rule in self.rules]
        return await service.make_settings(current_actor(), self._chunking(self.size, self.overlap), wanted)

    def _chunking(self, size: str, overlap: str) -> Chunking:
        return Chunking(_number(size), _number(overlap), self.is_by_section)


def _number(text: str) -> int:
    """What is none is refused as too little."""
    return int(text) if text.isdecimal() and text.isascii() else -1


def _vectors(known: VectorState) -> VectorsItem:
    of_settings = next((model.model for model in known.models if not model.id), "")
    choices = [FoundItem(model.id, model.name) for model in known.models if model.id]
    if known.models and known.chosen and all(choice.id != known.chosen for choice in choices):
        choices.append(FoundItem(known.chosen, known.chosen))  # It may be granted to others only, or be gone.
    return VectorsItem(known.chosen, known.chosen, of_settings, choices)


def _estimated(item: VectorsItem, known: VectorState, then: Chunking) -> VectorsItem:
    model = next((each.model for each in known.models if each.id == item.id), item.id)
    found = estimate(known, item.id, then)
    if found is None:
        return replace(item, model=model, tokens=0, cost=-1, currency="")
    cost = -1 if found.nanos is None else found.nanos / NANOS
    return replace(item, model=model, tokens=found.tokens, cost=cost, currency=found.currency)


def _preview(shown: ChunkPreview) -> PreviewItem:
    return PreviewItem(
        [_passage(each) for each in shown.passages], _figures(shown.figures), _figures(shown.now),
        shown.figures.count - len(shown.passages), shown.is_beginning, shown.rule,
    )  # fmt: skip


def _passage(shown: PreviewedPassage) -> CutPassageItem:
    return CutPassageItem(
        shown.number, shown.text[: shown.repeated], shown.text[shown.repeated :], shown.tokens, shown.page or 0,
        shown.heading,
    )  # fmt: skip


def _figures(figures: CutFigures) -> FiguresItem:
    return FiguresItem(figures.count, figures.least, figures.middle, figures.most)
