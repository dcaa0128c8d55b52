"""Verifying the audit trail from its page."""

import reflex as rx

from convosphere.admin.state.audit_items import VerificationItem, verification_item
from convosphere.core.audit import verifying
from convosphere.core.authorization import current_actor
from convosphere.core.events import current_event_hub
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.tabs import actor_of_tab, next_notice

_MOST_LOOKS = 30
"""Each takes up to `shell.tabs.LOOK_SECONDS`; a result that comes later is there when the page is opened again."""


class VerificationState(rx.State):
    """The newest result, and whether another one is awaited."""

    found: rx.Field[VerificationItem] = rx.field(default_factory=VerificationItem)
    is_running: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.AUDIT_READ)
    async def load(self) -> None:
        """Show what was found the last time."""
        self.found = verification_item(await verifying.last_verification(current_actor()))

    @rx.event(background=True)
    @way_in(Permission.AUDIT_READ)
    async def verify(self) -> None:
        """Have the worker verify it, and show what it finds."""
        actor = current_actor()
        async with self:
            if self.is_running or actor.workspace_id is None:
                return
            self.is_running = True
        try:
            async with current_event_hub().subscribe(verifying.verification_topic(actor.workspace_id)) as notices:
                before = await verifying.last_verification(actor)
                await verifying.ask_for_verification(actor)
                for _ in range(_MOST_LOOKS):
                    await next_notice(notices)
                    actor = await actor_of_tab(self)
                    if not actor.may(Permission.AUDIT_READ):
                        return
                    if (found := await verifying.last_verification(actor)) != before:
                        async with self:
                            self.found = verification_item(found)
                        return
        finally:
            async with self:
                self.is_running = False
