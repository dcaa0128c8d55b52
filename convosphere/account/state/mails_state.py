"""Which mails one wants."""

from typing import TypedDict

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import Value
from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import profiles
from convosphere.identity.service.notices import NOTICES


class MailRow(TypedDict):
    """A kind of mail."""

    key: str
    label: dict[str, str | dict[str, Value]]
    is_security: bool
    is_wanted: bool


class MailsState(rx.State):
    """What the page of notifications shows."""

    rows: rx.Field[list[MailRow]] = rx.field(default_factory=list)
    is_mail_possible: rx.Field[bool] = rx.field(True)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show all kinds."""
        muted = (await profiles.get_profile(current_actor())).muted_mails
        self.is_mail_possible = is_mail_possible()
        self.rows = [
            MailRow(
                key=kind.key,
                label=kind.label.as_dict(),
                is_security=kind.is_security,
                is_wanted=kind.is_security or kind.key not in muted,
            )
            for kind in NOTICES.values()
        ]

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def want(self, key: str, is_wanted: bool) -> None:
        """Switch a kind on or off."""
        await profiles.mute(current_actor(), key, is_muted=not is_wanted)
        self.rows = [MailRow(**{**row, "is_wanted": is_wanted}) if row["key"] == key else row for row in self.rows]
