"""The page of how documents are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.page_routes import document
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.classes import AGES, SIZES
from convosphere.knowledge.health import service
from convosphere.knowledge.health.schemas import PARTS, Cause, CitedDocument, Count, Health
from convosphere.knowledge.service.announcements import list_topic
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.filter_items import STATES, UNCITED, UNCITED_LATELY, address_of
from convosphere.shell.tabs import keep_shown

MOST_BARS: Final = 8
_IN_ORDER: Final = {"states": tuple(STATES), "sizes": tuple(SIZES), "ages": tuple(AGES)}


@dataclass(frozen=True)
class BarItem:
    """A value that documents have, how many that is, also in percent of all, and the address of the list of them."""

    key: str
    count: int
    percent: int
    address: str


@dataclass(frozen=True)
class PartItem:
    """By what documents are counted; `others` have a value that is not among the rows, or none."""

    name: str
    bars: list[BarItem]
    others: int


@dataclass(frozen=True)
class CauseItem:
    """Why documents could not be read; `example` is a message as a dict."""

    code: str
    count: int
    example: dict[str, Any]
    address: str


@dataclass(frozen=True)
class CitedItem:
    """A document with its address, how many answers cite it, and since when it is there."""

    name: str
    address: str
    answers: int
    percent: int
    created_at: str


@dataclass(frozen=True)
class CountsItem:
    """How many documents there are that the person sees, and that they do not see; pictures without a description."""

    total: int = 0
    hidden: int = 0
    hidden_failed: int = 0
    undescribed: int = 0


@dataclass(frozen=True)
class CitationsItem:
    """What is cited most, the oldest of what is not, how many that are, and the address of the list of them."""

    most: list[CitedItem] = field(default_factory=list)
    never: list[CitedItem] = field(default_factory=list)
    count_never: int = 0
    address: str = ""


class HealthState(rx.State):
    """How documents are, kept up to date; citations are counted of the last days where `is_lately`."""

    counts: rx.Field[CountsItem] = rx.field(default_factory=CountsItem)
    parts: rx.Field[list[PartItem]] = rx.field(default_factory=list)
    causes: rx.Field[list[CauseItem]] = rx.field(default_factory=list)
    citations: rx.Field[CitationsItem] = rx.field(default_factory=CitationsItem)
    is_lately: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def follow(self) -> None:
        """Show it, and again whenever documents change, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            await keep_shown(self, Permission.KNOWLEDGE_MANAGE, [list_topic(actor.workspace_id)], self._load)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def choose_days(self, days: str) -> None:
        """Count the citations of the last days, or all."""
        self.is_lately = days != ""
        await self._load_citations(current_actor())

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def retry(self, code: str) -> None:
        """Have all documents read again that could not be for a cause."""
        job_id = await service.retry_cause(current_actor(), code)
        await (await self.get_state(BulkState))._show(current_actor(), job_id)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def describe(self) -> None:
        """Have the pictures described of which only the text is known."""
        job_id = await service.describe_pictures(current_actor())
        await (await self.get_state(BulkState))._show(current_actor(), job_id)
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = await service.get_health(actor)
        self.counts = CountsItem(found.total, found.hidden, found.hidden_failed, found.undescribed)
        self.parts = [_part(found, name) for name in PARTS if found.parts[name]]
        self.causes = [_cause(cause) for cause in found.causes]
        await self._load_citations(actor)
        self.is_loaded = True

    async def _load_citations(self, actor: Actor) -> None:
        found = await service.get_citations(actor, is_lately=self.is_lately)
        address = address_of("marks", UNCITED_LATELY if self.is_lately else UNCITED)
        self.citations = CitationsItem(_cited(found.most), _cited(found.never), found.count_never, address)


def _part(found: Health, name: str) -> PartItem:
    rows = _ordered(found.parts[name], _IN_ORDER.get(name, ()))[:MOST_BARS]
    bars = [
        BarItem(row.key, row.count, _percent(row.count, found.total), address_of(name, row.key)) for row in rows
    ]  # fmt: skip
    return PartItem(name, bars, found.total - sum(row.count for row in rows))


def _ordered(rows: Sequence[Count], order: Sequence[str]) -> list[Count]:
    return sorted(rows, key=lambda row: order.index(row.key)) if order else list(rows)


def _cause(cause: Cause) -> CauseItem:
    return CauseItem(cause.code, cause.count, dict(cause.example.as_dict()), address_of("causes", cause.code))


def _cited(rows: Sequence[CitedDocument]) -> list[CitedItem]:
    most = max((row.answers for row in rows), default=0)
    return [
        CitedItem(
            row.name, document(str(row.id)), row.answers, _percent(row.answers, most), row.created_at.isoformat()
        )
        for row in rows
    ]  # fmt: skip


def _percent(count: int, total: int) -> int:
    """Never nothing, where there is something."""
    return max(1, round(100 * count / total)) if count and total else 0
