"""What one proves oneself with."""

from typing import TypedDict

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import factors, one_time_codes, passkeys


class PasskeyItem(TypedDict):
    """A passkey in the list."""

    id: str
    name: str
    created_at: str
    last_used_at: str


class FactorState(rx.State):
    """What the page of security shows of factors; seeds and codes never pass through it."""

    email: rx.Field[str] = rx.field("")
    has_password: rx.Field[bool] = rx.field(True)
    totp_since: rx.Field[str] = rx.field("")
    passkeys: rx.Field[list[PasskeyItem]] = rx.field(default_factory=list)
    codes_left: rx.Field[int] = rx.field(0)
    lacks_factor: rx.Field[bool] = rx.field(False)
    renamed: rx.Field[str] = rx.field("")
    """The passkey whose name is being changed."""

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show what there is."""
        actor = current_actor()
        found = await factors.list_factors(actor)
        self.email, self.has_password, self.codes_left = actor.email, found.has_password, found.codes_left
        self.totp_since = found.totp_since.isoformat() if found.totp_since else ""
        self.passkeys = [
            PasskeyItem(
                id=str(row.id),
                name=row.name,
                created_at=row.created_at.isoformat(),
                last_used_at=row.last_used_at.isoformat() if row.last_used_at else "",
            )
            for row in found.passkeys
        ]
        self.lacks_factor, self.renamed = actor.lacks_factor, ""

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def remove_one_time_codes(self) -> None:
        """Do without the app."""
        await one_time_codes.remove_one_time_codes(current_actor())
        await self._show()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def remove_passkey(self, passkey_id: str) -> None:
        """Do without a passkey."""
        await passkeys.remove_passkey(current_actor(), parse_id(passkey_id))
        await self._show()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    def ask_to_rename(self, passkey_id: str) -> None:
        """Open the field for another name; an empty id closes it."""
        self.renamed = passkey_id

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def rename_passkey(self, form: dict[str, str]) -> None:
        """Take another name."""
        await passkeys.rename_passkey(current_actor(), parse_id(self.renamed), str(form.get("passkey_name", "")))
        await self._show()

    async def _show(self) -> None:
        await FactorState.load.fn(self)  # pyright: ignore[reportAttributeAccessIssue]
