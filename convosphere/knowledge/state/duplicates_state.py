"""Documents that are alike, and what somebody chooses to do with them."""

from dataclasses import dataclass
from typing import cast, get_args

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.duplicates import service
from convosphere.knowledge.duplicates.schemas import AlikeDocument, AlikeGroup, Choice
from convosphere.knowledge.service.announcements import list_topic
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import keep_shown


@dataclass(frozen=True)
class AlikeItem:
    """A document of a group, what may be done with it, and the `other` one that this is about."""

    id: str
    name: str
    owner: str
    is_own: bool
    created_at: str
    size: int
    percent: int
    is_same_file: bool
    is_first: bool
    can_keep: bool
    can_join: bool
    can_manage: bool
    other_id: str
    other_name: str


@dataclass(frozen=True)
class GroupItem:
    """Documents that are alike, the oldest first."""

    documents: list[AlikeItem]


class DuplicatesState(rx.State):
    """The board of what is alike, kept up to date while its page is open."""

    groups: rx.Field[list[GroupItem]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show the board, and again whenever documents change, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            await keep_shown(self, Permission.DOCUMENT_READ, [list_topic(actor.workspace_id)], self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def settle(self, document_id: str, other_id: str, name: str, choice: str) -> None:
        """Do what was chosen for a document and the one that it is like."""
        await service.settle(current_actor(), parse_id(document_id), parse_id(other_id), _choice(choice))
        if choice == "skip":
            told = t("“{name}” is in the trash.", name=name)
            await show_toast(self, "info", told, undo=f"document:{document_id}")
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def choose(self, pairs: list[list[str]], choice: str) -> None:
        """Do what was chosen for uploads of files that were there already."""
        ids = [(parse_id(first), parse_id(second)) for first, second in pairs[: service.MOST_AT_ONCE]]
        count = await service.settle_many(current_actor(), ids, _choice(choice))
        if choice != "keep":
            await show_toast(self, "info", t("Documents that are in the trash now: {count}", count=count))

    async def _load(self, actor: Actor) -> None:
        found = await service.list_groups(actor)
        self.groups, self.has_more = [_group(group) for group in found.groups], found.has_more
        self.is_loaded = True


def _choice(choice: str) -> Choice:
    if choice not in get_args(Choice):
        raise InvalidInputError
    return cast("Choice", choice)


def _group(group: AlikeGroup) -> GroupItem:
    first = group.documents[0]
    return GroupItem([_item(each, group.documents[1] if each is first else first, first) for each in group.documents])


def _item(each: AlikeDocument, other: AlikeDocument, first: AlikeDocument) -> AlikeItem:
    return AlikeItem(
        str(each.id), each.name, each.owner_name, each.is_own, each.created_at.isoformat(), each.size, each.percent,
        each.is_same_file, each is first, can_keep=each.can_edit or other.can_edit,
        can_join=each.can_manage and other.can_edit, can_manage=each.can_manage, other_id=str(other.id),
        other_name=other.name,
    )  # fmt: skip
