"""The playground of an assistant: what is tried, and the answers side by side."""

import asyncio
from collections.abc import Sequence
from typing import Any

import reflex as rx

from convosphere.assistants.errors import DefinitionRefusedError
from convosphere.assistants.schemas import Settings
from convosphere.assistants.service import assistants
from convosphere.assistants.service.editing import list_models
from convosphere.assistants.service.versions import list_versions
from convosphere.assistants.state.items import DefinitionItem, ModelChoice, definition_item, with_gone
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import ASSISTANTS
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.playground.service import comparing
from convosphere.playground.service.comparing import MOST_AT_ONCE
from convosphere.playground.service.trying import Attempt
from convosphere.playground.state.forms import read_picks, read_working
from convosphere.playground.state.items import Fact, fact_of
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import TabGuard

FIELDS = ("instructions", "model", *Settings.model_fields)
"""Of the working copy, that can be changed here."""
PLACES = ("first", "second", "third", "fourth")
FLUSH_SECONDS = 0.12


def place_of(state: rx.State) -> str:
    """The assistant that the address of a tab names; what is loaded beside one another waits for no other State."""
    return state.router.url.path.removeprefix(ASSISTANTS).strip("/").partition("/")[0]


class PlaygroundState(rx.State):
    """The assistant that the address names, with what its fields began with, and what is wrong in them."""

    place: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    view: rx.Field[str] = rx.field("try")
    was: rx.Field[DefinitionItem] = rx.field(default_factory=DefinitionItem)
    version: rx.Field[int] = rx.field(0)
    versions: rx.Field[list[int]] = rx.field(default_factory=list)
    models: rx.Field[list[ModelChoice]] = rx.field(default_factory=list)
    columns: rx.Field[int] = rx.field(2)
    problems: rx.Field[dict[str, dict[str, Any]]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def load(self) -> None:
        """Show the playground of the assistant of the address."""
        place = place_of(self)
        self.is_missing, actor = False, current_actor()
        self.models = [ModelChoice(*named) for named in await list_models(actor)]
        try:
            await self._show(place)
        except ExpectedError as error:
            if not isinstance(error, NotFoundError) and actor.may(Permission.ASSISTANT_WRITE):
                raise
            self.is_missing, self.name, self.versions = True, "", []
        self.place = place

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def choose_view(self, view: str) -> None:
        """Show the answers side by side, or the test cases."""
        if view in {"try", "cases"}:
            self.view = view

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def add_column(self) -> None:
        """Have one more answer."""
        self.columns = min(self.columns + 1, MOST_AT_ONCE)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def remove_column(self) -> None:
        """Have one less answer."""
        self.columns = max(self.columns - 1, 1)

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def send(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Ask, or keep the working copy as a new version."""
        if form.get("act") != "save":
            return PlaygroundAnswerState.ask(form)
        actor, assistant_id = current_actor(), parse_id(self.place)
        try:
            opened = await comparing.open_current(actor, assistant_id)
            working = read_working(form, opened.definition)
            number = await assistants.save_assistant(
                actor, assistant_id, working, form.get("why", ""), based_on=self.version
            )
        except ExpectedError as error:
            await self._tell(error)
            return None
        await self._show(self.place)
        await show_toast(self, "success", t("Saved as version {number}", number=number))
        return None

    async def _show(self, place: str) -> None:
        actor, assistant_id = current_actor(), parse_id(place)
        opened = await comparing.open_current(actor, assistant_id)
        self.name, self.version = opened.definition.name, opened.number
        self.was, self.problems = definition_item(opened.definition), {}
        self.models = with_gone(self.models, self.was.model)
        self.versions = [row.number for row in await list_versions(actor, assistant_id)]

    async def _tell(self, error: ExpectedError) -> None:
        """Say what is wrong beside the field that it is about, if that can be seen here."""
        problems = error.problems if isinstance(error, DefinitionRefusedError) else ()
        self.problems = {each.field: each.message.as_dict() for each in reversed(problems) if each.field in FIELDS}
        if not self.problems:
            await show_toast(self, "error", error.message)


class PlaygroundAnswerState(rx.State):
    """The answers side by side while they are written: small, since it travels many times a second."""

    first: rx.Field[str] = rx.field("")
    second: rx.Field[str] = rx.field("")
    third: rx.Field[str] = rx.field("")
    fourth: rx.Field[str] = rx.field("")
    facts: rx.Field[list[Fact]] = rx.field(default_factory=list)
    is_running: rx.Field[bool] = rx.field(False)
    is_stopping: rx.Field[bool] = rx.field(False)
    _turn: int = 0

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def clear(self) -> None:
        """Begin with nothing; what still runs for this tab ends."""
        self._clear()

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def stop(self) -> None:
        """End all answers; what is there stays."""
        self.is_stopping = self.is_running

    @rx.event(background=True)
    @way_in(Permission.ASSISTANT_WRITE)
    async def ask(self, form: dict[str, str]) -> None:
        """Ask all at once, and show what they say until they have said it, or the tab is gone."""
        actor = current_actor()
        async with self:
            if self.is_running:
                return
            shown, guard = await self.get_state(PlaygroundState), TabGuard(self, actor)
            place, picks, shown.problems = shown.place, read_picks(form, shown.columns), {}
            turn = self._begin(len(picks))
        try:
            opened = await comparing.open_current(actor, parse_id(place))
            subjects = await comparing.open_subjects(actor, opened.assistant_id, read_working(form, opened.definition),
                                                     picks)  # fmt: skip
            async with comparing.answering(actor, subjects, form.get("question", "")) as attempts:
                # By the clock: a stop or a closed tab must be seen as well where no word comes.
                while await guard.holds() and await self._show(attempts, turn):  # noqa: ASYNC110
                    await asyncio.sleep(FLUSH_SECONDS)
            await self._end(turn, attempts)
        except ExpectedError as error:
            async with self:
                await (await self.get_state(PlaygroundState))._tell(error)
            await self._end(turn, [])

    def _clear(self) -> None:
        self._turn += 1
        self.is_running, self.is_stopping, self.facts = False, False, []
        self.first = self.second = self.third = self.fourth = ""

    def _begin(self, count: int) -> int:
        self._clear()
        self.is_running, self.facts = True, [Fact(status="waiting")] * count
        return self._turn

    async def _show(self, attempts: Sequence[Attempt], turn: int) -> bool:
        """Send what is new; False where there is nothing more to wait for."""
        changed = [place for place, attempt in enumerate(attempts) if attempt.changed.is_set()]
        async with self:
            if self._turn != turn or self.is_stopping:
                return False
            self._take(attempts, changed)
        return not all(attempt.is_over for attempt in attempts)

    async def _end(self, turn: int, attempts: Sequence[Attempt]) -> None:
        async with self:
            if self._turn == turn:
                self._take(attempts, range(len(attempts)))
                self.is_running, self.is_stopping = False, False
                if not attempts:
                    self.facts = []

    def _take(self, attempts: Sequence[Attempt], places: Sequence[int]) -> None:
        for place in places:
            attempts[place].changed.clear()
            setattr(self, PLACES[place], attempts[place].text)
        facts = [fact_of(attempt) for attempt in attempts]
        if places and facts != self.facts:
            self.facts = facts
