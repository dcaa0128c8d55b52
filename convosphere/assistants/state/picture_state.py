"""A picture that somebody brings for the assistant that is edited."""

import reflex as rx

from convosphere.assistants.service.pictures import is_own
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class AssistantPictureState(rx.State):
    """The last one; `place` says for which assistant."""

    icon: rx.Field[str] = rx.field("")
    place: rx.Field[str] = rx.field("")

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def take(self, answer: dict[str, str]) -> None:
        """Offer what was uploaded; it is kept with the assistant when that is saved."""
        icon = str(answer.get("icon", ""))
        if is_own(icon):
            self.icon, self.place = icon, (await self.get_state(AssistantState)).place
