"""The dialog in which somebody says who else may do what with a thing."""

from dataclasses import dataclass, field
from typing import cast

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.grants import LEVELS, Level
from convosphere.identity.queries.grants import GrantRow
from convosphere.identity.service import directory, grants
from convosphere.identity.service.explanations import AccessRow, explain_access
from convosphere.identity.service.grants import Subject

DENIED = "denied"
PAGE = 20


@dataclass(frozen=True)
class GrantItem:
    """Somebody who was given something, or could be; `level` is empty for nothing, and `denied` keeps them out."""

    type: str
    id: str
    name: str
    email: str = ""
    people: int = 0
    level: str = ""


@dataclass(frozen=True)
class ReasonItem:
    """Why a thing reaches somebody or not; `groups` is the way through groups, in words."""

    way: str
    level: str
    is_deny: bool
    groups: str


@dataclass(frozen=True)
class AccessItem:
    """What somebody may do with a thing, empty for nothing, and why."""

    name: str
    email: str
    level: str
    reasons: list[ReasonItem] = field(default_factory=list)


class SharingState(rx.State):
    """The thing that is shared, who was given what of it, and who sees it for which reasons.

    `everyone` is what everybody in the workspace was given. `viewing` says what it is to be given `view`: `least`, what
    whoever is added gets at first, `no_file`, to do without the thing's file, or empty, nothing that is offered.
    """

    is_open: rx.Field[bool] = rx.field(False)
    name: rx.Field[str] = rx.field("")
    everyone: rx.Field[str] = rx.field("")
    given: rx.Field[list[GrantItem]] = rx.field(default_factory=list)
    found: rx.Field[list[GrantItem]] = rx.field(default_factory=list)
    access: rx.Field[list[AccessItem]] = rx.field(default_factory=list)
    people: rx.Field[int] = rx.field(0)
    tab: rx.Field[str] = rx.field("given")
    viewing: rx.Field[str] = rx.field("")
    _type: str = ""
    _id: str = ""
    _wanted: str = ""

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def open(self, object_type: str, object_id: str) -> None:
        """Show who was given what of a thing that the person manages."""
        self._type, self._id, self._wanted = object_type, object_id, ""
        self.tab, self.found = "given", []
        await self._load()
        self.is_open = True

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Show it no more."""
        if not is_open:
            self.is_open = False

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def show_tab(self, tab: str) -> None:
        """Show who was given what, or who sees it and why."""
        self.tab = "access" if tab == "access" else "given"
        await (self._explain() if self.tab == "access" else self._load())

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def look_up(self, text: str) -> None:
        """Find people and groups by name."""
        found = await directory.look_up(current_actor(), text, with_groups=True)
        given = {item.id for item in self.given}
        self.found = [
            GrantItem("group" if row.is_group else "person", str(row.id), row.name, row.email)
            for row in found
            if str(row.id) not in given
        ]

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def give(self, subject_type: str, subject_id: str, level: str) -> None:
        """Give somebody a level, keep them out by `denied`, or take back what they had by an empty one."""
        thing, subject = (self._type, parse_id(self._id)), _subject(subject_type, subject_id)
        if level:
            is_deny = level == DENIED
            given = cast("Level", "view" if is_deny else level)
            await grants.set_grant(current_actor(), *thing, subject, given, is_deny=is_deny)
        else:
            await grants.remove_grant(current_actor(), *thing, subject)
        self.found = [item for item in self.found if item.id != subject_id]
        await self._load()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def find_access(self, text: str) -> None:
        """Show whether somebody sees the thing, and why, by a part of their name."""
        self._wanted = text[:100]
        await self._explain()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def show_more_access(self) -> None:
        """Show the next people."""
        await self._explain(len(self.access))

    async def _load(self) -> None:
        sharing = await grants.list_grants(current_actor(), self._type, parse_id(self._id))
        self.name = sharing.name
        self.viewing = "no_file" if sharing.has_file else "least" if sharing.least == "view" else ""
        self.everyone = next((row.level for row in sharing.grants if row.subject_type == "everyone"), "")
        self.given = [_given(row) for row in sharing.grants if row.subject_type != "everyone"]

    async def _explain(self, skip: int = 0) -> None:
        found = await explain_access(
            current_actor(), self._type, parse_id(self._id), name=self._wanted, skip=skip, most=PAGE
        )
        self.access = [*self.access[:skip], *(_access(row) for row in found.rows)]
        self.people = found.people


def _subject(subject_type: str, subject_id: str) -> Subject:
    if subject_type == "everyone":
        return grants.EVERYONE
    if subject_type in {"person", "group"}:
        return Subject("person" if subject_type == "person" else "group", parse_id(subject_id))
    raise InvalidInputError(t("This cannot be given."))


def _given(row: GrantRow) -> GrantItem:
    level = DENIED if row.is_deny and row.level == LEVELS[0] else row.level
    return GrantItem(row.subject_type, str(row.subject_id or ""), row.name, row.email, row.people, level)


def _access(row: AccessRow) -> AccessItem:
    reasons = [
        ReasonItem(reason.way, reason.level, reason.is_deny, " → ".join(reason.groups)) for reason in row.reasons
    ]
    return AccessItem(row.name, row.email, row.level or "", reasons)
