"""Bringing a file of conversations: what is in it is shown before any of it is taken in."""

from dataclasses import asdict, dataclass, field
from typing import Any

import reflex as rx

from convosphere.chat.service import imports
from convosphere.chat.transfer.schemas import ImportView
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, NotFoundError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import actor_of_tab, next_notice

_ENDED = frozenset({"ready", "done", "failed"})


@dataclass(frozen=True)
class SkippedItem:
    """A conversation that is not taken in."""

    title: str
    fault: str


@dataclass(frozen=True)
class BehindItem:
    """Things that do not come in with `count` conversations; `has_more` than are named."""

    count: int = 0
    names: list[str] = field(default_factory=list)
    has_more: bool = False


@dataclass(frozen=True)
class ReportItem:
    """What a file holds, and what of it comes in, or came."""

    source: str = ""
    conversations: int = 0
    messages: int = 0
    branches: int = 0
    files: int = 0
    files_gone: int = 0
    duplicates: int = 0
    passed_over: int = 0
    is_damaged: bool = False
    skipped: list[SkippedItem] = field(default_factory=list)
    instructed: int = 0
    documents_behind: BehindItem = field(default_factory=BehindItem)
    assistants_behind: BehindItem = field(default_factory=BehindItem)


class ConversationImportState(rx.State):
    """The dialog; `status` is that of the file, or empty where there is none. What is lost on the way is read again."""

    is_open: rx.Field[bool] = rx.field(False)
    import_id: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    status: rx.Field[str] = rx.field("")
    percent: rx.Field[int] = rx.field(0)
    report: rx.Field[ReportItem] = rx.field(default_factory=ReportItem)
    problem: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    _follower: str = ""

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def open(self) -> list[rx.event.EventType[()]]:
        """Ask for a file, or show the one that is on its way."""
        self._forget()
        self.is_open = True
        latest = await imports.find_latest(current_actor())
        if latest is None or latest.status in {"done", "failed"}:
            return []
        self._show(latest)
        return [ConversationImportState.follow]

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Show it no more; what is under way goes on."""
        if not is_open:
            self.is_open = False
            self._follower = ""

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def brought(self, import_id: str) -> list[rx.event.EventType[()]]:
        """A file has arrived and is looked through."""
        self._show(await imports.get(current_actor(), parse_id(import_id)))
        return [ConversationImportState.follow]

    @rx.event(background=True)
    @way_in(Permission.CONVERSATION_WRITE)
    async def follow(self) -> None:
        """Show how far the file is, until it has been looked through or taken in."""
        follower = str(new_id())
        async with self:
            self._follower, import_id = follower, self.import_id
        if not import_id:
            return
        async with current_event_hub().subscribe(imports.topic(parse_id(import_id))) as notices:
            while await self._refresh(follower):
                await next_notice(notices)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def take_in(self) -> list[rx.event.EventType[()]]:
        """Take in what was shown."""
        try:
            await imports.take_in(current_actor(), parse_id(self.import_id))
        except ConflictError as error:
            await show_toast(self, "error", error.message)
        self._show(await imports.get(current_actor(), parse_id(self.import_id)))
        return [ConversationImportState.follow]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def discard(self) -> None:
        """Let go of the file, and ask for another one."""
        import_id = self.import_id
        self._forget()
        try:
            await imports.discard(current_actor(), parse_id(import_id))
        except NotFoundError:  # It is gone already.
            return

    async def _refresh(self, follower: str) -> bool:
        actor = await actor_of_tab(self)
        async with self:
            if self._follower != follower or actor.is_anonymous:
                return False
            try:
                self._show(await imports.get(actor, parse_id(self.import_id)))
            except NotFoundError:
                self._forget()
                return False
            return self.status not in _ENDED

    def _show(self, view: ImportView) -> None:
        self.import_id, self.name, self.status = str(view.id), view.name, view.status
        self.percent = min(99, view.done * 100 // view.total) if view.total else 0
        told = asdict(view.report)
        behind = {name: BehindItem(**told[name]) for name in ("documents_behind", "assistants_behind")}
        self.report = ReportItem(**{**told, "skipped": [SkippedItem(**each) for each in told["skipped"]], **behind})
        self.problem = view.error or {}

    def _forget(self) -> None:
        self.import_id, self.name, self.status, self.percent = "", "", "", 0
        self.report, self.problem, self._follower = ReportItem(), {}, ""
