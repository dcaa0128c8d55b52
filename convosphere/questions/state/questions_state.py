"""The page of questions that documents did not answer."""

from dataclasses import dataclass, field

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import document
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import directory
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery
from convosphere.knowledge.service import documents
from convosphere.questions import service
from convosphere.questions.schemas import STATES, QuestionRow
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import keep_shown

MOST_FOUND = 8


@dataclass(frozen=True)
class QuestionItem:
    """Questions that are alike; `document` is the name of what answers them."""

    id: str = ""
    words: str = ""
    others: list[str] = field(default_factory=list)
    askers: int = 0
    last_at: str = ""
    owner: str = ""
    document: str = ""
    address: str = ""


@dataclass(frozen=True)
class FoundItem:
    """A person or a document to be chosen."""

    id: str
    name: str
    note: str


class QuestionsState(rx.State):
    """Questions in one state; `dialog` is `assign` or `answer`, about `asked`."""

    rows: rx.Field[list[QuestionItem]] = rx.field(default_factory=list)
    counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    total: rx.Field[int] = rx.field(0)
    shown: rx.Field[str] = rx.field("open")
    first: rx.Field[int] = rx.field(0)
    keeps: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    dialog: rx.Field[str] = rx.field("")
    asked: rx.Field[QuestionItem] = rx.field(default_factory=QuestionItem)
    found: rx.Field[list[FoundItem]] = rx.field(default_factory=list)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show them, and again whenever they change, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            topics = [service.questions_topic(actor.workspace_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show(self, state: str) -> None:
        """Show those in another state."""
        self.shown, self.first = state if state in STATES else STATES[0], 0
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        self.first = max(self.first + pages * service.PAGE, 0)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def ask(self, dialog: str, question_id: str) -> None:
        """Open a dialog about a question that is shown."""
        self.asked = next((row for row in self.rows if row.id == question_id), QuestionItem())
        self.dialog, self.found = dialog if self.asked.id else "", []

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.dialog, self.found = "", []

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def look_up(self, text: str) -> None:
        """Find documents by name that may answer the question."""
        wanted = DocumentQuery(DocumentFilter(text=text.strip()[:100], statuses=("ready",)), limit=MOST_FOUND)
        rows = (await documents.list_documents(current_actor(), wanted)).rows if text.strip() else ()
        self.found = [FoundItem(str(row.id), row.name, row.folder_path) for row in rows]

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def look_up_people(self, text: str) -> None:
        """Find people by name who may see to the question."""
        rows = await directory.look_up(current_actor(), text, with_groups=False)
        self.found = [FoundItem(str(row.id), row.name, row.email) for row in rows]

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def assign(self, person_id: str) -> None:
        """Give the question to somebody, or to nobody."""
        await service.assign(current_actor(), parse_id(self.asked.id), parse_id(person_id) if person_id else None)
        await self._done()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def answer(self, document_id: str) -> None:
        """Say that there is an answer now, in a document or without one."""
        actor, asked = current_actor(), self.asked
        await service.answer(actor, parse_id(asked.id), parse_id(document_id) if document_id else None)
        await show_toast(self, "success", t("Whoever asked is told that there is an answer now."))
        await self._done()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def set_aside(self, question_id: str, is_dismissed: bool) -> None:
        """Say that a question needs no answer, or that it does after all."""
        await service.set_aside(current_actor(), parse_id(question_id), is_dismissed=is_dismissed)
        await self._done()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def set_rule(self, keeps: bool) -> None:
        """Say whether questions are kept."""
        await service.set_rule(current_actor(), keeps=keeps)
        await self._load(current_actor())

    async def _done(self) -> None:
        self.dialog, self.found = "", []
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = await service.list_questions(actor, self.shown, self.first)
        self.rows, self.counts = [_item(row) for row in found.rows], found.counts
        self.total, self.keeps, self.is_loaded = found.counts.get(self.shown, 0), found.keeps, True


def _item(row: QuestionRow) -> QuestionItem:
    return QuestionItem(
        str(row.id), row.words, list(row.others), row.askers, row.last_at.isoformat(), row.owner_name,
        row.document_name, document(str(row.document_id)) if row.document_name else "",
    )  # fmt: skip
