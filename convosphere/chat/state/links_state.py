"""The dialog about links to a conversation."""

from dataclasses import dataclass

import reflex as rx

from convosphere.chat.queries.links import LinkRow
from convosphere.chat.service import links
from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.state.link_rule_state import LinkRuleState, MadeLink, days_of


@dataclass(frozen=True)
class LinkItem(MadeLink):
    """A link to a conversation."""

    is_live: bool


class LinksState(rx.State):
    """Links of the conversation that is asked about; `made` is the address of a new one, which is shown once."""

    is_open: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[LinkItem]] = rx.field(default_factory=list)
    made: rx.Field[str] = rx.field("")
    _conversation_id: str = ""

    @rx.event
    @way_in(Permission.CONVERSATION_SHARE)
    async def open(self, conversation_id: str) -> None:
        """Show the links of a conversation."""
        self._conversation_id = conversation_id
        await self._load()
        self.is_open = True

    @rx.event
    @way_in(Permission.CONVERSATION_SHARE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Show them no more."""
        if not is_open:
            self.is_open = False

    @rx.event
    @way_in(Permission.CONVERSATION_SHARE)
    async def make(self, form: dict[str, str]) -> None:
        """Make a link as the form says."""
        self.made = await links.make_link(
            current_actor(), parse_id(self._conversation_id), str(form.get("link-scope", "")),
            is_live=form.get("link-kind") == "live", days=days_of(form, "link-days"),
        )  # fmt: skip
        await self._load()

    @rx.event
    @way_in(Permission.CONVERSATION_SHARE)
    def forget_made(self) -> None:
        """Keep the address of the new link no longer."""
        self.made = ""

    @rx.event
    @way_in(Permission.CONVERSATION_SHARE)
    async def revoke(self, link_id: str) -> None:
        """Let a link open nothing any more."""
        await links.revoke_link(current_actor(), parse_id(link_id))
        await self._load()

    async def _load(self) -> None:
        found = await links.list_links(current_actor(), parse_id(self._conversation_id))
        self.rows = [_item(row) for row in found.rows]
        (await self.get_state(LinkRuleState))._take(allows_anyone=found.allows_anyone)


def _item(row: LinkRow) -> LinkItem:
    expires = row.expires_at.isoformat() if row.expires_at else ""
    return LinkItem(str(row.id), row.scope, expires, row.made_by, row.works, row.is_live)
