"""How long the conversation that is shown lives, and which of a person's conversations go soon."""

import asyncio
from contextlib import suppress

import reflex as rx

from convosphere.chat.errors import TemporaryForbiddenError
from convosphere.chat.rules import TemporaryRule
from convosphere.chat.service import retention, temporary
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError, UnavailableError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import CHAT
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import actor_of_tab

KEEP_SECONDS = 60.0


class LifeState(rx.State):
    """`is_temporary`: the conversation that is shown, or that is about to begin. `rule` is what the workspace says.

    `leaving` conversations go soon, the first at `leaves_at`; `act` is what becomes of them. That a new one shall be
    temporary stands in the address, so that it counts whatever this State forgets.
    """

    rule: rx.Field[str] = rx.field("allowed")
    is_temporary: rx.Field[bool] = rx.field(False)
    leaving: rx.Field[int] = rx.field(0)
    leaves_at: rx.Field[str] = rx.field("")
    act: rx.Field[str] = rx.field("archive")
    _kept: str = ""
    _keeper: str = ""

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def load(self) -> None:
        """Show which conversations go soon."""
        await self._load()

    @rx.event(background=True)
    @way_in(Permission.CONVERSATION_WRITE)
    async def keep(self, conversation_id: str) -> None:
        """Let a temporary conversation live on as long as this tab has not closed it."""
        keeper, wanted = str(new_id()), parse_id(conversation_id)
        async with self:
            self._keeper = keeper
        while True:
            with suppress(UnavailableError):
                actor = await actor_of_tab(self)
                async with self:
                    if actor.is_anonymous or self._keeper != keeper or self._kept != conversation_id:
                        return
                if not await temporary.keep(actor, wanted):
                    return
            await asyncio.sleep(KEEP_SECONDS)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def close(self) -> rx.event.EventType[()]:
        """End the temporary conversation that is shown, and begin anew."""
        await self._leave("")
        return rx.redirect(CHAT)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def stay(self, ids: list[str]) -> None:
        """Let the time of conversations that go soon begin anew."""
        await retention.keep(current_actor(), [parse_id(each) for each in ids])
        await show_toast(self, "success", t("Kept: {count}", count=len(ids)))
        await self._load()

    async def _begin(self, *, is_wanted: bool) -> None:
        """For a conversation that has not begun."""
        await self._leave("")
        self.rule = (await retention.get_rules(current_actor())).temporary.value
        if is_wanted and self.rule == TemporaryRule.FORBIDDEN:
            await show_toast(self, "error", TemporaryForbiddenError.default_message())
            is_wanted = False
        self.is_temporary = is_wanted or self.rule == TemporaryRule.REQUIRED

    async def _show(self, conversation_id: str, *, is_temporary: bool) -> list[rx.event.EventType[()]]:
        """For one that is there, or has just begun; what is to be done then."""
        await self._leave(conversation_id)
        self.is_temporary = is_temporary
        actor = current_actor()
        if not is_temporary or actor.real_account_id or not actor.may(Permission.CONVERSATION_WRITE):
            return []
        self._kept = conversation_id
        return [LifeState.keep(conversation_id)]

    async def _leave(self, shown: str) -> None:
        """Who goes from a temporary conversation to another one has closed it."""
        left, self._kept = self._kept, ""
        if left and left != shown:
            with suppress(NotFoundError):
                await temporary.close(current_actor(), parse_id(left))

    async def _load(self) -> None:
        found = await retention.get_leaving(current_actor())
        self.leaving, self.act = found.count, found.act.value
        self.leaves_at = found.first_at.isoformat() if found.first_at else ""
