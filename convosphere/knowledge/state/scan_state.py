"""The look for remains on the page of how documents are."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.page_routes import document
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.health import scanning
from convosphere.shell.tabs import keep_shown

CLEANED = frozenset({"passages", "vectors", "sets", "frequencies", "grants", "previews", "files", "bytes"})
"""What a clean-up removes; what else is found needs a person."""


@dataclass(frozen=True)
class FindingItem:
    """A kind of remains, and how many there are."""

    kind: str
    count: int


@dataclass(frozen=True)
class MissingItem:
    """A document whose file is missing, and its address."""

    name: str
    address: str


class ScanState(rx.State):
    """The latest look: `state` is empty where there was none, `count` what a clean-up would remove."""

    state: rx.Field[str] = rx.field("")
    is_cleaning: rx.Field[bool] = rx.field(False)
    findings: rx.Field[list[FindingItem]] = rx.field(default_factory=list)
    missing: rx.Field[list[MissingItem]] = rx.field(default_factory=list)
    count: rx.Field[int] = rx.field(0)
    ended_at: rx.Field[str] = rx.field("")
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def follow(self) -> None:
        """Show the latest look, and what comes of it, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            topics = [scanning.scan_topic(actor.workspace_id)]
            await keep_shown(self, Permission.KNOWLEDGE_MANAGE, topics, self._load)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def begin(self) -> None:
        """Look for remains."""
        await scanning.begin(current_actor(), is_cleaning=False)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def clean(self) -> None:
        """Remove what is found."""
        await scanning.begin(current_actor(), is_cleaning=True)
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = await scanning.get_latest(actor)
        if found is None:
            return
        self.state, self.is_cleaning = found.state, found.is_cleaning
        self.findings = [FindingItem(kind, count) for kind, count in sorted(found.findings.items())]
        self.missing = [MissingItem(name, document(str(key))) for key, name in found.missing.items()]
        self.count = sum(count for kind, count in found.findings.items() if kind in CLEANED)
        self.ended_at = found.ended_at.isoformat() if found.ended_at else ""
