"""Where one is signed in."""

from typing import TypedDict

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import own_sessions


class DeviceCard(TypedDict):
    """A browser in which one is signed in."""

    id: str
    device: str
    address: str
    signed_in: str
    last_seen: str
    is_this: bool


class DevicesState(rx.State):
    """The list of browsers."""

    rows: rx.Field[list[DeviceCard]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show all."""
        await self._show()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def end(self, session_id: str) -> None:
        """Sign out in one of them."""
        await own_sessions.end_device(current_actor(), parse_id(session_id))
        await self._show()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def end_others(self) -> None:
        """Sign out everywhere but here."""
        await own_sessions.end_other_devices(current_actor())
        await self._show()

    async def _show(self) -> None:
        self.rows = [
            DeviceCard(
                id=str(row.id),
                device=row.device,
                address=row.address,
                signed_in=row.created_at.isoformat(),
                last_seen=row.last_seen_at.isoformat(),
                is_this=row.is_this,
            )
            for row in await own_sessions.list_devices(current_actor())
        ]
