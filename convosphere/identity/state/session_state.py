"""Whose tab it is."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import people, profiles


class SessionState(rx.State):
    """Whose tab this is. Its only var never leaves the server."""

    _session_id: str = ""

    def _bind(self, session_id: str) -> bool:
        """Say whose session it is from now on; True if it was somebody's and is another one's now."""
        was, self._session_id = self._session_id, session_id
        return was not in ("", session_id)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def keep_locale(self, locale: str) -> None:
        """Remember the language that the person chose."""
        await people.set_locale(current_actor(), locale)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def keep_theme(self, theme: str) -> None:
        """Remember whether the person wants it light or dark."""
        await profiles.prefer(current_actor(), "theme", theme)
