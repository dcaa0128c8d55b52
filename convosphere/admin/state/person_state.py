"""One person as administrators see them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import reflex as rx

from convosphere.admin.state.people_items import Choice, Words, group_choices, plain, role_choices
from convosphere.core.audit.actions import ACTIONS
from convosphere.core.audit.schemas import EntryFilter
from convosphere.core.audit.service import list_entries
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import PEOPLE
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import factors, groups, memberships, roles, roster
from convosphere.identity.service.avatars import avatar_address
from convosphere.identity.service.devices import device_name
from convosphere.identity.service.roster import PersonCard
from convosphere.shell.state import initials_of

ENTRIES = 20


@dataclass(frozen=True)
class PersonView:
    """What is known of the person; times are ISO 8601, or empty for never."""

    id: str = ""
    name: str = ""
    initials: str = ""
    avatar: str = ""
    email: str = ""
    role: str = ""
    standing: str = "active"
    is_self: bool = False
    is_verified: bool = False
    joined: str = ""
    signed_in: str = ""
    last_active: str = ""
    has_totp: bool = False
    passkeys: int = 0
    recovery_codes: int = 0
    groups: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class DeviceItem:
    """A browser in which the person is signed in."""

    id: str
    device: str
    address: str
    last_seen: str


@dataclass(frozen=True)
class EntryItem:
    """Something that the person did."""

    what: Words
    label: str
    at: str


class PersonState(rx.State):
    """The person of the address."""

    shown: rx.Field[PersonView] = rx.field(default_factory=PersonView)
    devices: rx.Field[list[DeviceItem]] = rx.field(default_factory=list)
    entries: rx.Field[list[EntryItem]] = rx.field(default_factory=list)
    roles: rx.Field[list[Choice]] = rx.field(default_factory=list)
    groups: rx.Field[list[Choice]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_missing: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show the person of the address."""
        self.reset()
        if current_actor().may(Permission.PERSON_READ):
            await self._load()

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def give_role(self, key: str) -> None:
        """Make the person something else."""
        try:
            await roles.give_role(current_actor(), self._id(), key)
        finally:
            await self._load()  # What was refused is shown as it is.

    @rx.event
    @way_in(Permission.GROUP_MANAGE)
    async def add_group(self, group_id: str) -> None:
        """Put the person into a group."""
        await groups.add_people(current_actor(), parse_id(group_id), [self._id()])
        await self._load()

    @rx.event
    @way_in(Permission.GROUP_MANAGE)
    async def remove_group(self, group_id: str) -> None:
        """Take the person out of a group."""
        await groups.remove_member(current_actor(), parse_id(group_id), self._id())
        await self._load()

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def end_device(self, session_id: str) -> None:
        """Sign the person out of one browser."""
        await memberships.end_devices(current_actor(), self._id(), parse_id(session_id))
        await self._load()

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def end_devices(self) -> None:
        """Sign the person out everywhere."""
        await memberships.end_devices(current_actor(), self._id())
        await self._load()

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def reset_factors(self) -> None:
        """Take the person's second factors from them, because they lost them."""
        await factors.reset_factors(current_actor(), self._id())
        await self._load()

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def deactivate(self) -> None:
        """Shut the person out."""
        await memberships.deactivate(current_actor(), self._id())
        await self._load()

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def reactivate(self) -> None:
        """Let the person in again."""
        await memberships.reactivate(current_actor(), self._id())
        await self._load()

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def show_again(self) -> None:
        """Show the person as they are now."""
        await self._load()

    def _id(self) -> UUID:
        return parse_id(self.router.url.path.removeprefix(PEOPLE).strip("/"))

    async def _load(self) -> None:
        actor = current_actor()
        try:
            card = await roster.get_person(actor, self._id())
        except NotFoundError:
            self.is_missing = True
            return
        self.shown = _view(card, actor)
        self.devices = [
            DeviceItem(str(row.id), device_name(row.user_agent), row.address, row.last_seen_at.isoformat())
            for row in card.devices
        ]
        choices = await roster.list_choices(actor)
        self.roles = role_choices(choices)
        self.groups = [choice for choice in group_choices(choices) if choice not in self.shown.groups]
        self.entries, self.is_loaded = await _entries(actor, card.detail.id), True


def _view(card: PersonCard, actor: Actor) -> PersonView:
    detail = card.detail
    return PersonView(
        id=str(detail.id), name=detail.name, email=detail.email, role=detail.role,
        initials=initials_of(detail.name), avatar=avatar_address(detail.id, detail.avatar),
        standing="leaving" if detail.is_leaving else "active" if detail.is_active else "inactive",
        is_self=detail.id == actor.account_id, is_verified=detail.is_email_verified,
        joined=_moment(detail.joined_at), signed_in=_moment(detail.last_sign_in_at),
        last_active=_moment(detail.last_active_at), has_totp=card.factors.has_totp, passkeys=card.factors.passkeys,
        recovery_codes=card.factors.recovery_codes,
        groups=[Choice(str(group_id), plain(name)) for group_id, name in card.groups],
    )  # fmt: skip


async def _entries(actor: Actor, account_id: UUID) -> list[EntryItem]:
    if not actor.may(Permission.AUDIT_READ):
        return []
    page = await list_entries(actor, EntryFilter(account_id=account_id), most=ENTRIES)
    return [EntryItem(_words(entry.action), entry.label, entry.occurred_at.isoformat()) for entry in page.entries]


def _words(action: str) -> Words:
    known = ACTIONS.get(action)
    return known.label.as_dict() if known else plain(action)


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
