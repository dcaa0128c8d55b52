"""Space: what everybody takes and may take, for whoever looks after knowledge; and what one takes oneself."""

from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.files.quotas import service
from convosphere.files.quotas.schemas import QuotaDraft, SpaceRow, Subject
from convosphere.identity.service import directory
from convosphere.knowledge.service.announcements import list_topic
from convosphere.knowledge.state.found_items import FoundItem, chosen_of
from convosphere.shell.tabs import keep_shown

NEAR_PERCENT = 80


@dataclass(frozen=True)
class SpaceItem:
    """What somebody takes and may take, in bytes; a `limit` of -1 is none, and `percent` is of who takes most then."""

    name: str = ""
    used: int = 0
    limit: int = -1
    percent: int = 0


@dataclass(frozen=True)
class QuotaItem:
    """A limit as it was set."""

    id: str
    subject: str
    name: str
    is_shared: bool
    megabytes: int


@dataclass(frozen=True)
class SpaceItems:
    """All that is shown."""

    whole: SpaceItem = field(default_factory=SpaceItem)
    people: list[SpaceItem] = field(default_factory=list)
    groups: list[SpaceItem] = field(default_factory=list)
    quotas: list[QuotaItem] = field(default_factory=list)


class SpaceState(rx.State):
    """Everybody's space, and the dialog about a new limit for a `subject`: everyone, group, team or person.

    A `team` is a group that shares what it may take.
    """

    shown: rx.Field[SpaceItems] = rx.field(default_factory=SpaceItems)
    is_open: rx.Field[bool] = rx.field(False)
    subject: rx.Field[str] = rx.field("everyone")
    chosen: rx.Field[FoundItem] = rx.field(default_factory=FoundItem)
    found: rx.Field[list[FoundItem]] = rx.field(default_factory=list)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def load(self) -> None:
        """Show it as it is now."""
        await self._load()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    def ask(self) -> None:
        """Open the dialog."""
        self.is_open, self.subject, self.chosen, self.found, self.error = True, "everyone", FoundItem(), [], {}

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.is_open = False

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    def choose_subject(self, subject: str) -> None:
        """Make the limit one of everyone, a group or a person."""
        self.subject, self.chosen, self.found = subject, FoundItem(), []

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def look_up(self, text: str) -> None:
        """Find groups or people by name."""
        wants_group = self.subject != "person"
        rows = await directory.look_up(current_actor(), text, with_groups=wants_group)
        self.found = [FoundItem(str(row.id), row.name) for row in rows if row.is_group == wants_group]

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    def choose(self, subject_id: str) -> None:
        """Make the limit one of somebody who was found."""
        self.chosen = chosen_of(self.found, subject_id)
        self.found = []

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def save(self, form: dict[str, str]) -> None:
        """Set the limit."""
        megabytes = str(form.get("space-megabytes", "")).strip()
        subject = cast("Subject", "group" if self.subject == "team" else self.subject)
        try:
            draft = QuotaDraft(subject, self._chosen_id(), self.subject == "team", _number(megabytes))
            await service.set_quota(current_actor(), draft)
        except InvalidInputError as error:
            self.error = error.message.as_dict()
            return
        self.is_open = False
        await self._load()

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def remove(self, quota_id: str) -> None:
        """Take a limit away."""
        await service.remove_quota(current_actor(), parse_id(quota_id))
        await self._load()

    def _chosen_id(self) -> UUID | None:
        return parse_id(self.chosen.id) if self.chosen.id else None

    async def _load(self) -> None:
        found = await service.get_space(current_actor())
        quotas = [
            QuotaItem(str(row.id), row.subject, row.name, row.is_shared, row.megabytes) for row in found.quotas
        ]  # fmt: skip
        whole = _item(SpaceRow(UUID(int=0), "", found.total, found.limit), found.total)
        people = [row for row in found.people if row.used or row.limit is not None]
        groups = [row for row in found.groups if row.used or row.limit is not None]
        most = max((row.used for row in (*people, *groups)), default=0)
        self.shown = SpaceItems(
            whole, [_item(row, most) for row in people], [_item(row, most) for row in groups], quotas
        )


class OwnSpaceState(rx.State):
    """What the person takes, and the tightest of the limits that hold for them; `group` is one that shares it."""

    used: rx.Field[int] = rx.field(0)
    limit: rx.Field[int] = rx.field(-1)
    taken: rx.Field[int] = rx.field(0)
    percent: rx.Field[int] = rx.field(0)
    group: rx.Field[str] = rx.field("")
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show it, and again whenever documents change, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            await keep_shown(self, Permission.DOCUMENT_READ, [list_topic(actor.workspace_id)], self._load)

    async def _load(self, actor: Actor) -> None:
        found = await service.get_own(actor)
        tightest = min(found.limits, key=lambda each: each.limit - each.used, default=None)
        self.used = found.used
        self.limit, self.taken, self.group = -1, found.used, ""
        if tightest:
            self.limit, self.taken, self.group = tightest.limit, tightest.used, tightest.group
        self.percent = _percent(self.taken, self.limit)


def _item(row: SpaceRow, most: int) -> SpaceItem:
    limit = -1 if row.limit is None else row.limit
    return SpaceItem(row.name, row.used, limit, _percent(row.used, most if limit < 0 else limit))


def _number(text: str) -> int:
    """What is none is refused as too little."""
    return int(text) if text.isdecimal() and len(text) <= 10 else -1


def _percent(used: int, limit: int) -> int:
    if limit > 0:
        return min(100, round(100 * used / limit))
    return 100 if limit == 0 else 0
