"""The audit trail, page by page from the newest on."""

from dataclasses import fields

import reflex as rx

from convosphere.admin.schemas import AuditFilter
from convosphere.admin.state.audit_items import DetailItem, EntryItem, detail_item, entry_item, subjects_of
from convosphere.core.audit import service
from convosphere.core.audit.schemas import Entry
from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import Message, t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import directory
from convosphere.identity.service.roles import list_role_names

_WORDS = frozenset(field.name for field in fields(AuditFilter))


class AuditState(rx.State):
    """What is asked for, the entries of one page, and the one that is open beside them.

    `words` says the filter as the end of an address; `asked_anew` counts how often anything but its own fields set it;
    `_begins` holds where each page up to this one begins.
    """

    asked: rx.Field[AuditFilter] = rx.field(default_factory=AuditFilter)
    asked_anew: rx.Field[int] = rx.field(0)
    words: rx.Field[str] = rx.field("")
    rows: rx.Field[list[EntryItem]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    page: rx.Field[int] = rx.field(0)
    has_more: rx.Field[bool] = rx.field(False)
    sees_installation: rx.Field[bool] = rx.field(False)
    is_open: rx.Field[bool] = rx.field(False)
    row: rx.Field[EntryItem] = rx.field(default_factory=EntryItem)
    detail: rx.Field[DetailItem] = rx.field(default_factory=DetailItem)
    _begins: list[int | None] = [None]  # noqa: RUF012  # Reflex copies it for each tab.

    @rx.event
    @way_in(Permission.AUDIT_READ)
    async def load(self) -> None:
        """Show what the address asks for, or else what was asked for last."""
        actor = current_actor()
        if given := self.router.url.query_parameters:
            self._ask(AuditFilter.from_words(given))
        self.sees_installation = await service.may_read_installation(actor)
        self.is_open = False
        await self._show_first(actor)

    @rx.event
    @way_in(Permission.AUDIT_READ)
    async def narrow(self, word: str, value: str, zone: str) -> None:
        """Ask for other entries; days begin in the time zone of the page."""
        if word not in _WORDS:
            raise InvalidInputError(t("The request could not be read."))
        asked = self.asked.having(**{word: value, "zone": zone})
        asked.parsed()
        self.asked, self.is_open = asked, False
        await self._show_first(current_actor())

    @rx.event
    @way_in(Permission.AUDIT_READ)
    async def show_all_of(self, word: str) -> None:
        """Ask for all that the person of the open entry did, or all that was done to its object."""
        chain = self.asked.chain
        if word == "account":
            self._ask(AuditFilter(chain=chain, account=self.detail.account, name=self.row.who))
        else:
            self._ask(AuditFilter(chain=chain, object=self.detail.object, label=self.row.label))
        await self._show_first(current_actor())

    @rx.event
    @way_in(Permission.AUDIT_READ)
    async def clear(self) -> None:
        """Ask for everything of the chain."""
        self._ask(AuditFilter(chain=self.asked.chain))
        self.is_open = False
        await self._show_first(current_actor())

    @rx.event
    @way_in(Permission.AUDIT_READ)
    async def turn(self, pages: int) -> None:
        """Show older entries, or newer ones."""
        await self._show(current_actor(), min(max(self.page + pages, 0), len(self._begins) - 1))

    @rx.event
    @way_in(Permission.AUDIT_READ)
    async def open(self, sequence: int) -> None:
        """Show all that is known of an entry."""
        of_installation = self.asked.chain == "installation"
        entry = await service.get_entry(current_actor(), sequence, of_installation=of_installation)
        names = await self._names(current_actor(), entry)
        self.row, self.detail, self.is_open = entry_item(entry), detail_item(entry, names), True

    @rx.event
    @way_in(Permission.AUDIT_READ)
    async def close(self) -> None:
        """Close the panel."""
        self.is_open = False

    async def _names(self, actor: Actor, entry: Entry) -> dict[str, Message]:
        subjects = await directory.names_of(actor, [parse_id(subject) for subject in subjects_of(entry)])
        return await list_role_names(actor) | {str(row.id): Message(row.name) for row in subjects}

    def _ask(self, asked: AuditFilter) -> None:
        self.asked, self.asked_anew = asked, self.asked_anew + 1

    async def _show_first(self, actor: Actor) -> None:
        self._begins = [None]
        await self._show(actor, 0)

    async def _show(self, actor: Actor, page: int) -> None:
        found = await service.list_entries(actor, self.asked.parsed(), self._begins[page])
        self.rows, self.words = [entry_item(entry) for entry in found.entries], self.asked.words
        self.page, self.has_more, self.is_loaded = page, found.next_cursor is not None, True
        self._begins = self._begins[: page + 1]
        if found.next_cursor is not None:
            self._begins.append(found.next_cursor)
