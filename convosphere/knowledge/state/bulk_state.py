"""What is asked before many documents are worked on, and how far that is."""

from dataclasses import dataclass, field
from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import directory
from convosphere.knowledge.bulk import service
from convosphere.knowledge.bulk.schemas import Preview, Selection
from convosphere.knowledge.schemas import DocumentFilter, DocumentMatch
from convosphere.knowledge.state.act_state import ActState, selection_of
from convosphere.knowledge.state.bulk_items import JobItem, job_item
from convosphere.shell.tabs import keep_shown

WITH_PERSON = {"owner"}
PARAMETERS = ("subject_type", "subject_id", "level", "owner_id", "review_on", "tag_id", "folder_id")


@dataclass(frozen=True)
class AskedItem:
    """What the dialog asks: an act, what it would touch, and names of some that it may not."""

    act: str = ""
    total: int = 0
    allowed: int = 0
    refused: int = 0
    for_everyone: int = 0
    for_some: int = 0
    of_others: int = 0
    bytes: int = 0
    refused_names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PersonItem:
    """Somebody to be chosen, or a group."""

    type: str
    id: str
    name: str
    email: str


class BulkState(rx.State):
    """The dialog before work on many documents, and the panel about the latest of it."""

    asked: rx.Field[AskedItem] = rx.field(default_factory=AskedItem)
    found: rx.Field[list[PersonItem]] = rx.field(default_factory=list)
    job: rx.Field[JobItem] = rx.field(default_factory=JobItem)
    _ids: tuple[str, ...] = ()
    _is_trash: bool = False
    _until: str = ""
    _dismissed: str = ""
    _follower: str = ""

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def ask(self, act: str) -> None:
        """Ask before something is done with the documents that are selected."""
        self._is_trash, self._ids = False, ()
        await self._ask(act, await self._selection())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def ask_about(self, act: str, document_id: str) -> None:
        """The same of a single one, whatever is selected."""
        self._is_trash, self._ids = False, (document_id,)
        await self._ask(act, await self._selection())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def ask_in_trash(self, act: str, document_ids: list[str]) -> None:
        """The same of some of what lies in the trash, or of all by none."""
        self._is_trash, self._ids, self._until = True, tuple(document_ids), str(new_id())
        await self._ask(act, await self._selection())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.asked, self.found = AskedItem(), []

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    async def look_up(self, text: str) -> None:
        """Find people, and groups where they can be chosen, by name."""
        rows = await directory.look_up(current_actor(), text, with_groups=self.asked.act not in WITH_PERSON)
        self.found = [
            PersonItem("group" if row.is_group else "person", str(row.id), row.name, row.email) for row in rows
        ]

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def begin(self, form: dict[str, str]) -> list[rx.event.EventType[()]]:
        """Do what was asked, with the parameters that were chosen."""
        return await self._begin(self.asked.act, {key: str(form[key]) for key in PARAMETERS if form.get(key)})

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def move(self, folder_id: str) -> list[rx.event.EventType[()]]:
        """Put the selected documents into a folder, or out of all."""
        self._is_trash, self._ids = False, ()
        return await self._begin("move", {"folder_id": folder_id} if folder_id else {})

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def cancel(self, job_id: str) -> None:
        """Stop what goes on."""
        await service.cancel(current_actor(), parse_id(job_id))
        await self._show(current_actor(), parse_id(job_id))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def retry(self, job_id: str) -> None:
        """Try again with what could not be done."""
        await self._show(current_actor(), await service.retry(current_actor(), parse_id(job_id)))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def undo(self, job_id: str) -> None:
        """Take back what was done."""
        await self._show(current_actor(), await service.undo(current_actor(), parse_id(job_id)))

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def dismiss(self) -> None:
        """Show the latest work no more."""
        self._dismissed, self.job = self.job.id, JobItem()

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show the latest work while it goes on, until the tab is gone or another follower takes over."""
        actor = current_actor()
        if actor.account_id is not None:
            topics = [service.bulk_topic(actor.account_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._show_latest)

    async def _show_latest(self, actor: Actor) -> None:
        jobs = await service.list_jobs(actor, 1)
        is_news = jobs and (jobs[0].state == "running" or str(jobs[0].id) == self.job.id)
        if is_news and str(jobs[0].id) != self._dismissed and (item := job_item(jobs[0])) != self.job:
            self.job = item

    async def _show(self, actor: Actor, job_id: UUID) -> None:
        self.job = job_item(await service.get_job(actor, job_id))

    async def _ask(self, act: str, selection: Selection) -> None:
        found = await service.preview(current_actor(), act, selection)
        self.found, self.asked = [], _asked(act, found)

    async def _begin(self, act: str, parameters: dict[str, str]) -> list[rx.event.EventType[()]]:
        actor = current_actor()
        job_id = await service.start(actor, act, await self._selection(), parameters)
        self.asked, self.found = AskedItem(), []
        self.job = job_item(await service.get_job(actor, job_id))
        return [] if self._ids and not self._is_trash else [ActState.clear]

    async def _selection(self) -> Selection:
        """The documents that are named, or all in the trash, or those that are selected in the list."""
        if self._ids:
            return [parse_id(each) for each in self._ids]
        if self._is_trash:
            return DocumentMatch(DocumentFilter(is_trashed=True), parse_id(self._until))
        return selection_of(await self.get_state(ActState))


def _asked(act: str, found: Preview) -> AskedItem:
    return AskedItem(
        act=act, total=found.total, allowed=found.allowed, refused=found.refused, for_everyone=found.for_everyone,
        for_some=found.for_some, of_others=found.of_others, bytes=found.bytes, refused_names=list(found.refused_names),
    )  # fmt: skip
