"""What was just uploaded and is nearly the same as what was there before."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.duplicates import service
from convosphere.knowledge.duplicates.schemas import AlikeUpload
from convosphere.knowledge.service.announcements import list_topic
from convosphere.shell.tabs import keep_shown


@dataclass(frozen=True)
class AlikeUploadItem:
    """An upload, the document that it is like, and what the person may make of that one."""

    id: str
    other_id: str
    other_name: str
    percent: int
    can_join: bool
    can_manage: bool


class AlikeUploadsState(rx.State):
    """Those of the tab's uploads that are to be settled, kept up to date from when they are read on."""

    rows: rx.Field[list[AlikeUploadItem]] = rx.field(default_factory=list)
    _uploads: list[UUID] = []  # noqa: RUF012  # Reflex copies it for each tab.
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.DOCUMENT_WRITE)
    async def follow(self, document_ids: list[str]) -> None:
        """Say which of some uploads, the last ones of many, are like others, until another follower takes over."""
        actor = current_actor()
        uploads = [parse_id(each) for each in document_ids[-service.MOST_UPLOADS :]]
        async with self:
            self._uploads = uploads
        if actor.workspace_id is not None:
            await keep_shown(self, Permission.DOCUMENT_WRITE, [list_topic(actor.workspace_id)], self._load)

    async def _load(self, actor: Actor) -> None:
        rows = [_item(each) for each in await service.list_alike_uploads(actor, self._uploads)]
        if rows != self.rows:
            self.rows = rows


def _item(each: AlikeUpload) -> AlikeUploadItem:
    return AlikeUploadItem(
        str(each.id), str(each.other_id), each.other_name, each.percent, each.can_edit_other, each.can_manage_other
    )
