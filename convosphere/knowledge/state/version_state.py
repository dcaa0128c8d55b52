"""What changed between two versions of the document that is shown, and the way back to one."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.service import versions
from convosphere.knowledge.versions.comparing import compare_versions
from convosphere.knowledge.versions.schemas import PassageChange
from convosphere.shell.state import show_toast


@dataclass(frozen=True)
class LineItem:
    """A line that came or went."""

    kind: str
    text: str


@dataclass(frozen=True)
class ChangeItem:
    """A passage that changed; `page` is 0 where there are none."""

    number: int
    page: int
    heading: str
    kind: str
    lines: list[LineItem]


class VersionState(rx.State):
    """The panel of what changed from version `older` to version `newer`; `count` passages in all."""

    is_open: rx.Field[bool] = rx.field(False)
    older: rx.Field[int] = rx.field(0)
    newer: rx.Field[int] = rx.field(0)
    count: rx.Field[int] = rx.field(0)
    changes: rx.Field[list[ChangeItem]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def compare(self, document_id: str, older: int, newer: int) -> None:
        """Show what changed."""
        compared = await compare_versions(current_actor(), parse_id(document_id), int(older), int(newer))
        self.older, self.newer, self.count = compared.older, compared.newer, compared.count
        self.changes = [_item(change) for change in compared.changes]
        self.is_open = True

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def close(self) -> None:
        """Show it no more."""
        self.is_open, self.changes = False, []

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def restore(self, document_id: str, number: int) -> None:
        """Go back to a version, which becomes the newest one; one that was not read is tried again."""
        newest = await versions.restore_version(current_actor(), parse_id(document_id), int(number))
        told = t("Version {number} is being read.", number=newest)
        if newest != int(number):
            told = t("Version {number} comes back as version {newest}.", number=int(number), newest=newest)
        await show_toast(self, "success", told)


def _item(change: PassageChange) -> ChangeItem:
    lines = [LineItem(line.kind, line.text) for line in change.lines]
    return ChangeItem(change.number, change.page or 0, change.heading, change.kind, lines)
