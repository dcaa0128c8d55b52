"""One assistant: its page and its editor."""

from typing import Any

import reflex as rx

from convosphere.assistants.errors import DefinitionRefusedError, Problem
from convosphere.assistants.schemas import Definition
from convosphere.assistants.service import assistants, editing
from convosphere.assistants.state.forms import read_definition
from convosphere.assistants.state.items import (
    AssistantItem,
    DefinitionItem,
    ModelChoice,
    assistant_item,
    definition_item,
    with_gone,
)
from convosphere.assistants.state.places_state import AssistantPlacesState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import ASSISTANTS, assistant
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.places.schemas import NOWHERE, Places
from convosphere.shell.state import show_toast

NEW = "new"


class AssistantState(rx.State):
    """The assistant that the address names. `was` is what its fields began with, `problems` what is wrong with them.

    `parameters` are those that the chosen model knows, `tokens` what the final prompt takes of it.
    """

    shown: rx.Field[AssistantItem] = rx.field(default_factory=AssistantItem)
    was: rx.Field[DefinitionItem] = rx.field(default_factory=DefinitionItem)
    version: rx.Field[int] = rx.field(0)
    place: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    problems: rx.Field[dict[str, dict[str, Any]]] = rx.field(default_factory=dict)
    parameters: rx.Field[list[str]] = rx.field(default_factory=list)
    tokens: rx.Field[int] = rx.field(0)
    prompt: rx.Field[str] = rx.field("")
    saved: rx.Field[int] = rx.field(0)
    models: rx.Field[list[ModelChoice]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def load(self) -> None:
        """Show the assistant of the address; its editor too, for who may change it."""
        place = self.router.url.path.removeprefix(ASSISTANTS).strip("/")
        self.problems, self.is_missing = {}, False
        self.models = [ModelChoice(*named) for named in await editing.list_models(current_actor())]
        try:
            await (self._show_new() if place == NEW else self._show(place))
        except NotFoundError:
            self.shown, self.is_missing = AssistantItem(), True
        self.place = place

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def check(self, form: dict[str, str]) -> None:
        """Say what is wrong with what is written so far, and what the model would read of it."""
        try:
            definition = read_definition(form, await self._places())
        except DefinitionRefusedError as refused:
            self._tell(refused.problems)
            return
        await self._preview(definition)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def forget_problem(self, field: str) -> None:
        """Say no more what was wrong with a field that is filled in another way than by writing."""
        self.problems = {name: told for name, told in self.problems.items() if name != field}

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def save(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Keep what was written as a new version, or as a new assistant."""
        actor, why = current_actor(), str(form.get("why", ""))
        try:
            definition = read_definition(form, await self._places())
            if self.place == NEW:
                return rx.redirect(assistant(str(await assistants.create_assistant(actor, definition, why))))
            assistant_id = parse_id(self.place)
            await assistants.save_assistant(actor, assistant_id, definition, why, based_on=self.version)
        except DefinitionRefusedError as refused:
            self._tell(refused.problems)
            return None
        except ConflictError as error:
            await show_toast(self, "error", error.message)
            return None
        await self._show(self.place)
        self.saved += 1
        return None

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def set_state(self, state: str) -> None:
        """Let the assistant answer others, or nobody."""
        await assistants.set_state(current_actor(), parse_id(self.place), state)
        self.shown = assistant_item(await assistants.get_assistant(current_actor(), parse_id(self.place)))

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def set_favourite(self, is_favourite: bool) -> None:
        """Find the assistant first in lists, or no longer."""
        assistant_id = parse_id(self.place)
        await assistants.set_favourite(current_actor(), assistant_id, is_favourite=is_favourite)
        self.shown = assistant_item(await assistants.get_assistant(current_actor(), assistant_id))

    async def _show(self, place: str) -> None:
        actor, assistant_id = current_actor(), parse_id(place)
        self.shown = assistant_item(await assistants.get_assistant(actor, assistant_id))
        if not self.shown.can_edit:
            self.was, self.version = DefinitionItem(), 0
            return
        detail = await assistants.open_assistant(actor, assistant_id)
        self.was, self.version = definition_item(detail.definition), detail.version
        self.models = with_gone(self.models, self.was.model, self.was.fallback)
        await (await self.get_state(AssistantPlacesState))._show(detail.definition.knowledge.places)
        await self._preview(detail.definition)

    async def _show_new(self) -> None:
        self.shown, self.was, self.version = AssistantItem(), DefinitionItem(), 0
        await (await self.get_state(AssistantPlacesState))._show(NOWHERE)
        await self._preview(Definition())
        self.problems = {}  # Nobody has written anything yet.

    async def _begin_with(self, definition: Definition) -> None:
        """Fill the fields of a new assistant."""
        self.was = definition_item(definition)
        await (await self.get_state(AssistantPlacesState))._show(NOWHERE)
        await self._preview(definition)

    async def _show_again(self) -> None:
        """Show what was decided of it, and leave the fields as they are."""
        if self.shown.id and self.shown.id == self.place:
            self.shown = assistant_item(await assistants.get_assistant(current_actor(), parse_id(self.place)))

    async def _preview(self, definition: Definition) -> None:
        seen = await editing.preview(current_actor(), definition)
        self._tell(seen.problems)
        self.prompt, self.tokens = seen.prompt, seen.tokens
        self.parameters = sorted(seen.parameters)

    async def _places(self) -> Places:
        return (await self.get_state(AssistantPlacesState))._places()

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        """The first problem of each field."""
        self.problems = {problem.field: problem.message.as_dict() for problem in reversed(problems)}
