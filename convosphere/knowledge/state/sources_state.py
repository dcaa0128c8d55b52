"""The page of sources: what there is, how the last runs went, and what is done with one."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.sources import service
from convosphere.knowledge.state.source_items import (
    RunItem,
    SourceItem,
    SourceResultItem,
    result_item,
    run_item,
    source_item,
)
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import keep_shown

PAGE = 50


class SourcesState(rx.State):
    """The sources, kept up to date while their page is open; `shown` is open with its runs, and `run` with its
    report. `doomed` is about to be deleted."""

    sources: rx.Field[list[SourceItem]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    shown: rx.Field[SourceItem] = rx.field(default_factory=SourceItem)
    runs: rx.Field[list[RunItem]] = rx.field(default_factory=list)
    run: rx.Field[RunItem] = rx.field(default_factory=RunItem)
    results: rx.Field[list[SourceResultItem]] = rx.field(default_factory=list)
    first: rx.Field[int] = rx.field(0)
    doomed: rx.Field[SourceItem] = rx.field(default_factory=SourceItem)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show the sources, and again whenever one gets on, until another follower takes over."""
        actor = current_actor()
        if actor.account_id is not None:
            topics = [service.sources_topic(actor.account_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def open(self, source_id: str) -> None:
        """Show the runs of a source, with the report of the last one."""
        self.shown = next((item for item in self.sources if item.id == source_id), SourceItem())
        self.run = RunItem()
        await self._read(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def close(self) -> None:
        """Show them no more."""
        self.shown, self.run, self.runs, self.results = SourceItem(), RunItem(), [], []

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def open_run(self, run_id: str) -> None:
        """Show the report of a run."""
        self.run, self.first = next((item for item in self.runs if item.id == run_id), RunItem()), 0
        await self._read(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page of the report that lies so many pages ahead, or back."""
        self.first = min(max(self.first + pages * PAGE, 0), max(_reported(self.run) - 1, 0) // PAGE * PAGE)
        await self._read(current_actor())

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def run_now(self, source_id: str) -> None:
        """Read a source now."""
        await service.start_run(current_actor(), parse_id(source_id))
        self.run = RunItem()
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def stop(self, source_id: str) -> None:
        """Stop reading it."""
        await service.stop_run(current_actor(), parse_id(source_id))
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def pause(self, source_id: str, is_paused: bool) -> None:
        """Read it by itself no more, or again."""
        await service.set_paused(current_actor(), parse_id(source_id), is_paused=is_paused)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    def ask(self, source_id: str) -> None:
        """Ask what is to become of its documents."""
        self.doomed = next((item for item in self.sources if item.id == source_id), SourceItem())

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    def leave(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.doomed = SourceItem()

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def delete(self, with_documents: bool) -> None:
        """Take away the source that was asked about."""
        doomed, self.doomed = self.doomed, SourceItem()
        await service.delete_source(current_actor(), parse_id(doomed.id), with_documents=with_documents)
        await show_toast(self, "info", t("Source “{name}” deleted.", name=doomed.name))
        if self.shown.id == doomed.id:
            self.close()
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = [source_item(row) for row in await service.list_sources(actor)]
        is_news = found != self.sources
        if is_news:
            self.sources = found
        self.is_loaded = True
        if is_news and self.shown.id:
            self.shown = next((item for item in found if item.id == self.shown.id), SourceItem())
            await self._read(actor)

    async def _read(self, actor: Actor) -> None:
        """The runs of the source that is open, and the report of the one that is, or of the last."""
        if not self.shown.id:
            self.runs, self.results = [], []
            return
        self.runs = [run_item(row) for row in await service.list_runs(actor, parse_id(self.shown.id))]
        newest = self.runs[0] if self.runs else RunItem()
        self.run = next((item for item in self.runs if item.id == self.run.id), newest)
        rows = (
            await service.list_results(actor, parse_id(self.run.id), skip=self.first, most=PAGE) if self.run.id else []
        )
        self.results = [result_item(row) for row in rows]


def _reported(run: RunItem) -> int:
    return run.added + run.changed + run.gone + run.failed
