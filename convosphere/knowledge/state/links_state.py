"""The dialog about links to a document, a folder or a collection."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.state.link_rule_state import LinkRuleState, MadeLink, days_of
from convosphere.knowledge.links import service
from convosphere.knowledge.links.schemas import LinkRow


@dataclass(frozen=True)
class DocumentLinkItem(MadeLink):
    """A link to documents, and how often it was opened."""

    may_download: bool
    uses: int


class DocumentLinksState(rx.State):
    """Links to what is asked about, of a `kind`; `made` is the address of a new one, which is shown once."""

    is_open: rx.Field[bool] = rx.field(False)
    kind: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    rows: rx.Field[list[DocumentLinkItem]] = rx.field(default_factory=list)
    made: rx.Field[str] = rx.field("")
    _target_id: str = ""

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    async def open(self, kind: str, target_id: str, name: str) -> None:
        """Show the links to something."""
        self.kind, self._target_id, self.name = kind, target_id, name[:300]
        await self._load()
        self.is_open = True

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Show them no more."""
        if not is_open:
            self.is_open = False

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    async def make(self, form: dict[str, str]) -> None:
        """Make a link as the form says."""
        self.made = await service.make_link(
            current_actor(), self.kind, parse_id(self._target_id), str(form.get("document-link-scope", "")),
            may_download=form.get("document-link-rights") == "download", days=days_of(form, "document-link-days"),
        )  # fmt: skip
        await self._load()

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    def forget_made(self) -> None:
        """Keep the address of the new link no longer."""
        self.made = ""

    @rx.event
    @way_in(Permission.DOCUMENT_SHARE)
    async def revoke(self, link_id: str) -> None:
        """Let a link open nothing any more."""
        await service.revoke_link(current_actor(), parse_id(link_id))
        await self._load()

    async def _load(self) -> None:
        found = await service.list_links(current_actor(), self.kind, parse_id(self._target_id))
        self.rows = [_item(row) for row in found.rows]
        (await self.get_state(LinkRuleState))._take(allows_anyone=found.allows_anyone)


def _item(row: LinkRow) -> DocumentLinkItem:
    expires = row.expires_at.isoformat() if row.expires_at else ""
    return DocumentLinkItem(str(row.id), row.scope, expires, row.made_by, row.works, row.may_download, row.uses)
