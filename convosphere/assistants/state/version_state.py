"""The versions of an assistant: what changed, and the way back."""

from uuid import UUID

import reflex as rx

from convosphere.assistants.errors import DefinitionRefusedError
from convosphere.assistants.service import versions
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.assistants.state.items import ChangeItem, VersionItem, change_item, version_item
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


class AssistantVersionsState(rx.State):
    """The panel of versions. `compared` is the number of the one whose changes are shown, 0 for none."""

    is_open: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[VersionItem]] = rx.field(default_factory=list)
    compared: rx.Field[int] = rx.field(0)
    changes: rx.Field[list[ChangeItem]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def open(self) -> None:
        """Show the versions of the assistant that is shown."""
        self.compared, self.changes = 0, []
        await self._load()
        self.is_open = True

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def close(self) -> None:
        """Show them no more."""
        self.is_open, self.rows, self.changes, self.compared = False, [], [], 0

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def compare(self, number: int) -> None:
        """Show what a version changed, or no longer."""
        if self.compared == number:
            self.compared, self.changes = 0, []
            return
        comparison = await versions.compare_versions(current_actor(), await self._shown(), number - 1, number)
        self.compared, self.changes = number, [change_item(change) for change in comparison.changes]

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def restore(self, number: int) -> rx.event.EventType[()] | None:
        """Go back to a version, which becomes the newest one."""
        try:
            newest = await versions.restore_version(current_actor(), await self._shown(), number)
        except DefinitionRefusedError as refused:
            await show_toast(self, "error", refused.message)
            return None
        await show_toast(
            self, "success", t("Version {number} is back, as version {newest}.", number=number, newest=newest)
        )
        await self._load()
        return AssistantState.load

    async def _load(self) -> None:
        self.rows = [version_item(row) for row in await versions.list_versions(current_actor(), await self._shown())]

    async def _shown(self) -> UUID:
        return parse_id((await self.get_state(AssistantState)).place)
