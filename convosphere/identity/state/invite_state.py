"""Inviting somebody."""

from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.permissions import Permission
from convosphere.core.settings import get_settings
from convosphere.core.ways_in import way_in
from convosphere.identity.service import invitations
from convosphere.ui.routes import SIGN_UP


class InviteState(rx.State):
    """Inviting somebody: the link is shown once and kept nowhere."""

    is_open: rx.Field[bool] = rx.field(False)
    link: rx.Field[str] = rx.field("")
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def show(self, is_open: bool) -> None:
        """Open or close the dialog; closing forgets the link."""
        self.is_open, self.link, self.error = is_open, "", {}

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def create(self, form: dict[str, str]) -> None:
        """Make a link."""
        role, email = str(form.get("role", "")), str(form.get("email", ""))
        try:
            invitation = await invitations.invite(current_actor(), role=role, email=email)
        except InvalidInputError as error:
            self.error = error.message.as_dict()
            return
        self.link = f"{get_settings().public_url or self.router.url.origin}{SIGN_UP}?token={invitation.token}"
        self.error = {}
