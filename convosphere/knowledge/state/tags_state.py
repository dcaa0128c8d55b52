"""The page of tags: what there is, and what is asked about one."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.service.announcements import list_topic, order_topic
from convosphere.knowledge.tags import service
from convosphere.knowledge.tags.schemas import COLOURS, TagDraft, TagRow
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import keep_shown


@dataclass(frozen=True)
class TagItem:
    """A tag of the page; `synonyms` are joined by commas, `parent_id` is empty outermost."""

    id: str = ""
    name: str = ""
    colour: str = COLOURS[0]
    description: str = ""
    synonyms: str = ""
    parent_id: str = ""
    depth: int = 0
    documents: int = 0
    is_restricted: bool = False
    can_edit: bool = False
    can_use: bool = False


class TagsState(rx.State):
    """The tags that are shown, kept up to date while their page is open; `asked` is `new`, `edit`, `merge` or
    `delete`, about `tag`."""

    tags: rx.Field[list[TagItem]] = rx.field(default_factory=list)
    words: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    asked: rx.Field[str] = rx.field("")
    tag: rx.Field[TagItem] = rx.field(default_factory=TagItem)
    targets: rx.Field[list[TagItem]] = rx.field(default_factory=list)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_READ)
    async def follow(self) -> None:
        """Show the tags, and again whenever they change, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            topics = [order_topic(actor.workspace_id), list_topic(actor.workspace_id)]
            await keep_shown(self, Permission.DOCUMENT_READ, topics, self._load)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def look_up(self, words: str) -> None:
        """Show those that are called so."""
        self.words = words[: service.LONGEST_NAME]
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def ask(self, what: str, tag_id: str) -> None:
        """Ask about a tag; a new one lies within the tag that is named, or outermost."""
        found = next((tag for tag in self.tags if tag.id == tag_id), TagItem())
        self.asked, self.tag = what, TagItem(parent_id=tag_id) if what == "new" else found
        self.targets = [
            _item(row) for row in await service.list_tags(current_actor()) if row.can_edit and str(row.id) != found.id
        ]

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.asked, self.targets = "", []

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def keep(self, form: dict[str, str]) -> None:
        """Make the tag that was asked about, or make it what the form says."""
        draft = _draft(form)
        if self.asked == "new":
            await service.create_tag(current_actor(), draft)
        else:
            await service.change_tag(current_actor(), parse_id(self.tag.id), draft)
        await self._done()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def merge(self, into_id: str) -> None:
        """Put another tag in the place of the one that was asked about."""
        await service.merge_tags(current_actor(), parse_id(self.tag.id), parse_id(into_id))
        await show_toast(self, "success", t("“{name}” is a synonym now.", name=self.tag.name))
        await self._done()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def delete(self) -> None:
        """Take away the tag that was asked about."""
        await service.delete_tag(current_actor(), parse_id(self.tag.id))
        await show_toast(self, "info", t("Tag “{name}” deleted.", name=self.tag.name))
        await self._done()

    async def _done(self) -> None:
        self.asked, self.targets = "", []
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = [_item(row) for row in await service.list_tags(actor, self.words)]
        if found != self.tags:
            self.tags = found
        self.is_loaded = True


def _item(row: TagRow) -> TagItem:
    return TagItem(
        id=str(row.id), name=row.name, colour=row.colour, description=row.description,
        synonyms=", ".join(row.synonyms), parent_id=str(row.parent_id or ""), depth=row.depth,
        documents=row.documents, is_restricted=row.is_restricted, can_edit=row.can_edit,
        can_use=row.can_use,
    )  # fmt: skip


def _draft(form: dict[str, str]) -> TagDraft:
    parent = str(form.get("tag-parent") or "")
    return TagDraft(
        name=str(form.get("tag-name", "")),
        colour=str(form.get("tag-colour") or COLOURS[0]),
        description=str(form.get("tag-description", "")),
        synonyms=tuple(str(form.get("tag-synonyms", "")).split(",")),
        parent_id=parse_id(parent) if parent else None,
        is_restricted=bool(form.get("tag-restricted")),
    )
