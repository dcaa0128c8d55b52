"""The page of all that somebody did with many documents."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.bulk import service
from convosphere.knowledge.state.bulk_items import JobItem, ResultItem, job_item, result_item
from convosphere.shell.tabs import keep_shown

PAGE = 50


class JobsState(rx.State):
    """Jobs, the newest first, and the one that is open with what became of each of its documents."""

    jobs: rx.Field[list[JobItem]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    shown: rx.Field[JobItem] = rx.field(default_factory=JobItem)
    items: rx.Field[list[ResultItem]] = rx.field(default_factory=list)
    first: rx.Field[int] = rx.field(0)
    only_in_vain: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show them, and again whenever one gets on, until the tab is gone or another follower takes over."""
        actor = current_actor()
        if actor.account_id is not None:
            topics = [service.bulk_topic(actor.account_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._show_latest)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def open(self, job_id: str) -> None:
        """Show what became of each document of a job; where something could not be done, that first."""
        found = await service.get_job(current_actor(), parse_id(job_id))
        self.shown, self.first, self.only_in_vain = job_item(found), 0, found.failed > 0
        await self._read()

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def close(self) -> None:
        """Show it no more."""
        self.shown, self.items = JobItem(), []

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def show_only(self, in_vain: bool) -> None:
        """Show only what could not be done, or all."""
        self.only_in_vain, self.first = in_vain, 0
        await self._read()

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        most = self.shown.failed if self.only_in_vain else self.shown.total
        self.first = min(max(self.first + pages * PAGE, 0), max(most - 1, 0) // PAGE * PAGE)
        await self._read()

    async def _read(self) -> None:
        if not self.shown.id:
            return
        rows = await service.list_items(
            current_actor(), parse_id(self.shown.id), only_in_vain=self.only_in_vain, skip=self.first, most=PAGE
        )
        self.items = [result_item(row) for row in rows]

    async def _show_latest(self, actor: Actor) -> None:
        jobs = [job_item(row) for row in await service.list_jobs(actor)]
        if jobs != self.jobs:
            self.jobs = jobs
        self.shown = next((job for job in jobs if job.id == self.shown.id), self.shown)
        self.is_loaded = True
