"""The test cases of an assistant, and the dialog that changes one."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.playground.schemas import MOST_EXPECTATIONS
from convosphere.playground.service import cases
from convosphere.playground.state.forms import read_case
from convosphere.playground.state.items import CaseItem, ExpectationItem, case_item
from convosphere.playground.state.playground_state import PlaygroundState, place_of


class CasesState(rx.State):
    """`shown` is the case in the dialog, one without an id a new one."""

    rows: rx.Field[list[CaseItem]] = rx.field(default_factory=list)
    shown: rx.Field[CaseItem] = rx.field(default_factory=CaseItem)
    is_open: rx.Field[bool] = rx.field(False)
    problem: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def load(self) -> None:
        """Show the cases of the assistant of the address."""
        self.rows, self.is_open = [], False
        with suppress(NotFoundError):  # The page says that there is none.
            await self._load(parse_id(place_of(self)))

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def edit(self, case_id: str) -> None:
        """Open the dialog with a case, or with a new one."""
        found = next((row for row in self.rows if row.id == case_id), CaseItem())
        self.shown = CaseItem(found.id, found.question, found.expectations or [ExpectationItem()])
        self.is_open, self.problem = True, {}

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def close(self, is_open: bool = False) -> None:
        """Close the dialog."""
        self.is_open = is_open and self.is_open

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def add_expectation(self) -> None:
        """Offer one more expectation."""
        if len(self.shown.expectations) < MOST_EXPECTATIONS:
            more = [*self.shown.expectations, ExpectationItem()]
            self.shown = CaseItem(self.shown.id, self.shown.question, more)

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def save(self, form: dict[str, str]) -> None:
        """Keep the case of the dialog."""
        case_id = parse_id(self.shown.id) if self.shown.id else None
        try:
            await cases.save_case(current_actor(), await self._place(), read_case(form), case_id)
        except InvalidInputError as error:
            self.problem = error.message.as_dict()
            return
        self.is_open = False
        await self._load(await self._place())

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def delete(self, case_id: str) -> None:
        """Drop a case."""
        await cases.delete_case(current_actor(), await self._place(), parse_id(case_id))
        await self._load(await self._place())

    async def _load(self, assistant_id: UUID) -> None:
        self.rows = [case_item(row) for row in await cases.list_cases(current_actor(), assistant_id)]

    async def _place(self) -> UUID:
        return parse_id((await self.get_state(PlaygroundState)).place)
