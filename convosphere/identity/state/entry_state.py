"""The pages before sign-in."""

import reflex as rx

from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import installation


class EntryState(rx.State):
    """What the page of sign-in needs to know of the installation."""

    is_founded: rx.Field[bool] = rx.field(True)
    is_mail_possible: rx.Field[bool] = rx.field(True)

    ways: rx.Field[str] = rx.field("")
    """What a second step may be taken with, as the address says."""

    @rx.event
    @way_in(Permission.PUBLIC)
    async def load(self) -> None:
        """Find out whether there is anybody who could sign in, and how they would get a new password."""
        self.is_mail_possible = is_mail_possible()
        self.is_founded = await installation.founded_workspace() is not None
        self.ways = str(self.router.url.query_parameters.get("ways", ""))
