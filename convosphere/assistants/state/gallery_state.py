"""What owners and reviewers decide of a place in the gallery, each in a dialog that says what follows."""

from typing import Any
from uuid import UUID

import reflex as rx

from convosphere.assistants.service import gallery
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.assistants.state.list_state import AssistantListState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast

DIALOGS = ("publish", "take_back", "remove")


class AssistantGalleryState(rx.State):
    """The dialog that is open, which assistant it is about, and what hinders."""

    dialog: rx.Field[str] = rx.field("")
    asked_id: rx.Field[str] = rx.field("")
    asked_name: rx.Field[str] = rx.field("")
    problem: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def ask(self, dialog: str, assistant_id: str, name: str) -> None:
        """Open a dialog about an assistant."""
        if dialog in DIALOGS:
            self.dialog, self.asked_id, self.asked_name, self.problem = dialog, assistant_id, name, {}

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Close it without doing anything."""
        if not is_open:
            self.dialog = ""

    @rx.event
    @way_in(Permission.ASSISTANT_SHARE)
    async def publish(self) -> None:
        """Ask that the current version be published."""
        try:
            await gallery.ask_for_review(current_actor(), self._asked())
        except (ConflictError, InvalidInputError) as error:
            self.problem = error.message.as_dict()
            return
        await show_toast(self, "success", t("Asked for. A manager reviews it; its page says what came of it."))
        await self._settle()

    @rx.event
    @way_in(Permission.ASSISTANT_SHARE)
    async def take_back(self) -> None:
        """Take an assistant of one's own out of the gallery, or back what one asked for."""
        await gallery.take_back(current_actor(), self._asked())
        await self._settle()

    @rx.event
    @way_in(Permission.ASSISTANT_REVIEW)
    async def remove(self, form: dict[str, str]) -> None:
        """Take anybody's assistant out of the gallery."""
        try:
            await gallery.remove(current_actor(), self._asked(), str(form.get("remove-reason", "")))
        except InvalidInputError as error:
            self.problem = error.message.as_dict()
            return
        await self._settle()

    def _asked(self) -> UUID:
        return parse_id(self.asked_id)

    async def _settle(self) -> None:
        self.dialog = ""
        await (await self.get_state(AssistantState))._show_again()
        shown = await self.get_state(AssistantListState)
        if shown.is_loaded:
            await shown._load()
