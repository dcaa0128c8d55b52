"""The page of groups."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.queries.directory import DirectoryRow
from convosphere.identity.queries.groups import GroupRow, MemberRow
from convosphere.identity.service import directory, groups

PAGE = 100


@dataclass(frozen=True)
class GroupItem:
    """A group as the browser gets it; `can_change` says whether the person may change who is in it."""

    id: str = ""
    name: str = ""
    description: str = ""
    people: int = 0
    grants: int = 0
    can_change: bool = False


@dataclass(frozen=True)
class MemberItem:
    """Who is in a group, or could be."""

    id: str
    name: str
    email: str
    is_group: bool
    is_manager: bool = False


class GroupsState(rx.State):
    """The groups that the person may see, the one whose members are shown, and the dialog that is open.

    `dialog` is `edit`, `delete` or none; `asked` is the group that it is about, or an empty one for a new group.
    """

    groups: rx.Field[list[GroupItem]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)
    text: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    shown: rx.Field[GroupItem] = rx.field(default_factory=GroupItem)
    members: rx.Field[list[MemberItem]] = rx.field(default_factory=list)
    found: rx.Field[list[MemberItem]] = rx.field(default_factory=list)
    dialog: rx.Field[str] = rx.field("")
    asked: rx.Field[GroupItem] = rx.field(default_factory=GroupItem)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    _most: int = PAGE

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show the first groups as they are now."""
        self.text, self._most = "", PAGE
        await self._load()

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def search(self, text: str) -> None:
        """Show those whose names contain a text."""
        self.text, self._most = text[:200], PAGE
        await self._load()

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def show_more(self) -> None:
        """Show further ones below these."""
        if self.has_more:
            self._most += PAGE
        await self._load()

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def open(self, group_id: str) -> None:
        """Show who is in a group."""
        self.found = []
        await self._show(group_id)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    def close(self) -> None:
        """Show no group's members any more."""
        self.shown, self.members, self.found = GroupItem(), [], []

    @rx.event
    @way_in(Permission.GROUP_MANAGE)
    def ask(self, dialog: str, group_id: str = "") -> None:
        """Open a dialog about a group, or about a new one."""
        self.asked = next((group for group in self.groups if group.id == group_id), GroupItem())
        self.dialog, self.error = dialog if dialog in {"edit", "delete"} else "", {}

    @rx.event
    @way_in(Permission.GROUP_MANAGE)
    def close_dialog(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.dialog = ""

    @rx.event
    @way_in(Permission.GROUP_MANAGE)
    async def save(self, form: dict[str, str]) -> None:
        """Keep what was written of the group."""
        name, description = str(form.get("group-name", "")), str(form.get("group-description", ""))
        try:
            if self.asked.id:
                await groups.change_group(current_actor(), parse_id(self.asked.id), name, description)
            else:
                await groups.create_group(current_actor(), name, description)
        except (ConflictError, InvalidInputError) as error:
            self.error = error.message.as_dict()
            return
        self.dialog = ""
        await self._load()

    @rx.event
    @way_in(Permission.GROUP_MANAGE)
    async def delete(self) -> None:
        """Delete the group that was asked about."""
        self.dialog = ""
        await groups.delete_group(current_actor(), parse_id(self.asked.id))
        if self.shown.id == self.asked.id:
            self.shown, self.members = GroupItem(), []
        await self._load()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def look_up(self, text: str) -> None:
        """Find people, and groups, to put into the group that is shown."""
        may_nest = current_actor().may(Permission.GROUP_MANAGE)
        rows = await directory.look_up(current_actor(), text, with_groups=may_nest)
        self.found = [_found_item(row) for row in rows if str(row.id) != self.shown.id]

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def add(self, member_id: str, is_group: bool) -> None:
        """Put a person or a group into the group that is shown."""
        group_id = parse_id(self.shown.id)
        if is_group:
            await groups.add_subgroup(current_actor(), group_id, parse_id(member_id))
        else:
            await groups.add_people(current_actor(), group_id, [parse_id(member_id)])
        self.found = [item for item in self.found if item.id != member_id]
        await self._load()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def set_manager(self, member_id: str, is_manager: bool) -> None:
        """Let a person change who is in the group that is shown, or no longer."""
        people = [parse_id(member_id)]
        await groups.add_people(current_actor(), parse_id(self.shown.id), people, as_managers=is_manager)
        await self._load()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def remove(self, member_id: str) -> None:
        """Take somebody out of the group that is shown."""
        await groups.remove_member(current_actor(), parse_id(self.shown.id), parse_id(member_id))
        await self._load()

    async def _load(self) -> None:
        actor = current_actor()
        may_all = actor.may(Permission.GROUP_MANAGE)
        found = await groups.list_groups(actor, self.text, self._most + 1)
        self.groups = [_group_item(row, may_all=may_all) for row in found[: self._most]]
        self.has_more, self.is_loaded = len(found) > self._most, True
        if self.shown.id:
            await self._show(self.shown.id)

    async def _show(self, group_id: str) -> None:
        self.shown = next((group for group in self.groups if group.id == group_id), GroupItem())
        members = await groups.list_members(current_actor(), parse_id(group_id)) if self.shown.id else []
        self.members = [_member_item(row) for row in members]


def _group_item(row: GroupRow, *, may_all: bool) -> GroupItem:
    can_change = may_all or row.is_manager
    return GroupItem(str(row.id), row.name, row.description, row.people, row.grants, can_change)


def _member_item(row: MemberRow) -> MemberItem:
    return MemberItem(str(row.id), row.name, row.email, row.is_group, row.is_manager)


def _found_item(row: DirectoryRow) -> MemberItem:
    return MemberItem(str(row.id), row.name, row.email, row.is_group)
