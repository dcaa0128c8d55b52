"""How long the session of this tab lasts."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.schemas import TimeLeft
from convosphere.identity.service import own_sessions


class WatchState(rx.State):
    """What the page needs to warn before the session ends; see `assets/session.js`."""

    seconds_left: rx.Field[float] = rx.field(0.0)
    is_final: rx.Field[bool] = rx.field(False)
    turn: rx.Field[int] = rx.field(0)
    """Counts the answers, so that the page sees one that says the same."""

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def look(self) -> None:
        """Find out; this does not prolong it."""
        self._tell(await own_sessions.time_left(current_actor()))

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def stay(self) -> None:
        """The person did something, or asked to stay."""
        self._tell(await own_sessions.stay(current_actor()))

    def _tell(self, left: TimeLeft) -> None:
        self.seconds_left, self.is_final, self.turn = left.seconds, left.is_final, self.turn + 1
