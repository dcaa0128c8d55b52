"""Which models there are, and which one answers next."""

from dataclasses import dataclass

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.llm.gateway import current_gateway


@dataclass(frozen=True)
class ModelItem:
    """A model in the picker."""

    id: str
    name: str
    provider: str
    is_reader: bool


class ModelState(rx.State):
    """The picker of the composer; an empty choice means the installation's default."""

    models: rx.Field[list[ModelItem]] = rx.field(default_factory=list)
    chosen: rx.Field[str] = rx.field("")
    default: rx.Field[str] = rx.field("")

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def load(self) -> None:
        """Show what there is now."""
        gateway = current_gateway()
        models = [ModelItem(model.id, model.name, model.provider, model.is_reader) for model in await gateway.models()]
        if models != self.models:
            self.models = models
        self.default = gateway.default_model().id

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def choose(self, model: str) -> None:
        """Let this model answer from now on, if there is one of this name."""
        self.chosen = current_gateway().get_model(model).id
