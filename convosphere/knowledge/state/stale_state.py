"""The page of what is stale and often cited."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.freshness import service
from convosphere.knowledge.freshness.schemas import AGES, StaleRow
from convosphere.knowledge.service.announcements import list_topic
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import keep_shown


@dataclass(frozen=True)
class StaleItem:
    """A document of the page; days are ISO 8601, or empty."""

    id: str
    name: str
    owner: str
    last_on: str
    review_on: str
    is_review_due: bool
    citations: int
    can_edit: bool


class StaleState(rx.State):
    """What is shown, kept up to date while the page is open; `months` is the age from which documents are old."""

    rows: rx.Field[list[StaleItem]] = rx.field(default_factory=list)
    found: rx.Field[int] = rx.field(0)
    first: rx.Field[int] = rx.field(0)
    months: rx.Field[int] = rx.field(AGES[1])
    is_loaded: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show them, and again whenever documents change, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            await keep_shown(self, Permission.DOCUMENT_READ, [list_topic(actor.workspace_id)], self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def choose_age(self, months: str) -> None:
        """Let documents count as old from another age on."""
        if months in map(str, AGES):
            self.months, self.first = int(months), 0
            await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        self.first = max(self.first + pages * service.MOST_ROWS, 0)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def mark_reviewed(self, document_id: str, name: str) -> None:
        """Say that a document still holds."""
        await service.mark_reviewed(current_actor(), parse_id(document_id))
        await show_toast(self, "success", t("“{name}” is marked as reviewed.", name=name))
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = await service.list_stale(actor, self.months, self.first)
        if not found.rows and self.first:
            self.first = 0
            found = await service.list_stale(actor, self.months)
        rows = [_item(row) for row in found.rows]
        if rows != self.rows:
            self.rows = rows
        self.found, self.is_loaded = found.total, True


def _item(row: StaleRow) -> StaleItem:
    return StaleItem(
        str(row.id), row.name, row.owner_name, row.last_on.isoformat(),
        row.review_on.isoformat() if row.review_on else "", row.is_review_due, row.citations, row.can_edit,
    )  # fmt: skip
