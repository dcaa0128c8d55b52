"""Templates to begin a new assistant with."""

from dataclasses import dataclass

import reflex as rx

from convosphere.assistants.service import templates
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


@dataclass(frozen=True)
class TemplateItem:
    """A template in the person's language."""

    key: str
    name: str
    description: str
    icon: str
    color: str
    category: str


class AssistantTemplatesState(rx.State):
    """The dialog of templates; `times` counts how often one was taken, and so tells the editor to begin anew."""

    is_open: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[TemplateItem]] = rx.field(default_factory=list)
    times: rx.Field[int] = rx.field(0)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def open(self) -> None:
        """Show them."""
        self.rows = [
            TemplateItem(key, each.name, each.description, each.icon, each.color, each.category)
            for key, each in templates.list_templates(current_actor())
        ]
        self.is_open = True

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Show them no more."""
        if not is_open:
            self.is_open = False

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def choose(self, key: str) -> None:
        """Fill the editor of a new assistant with one; nothing is kept yet."""
        definition = templates.get_template(current_actor(), key)
        await (await self.get_state(AssistantState))._begin_with(definition)
        self.times += 1
        self.is_open = False
