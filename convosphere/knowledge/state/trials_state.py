"""Test questions of search on the page of how texts are cut."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import document
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.chunking.making import chunking_topic
from convosphere.knowledge.evaluation import service
from convosphere.knowledge.evaluation.schemas import Figures, QuestionRow
from convosphere.knowledge.state.found_items import FoundItem, chosen_of, find_ready_documents
from convosphere.shell.tabs import keep_shown


@dataclass(frozen=True)
class QuestionItem:
    """A test question; ranks are 0 for what was not found, -1 for what was not asked."""

    id: str
    question: str
    words: str
    name: str
    address: str
    now: int
    then: int
    change: str
    """Whether the new passages do `better` or `worse`, empty if neither."""


@dataclass(frozen=True)
class TrialFiguresItem:
    """How well a set did, in percent; `mean_rank` in parts of 1. Without questions it was not asked."""

    questions: int = 0
    first: int = 0
    near: int = 0
    mean_rank: float = 0


@dataclass(frozen=True)
class TrialItem:
    """The latest trial."""

    is_running: bool = False
    is_failed: bool = False
    by_words: bool = False
    ended_at: str = ""
    now: TrialFiguresItem = field(default_factory=TrialFiguresItem)
    then: TrialFiguresItem = field(default_factory=TrialFiguresItem)


@dataclass(frozen=True)
class AskedItem:
    """Something that one asked, with the document that was cited."""

    question: str
    document_id: str
    name: str


@dataclass(frozen=True)
class DraftItem:
    """The question that is being written."""

    question: str = ""
    document: FoundItem = field(default_factory=FoundItem)


class TrialsState(rx.State):
    """The questions, kept up to date, and the dialog that adds one."""

    rows: rx.Field[list[QuestionItem]] = rx.field(default_factory=list)
    trial: rx.Field[TrialItem] = rx.field(default_factory=TrialItem)
    is_open: rx.Field[bool] = rx.field(False)
    draft: rx.Field[DraftItem] = rx.field(default_factory=DraftItem)
    found: rx.Field[list[FoundItem]] = rx.field(default_factory=list)
    asked: rx.Field[list[AskedItem]] = rx.field(default_factory=list)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def follow(self) -> None:
        """Show them, and again whenever they change, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            topics = [service.evaluation_topic(actor.workspace_id), chunking_topic(actor.workspace_id)]
            await keep_shown(self, Permission.KNOWLEDGE_MANAGE, topics, self._load)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def begin(self) -> None:
        """Ask them all."""
        await service.begin_trial(current_actor())
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def delete(self, question_id: str) -> None:
        """Forget one."""
        await service.delete_question(current_actor(), parse_id(question_id))
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def open(self) -> None:
        """Write one."""
        self.draft, self.error, self.is_open = DraftItem(), {}, True
        self.asked = [
            AskedItem(each.question, str(each.document_id), each.document_name)
            for each in await service.list_asked(current_actor())
        ]
        self.found = await find_ready_documents(current_actor(), "")

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave them as they are."""
        if not is_open:
            self.is_open, self.asked, self.found = False, [], []

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    def take(self, index: int) -> None:
        """Begin with something that one asked."""
        if 0 <= index < len(self.asked):
            chosen = self.asked[index]
            self.draft = DraftItem(chosen.question, FoundItem(chosen.document_id, chosen.name))

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def look_up(self, words: str) -> None:
        """Find documents by name."""
        self.found = await find_ready_documents(current_actor(), words)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    def choose(self, document_id: str) -> None:
        """Say which of those that were found is to be found, or look for another one."""
        self.draft = DraftItem(self.draft.question, chosen_of(self.found, document_id))

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def add(self, form: dict[str, str]) -> None:
        """Keep what was written."""
        question, words = str(form.get("trial-question", "")), str(form.get("trial-words", ""))
        try:
            await service.add_question(current_actor(), question, parse_id(self.draft.document.id), words)
        except ExpectedError as error:
            self.error = dict(error.message.as_dict())
            return
        self.is_open = False
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = await service.get_evaluation(actor)
        self.rows = [_question(row) for row in found.rows]
        self.trial = TrialItem(
            found.is_running, found.is_failed, found.by_words, found.ended_at.isoformat() if found.ended_at else "",
            _figures(found.current), _figures(found.shadow),
        )  # fmt: skip


def _question(row: QuestionRow) -> QuestionItem:
    now = -1 if row.current_rank is None else row.current_rank
    then = -1 if row.shadow_rank is None else row.shadow_rank
    return QuestionItem(
        str(row.id), row.question, row.words, row.document_name, document(str(row.document_id)), now, then,
        _change(now, then),
    )  # fmt: skip


def _change(now: int, then: int) -> str:
    if now < 0 or then < 0 or now == then:
        return ""
    return "better" if then and (not now or then < now) else "worse"


def _figures(figures: Figures | None) -> TrialFiguresItem:
    if figures is None:
        return TrialFiguresItem()
    return TrialFiguresItem(figures.questions, round(100 * figures.first), round(100 * figures.near), figures.mean_rank)
