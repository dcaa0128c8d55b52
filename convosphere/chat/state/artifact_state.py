"""The artifact that is looked at beside a chat."""

import reflex as rx

from convosphere.chat.service import artifacts
from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class ArtifactState(rx.State):
    """The side panel with what an answer has made; `version` counts from 1."""

    is_open: rx.Field[bool] = rx.field(False)
    address: rx.Field[str] = rx.field("")
    kind: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    text: rx.Field[str] = rx.field("")
    version: rx.Field[int] = rx.field(1)
    versions: rx.Field[int] = rx.field(1)
    _places: list[tuple[str, int]] = []  # noqa: RUF012  # Reflex copies it for each tab.

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def open(self, message_id: str, number: int) -> None:
        """Look at an artifact of a message; rights are checked anew."""
        await self._show(message_id, number)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def turn(self, steps: int) -> None:
        """Look at an earlier version, or a later one."""
        index = self.version - 1 + steps
        if 0 <= index < len(self._places):
            await self._show(*self._places[index])

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def close(self) -> None:
        """Close the panel, and let go of what it held."""
        self._forget()

    def _forget(self) -> None:
        self.is_open, self.text, self.address, self._places = False, "", "", []

    async def _show(self, message_id: str, number: int) -> None:
        view = await artifacts.open_artifact(current_actor(), parse_id(message_id), number)
        self.kind, self.title, self.text = view.artifact.kind, view.artifact.title, view.artifact.text
        self.address = f"/api/artifacts/{view.place.message_id}/{view.place.number}"
        self._places = [(str(place.message_id), place.number) for place in view.versions]
        self.version, self.versions = view.versions.index(view.place) + 1, len(view.versions)
        self.is_open = True
