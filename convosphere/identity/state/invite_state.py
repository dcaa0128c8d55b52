"""Inviting somebody."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.identifiers import parse_id
from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.page_routes import SIGN_UP
from convosphere.core.permissions import Permission
from convosphere.core.settings import get_settings
from convosphere.core.ways_in import way_in
from convosphere.identity.service import inviting

GROUP_FIELD = "group:"
"""Begins the names of the fields that choose groups; what follows is the group's id."""


@dataclass(frozen=True)
class Choice:
    """Something to choose: what is stored, and a `core.i18n.Message` as a dict."""

    key: str
    name: dict[str, Any]


class InviteState(rx.State):
    """Inviting somebody: the link is shown once and kept nowhere."""

    is_open: rx.Field[bool] = rx.field(False)
    link: rx.Field[str] = rx.field("")
    sent_to: rx.Field[str] = rx.field("")
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    roles: rx.Field[list[Choice]] = rx.field(default_factory=list)
    groups: rx.Field[list[Choice]] = rx.field(default_factory=list)
    is_mailing: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def show(self, is_open: bool) -> None:
        """Open or close the dialog; closing forgets the link."""
        self.is_open, self.link, self.sent_to, self.error = is_open, "", "", {}
        if is_open:
            choices = await inviting.list_choices(current_actor())
            self.roles = [Choice(key, name.as_dict()) for key, name in choices.roles]
            self.groups = [Choice(str(group_id), {"text": name, "values": {}}) for group_id, name in choices.groups]
            self.is_mailing = is_mail_possible()

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def create(self, form: dict[str, str]) -> None:
        """Make a link, and mail it where there is an address and a mail server."""
        try:
            new = _read(form)
            made = await inviting.invite(current_actor(), new)
        except ExpectedError as error:
            self.error = error.message.as_dict()
            return
        self.error, self.sent_to = {}, new.email.strip() if made.is_mailed else ""
        if made.token:
            self.link = f"{get_settings().public_url or self.router.url.origin}{SIGN_UP}?token={made.token}"


def _read(form: dict[str, str]) -> inviting.NewInvitation:
    days = str(form.get("days", ""))
    return inviting.NewInvitation(
        role=str(form.get("role", "")),
        email=str(form.get("email", "")),
        group_ids=[parse_id(name.removeprefix(GROUP_FIELD)) for name in form if name.startswith(GROUP_FIELD)],
        days=int(days) if days.isdecimal() and len(days) < 4 else inviting.INVITATION_DAYS,
        locale=str(form.get("locale", "")),
    )
