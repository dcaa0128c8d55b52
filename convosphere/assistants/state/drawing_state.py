"""A picture that a model makes for the assistant that is edited."""

from typing import Any

import reflex as rx

from convosphere.assistants.service import drawing
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.assistants.state.picture_state import AssistantPictureState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.llm.prices import NANOS


class AssistantDrawingState(rx.State):
    """What is wished for and what came of it; without a `model` nobody makes pictures. `cost` is -1 if not known."""

    model: rx.Field[str] = rx.field("")
    cost: rx.Field[float] = rx.field(-1)
    currency: rx.Field[str] = rx.field("USD")
    is_open: rx.Field[bool] = rx.field(False)
    is_drawing: rx.Field[bool] = rx.field(False)
    wish: rx.Field[str] = rx.field("")
    icon: rx.Field[str] = rx.field("")
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def load(self) -> None:
        """Say who would make one."""
        actor = current_actor()
        offer = await drawing.get_offer(actor) if actor.may(Permission.ASSISTANT_WRITE) else None
        self.is_open, self.model = False, offer.model if offer else ""
        if offer:
            self.cost = -1 if offer.cost_nanos is None else offer.cost_nanos / NANOS
            self.currency = offer.currency

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def open(self) -> None:
        """Ask what it should show, beginning with what the assistant is for."""
        was = (await self.get_state(AssistantState)).was
        self.is_open, self.error = True, {}
        if not self.is_drawing:
            self.wish, self.icon = (was.description or was.name)[: drawing.LONGEST_WISH], ""

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave the picture as it is."""
        self.is_open = is_open

    @rx.event(background=True)
    @way_in(Permission.ASSISTANT_WRITE)
    async def draw(self, form: dict[str, str]) -> None:
        """Have one made, which takes a while."""
        actor = current_actor()
        async with self:
            if self.is_drawing:
                return
            wish = str(form.get("drawing-wish", ""))
            self.is_drawing, self.error, self.wish = True, {}, wish
        icon, error = "", {}
        try:
            icon = await drawing.draw_picture(actor, wish)
        except ExpectedError as refused:
            error = refused.message.as_dict()
        finally:
            async with self:
                self.is_drawing, self.error, self.icon = False, error, icon or self.icon

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def take(self) -> rx.event.EventType[()]:
        """Offer it with the other pictures; it is kept with the assistant when that is saved."""
        self.is_open = False
        return AssistantPictureState.take({"icon": self.icon})
