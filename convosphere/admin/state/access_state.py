"""Letting somebody in again who forgot their password or lost their address."""

from typing import Any
from uuid import UUID

import reflex as rx

from convosphere.admin.state.person_state import PersonState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import PEOPLE
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import addresses, recovery
from convosphere.shell import show_toast


class AccessState(rx.State):
    """A link for a new password, shown once and kept nowhere, and another address, of the person of the address."""

    link: rx.Field[str] = rx.field("")
    _link_of: UUID | None = None
    is_open: rx.Field[bool] = rx.field(False)
    email_error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    def forget(self) -> None:
        """Keep nothing from one person's page to another's; a link may be on its way to this one still."""
        self.is_open, self.email_error = False, {}
        if self._link_of != self._id():
            self.link = ""

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def make_link(self) -> None:
        """Make a link that is passed on by hand."""
        self._link_of = self._id()
        self.link = (await recovery.make_recovery_link(current_actor(), self._link_of)).address

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    def forget_link(self) -> None:
        """The page has the link; it is kept nowhere else."""
        self.link = ""

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    def ask_email(self, is_open: bool) -> None:
        """Open or close the dialog of the address."""
        self.is_open, self.email_error = is_open, {}

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def change_email(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Give the person another address."""
        try:
            await addresses.give_address(current_actor(), self._id(), str(form.get("person-email", "")))
        except (InvalidInputError, ConflictError) as error:
            self.email_error = error.message.as_dict()
            return None
        self.is_open, self.email_error = False, {}
        await show_toast(self, "success", t("The e-mail address is changed."))
        return PersonState.show_again

    def _id(self) -> UUID:
        return parse_id(self.router.url.path.removeprefix(PEOPLE).strip("/"))
