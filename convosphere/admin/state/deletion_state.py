"""Deleting a person: what is lost, who gets what is shared, and the name to be typed."""

from typing import Any

import reflex as rx

from convosphere.admin.state.people_items import Choice, Words, plain
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import PEOPLE
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import directory, leaving, roster
from convosphere.shell.state import show_toast


class DeletionState(rx.State):
    """The dialog about one person. `heir` is who gets what they share; nobody: it is deleted."""

    is_open: rx.Field[bool] = rx.field(False)
    name: rx.Field[str] = rx.field("")
    lost: rx.Field[list[Words]] = rx.field(default_factory=list)
    shared: rx.Field[list[Words]] = rx.field(default_factory=list)
    found: rx.Field[list[Choice]] = rx.field(default_factory=list)
    heir: rx.Field[Choice] = rx.field(default_factory=Choice)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    _person_id: str = ""

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def ask(self, person_id: str) -> None:
        """Say what would be lost."""
        self.reset()
        actor, account_id = current_actor(), parse_id(person_id)
        holdings = await leaving.list_holdings(actor, account_id)
        self.lost = [holding.label.as_dict() for holding in holdings if not holding.is_shared]
        self.shared = [holding.label.as_dict() for holding in holdings if holding.is_shared]
        self.name = (await roster.get_person(actor, account_id)).detail.name
        self._person_id, self.is_open = person_id, True

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        self.is_open = is_open

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def find_heir(self, text: str) -> None:
        """Look for somebody to hand things over to."""
        rows = await directory.look_up(current_actor(), text, with_groups=False)
        self.found = [Choice(str(row.id), plain(row.name)) for row in rows if str(row.id) != self._person_id]

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    def choose_heir(self, person_id: str) -> None:
        """Hand things over to one of those who were found; an empty id: to nobody."""
        self.heir = next((choice for choice in self.found if choice.key == person_id), Choice())
        self.found = []

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def delete(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Delete the person, if their name was typed."""
        if str(form.get("deletion-name", "")).strip() != self.name.strip():
            self.error = t("Please type the name exactly as it stands here.").as_dict()
            return None
        try:
            heir_id = parse_id(self.heir.key) if self.heir.key else None
            await leaving.delete_person(current_actor(), parse_id(self._person_id), heir_id)
        except (ForbiddenError, ConflictError, InvalidInputError) as error:
            self.error = error.message.as_dict()
            return None
        self.is_open = False
        await show_toast(self, "info", t("{name} is being deleted.", name=self.name))
        return rx.redirect(PEOPLE)
