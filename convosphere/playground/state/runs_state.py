"""Runs of test cases: followed while they go on, opened, compared."""

from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, NotFoundError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.playground.service import runs
from convosphere.playground.state.items import ResultItem, RunItem, compared_item, result_item, run_item
from convosphere.playground.state.playground_state import PlaygroundState, place_of
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import actor_of_tab, next_notice


class RunsState(rx.State):
    """`opened` is the run whose results are shown, `against` the one that it is compared with; "" for none."""

    rows: rx.Field[list[RunItem]] = rx.field(default_factory=list)
    opened: rx.Field[str] = rx.field("")
    against: rx.Field[str] = rx.field("")
    results: rx.Field[list[ResultItem]] = rx.field(default_factory=list)
    better: rx.Field[int] = rx.field(0)
    worse: rx.Field[int] = rx.field(0)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.ASSISTANT_READ)
    async def follow(self) -> None:
        """Show the runs, and again whenever one goes on, until the tab is gone or shows something else."""
        follower = str(new_id())
        async with self:
            self._follower, self.rows, self.opened, self.against, self.results = follower, [], "", "", []
            place = place_of(self)
        async with current_event_hub().subscribe(runs.runs_topic(parse_id(place))) as notices:
            while await self._refresh(follower, place):
                await next_notice(notices)

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def start(self, form: dict[str, str]) -> None:
        """Ask a version all cases."""
        number = form.get("version", "")
        try:
            await runs.start_run(current_actor(), await self._place(), int(number) if number.isdecimal() else 0)
        except ConflictError as error:
            await show_toast(self, "error", error.message)
        await self._load(current_actor(), await self._place())

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def stop(self, run_id: str) -> None:
        """End a run early."""
        await runs.stop_run(current_actor(), await self._place(), parse_id(run_id))
        await self._load(current_actor(), await self._place())

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def resume(self, run_id: str) -> None:
        """Go on with a run."""
        try:
            await runs.resume_run(current_actor(), await self._place(), parse_id(run_id))
        except ConflictError as error:
            await show_toast(self, "error", error.message)
        await self._load(current_actor(), await self._place())

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def open(self, run_id: str) -> None:
        """Show the results of a run, or no longer."""
        self.opened, self.against = "" if self.opened == run_id else run_id, ""
        await self._load_results(current_actor(), await self._place())

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def compare(self, run_id: str) -> None:
        """Compare the run that is open with another one, or with none."""
        self.against = run_id
        await self._load_results(current_actor(), await self._place())

    async def _refresh(self, follower: str, place: str) -> bool:
        actor = await actor_of_tab(self)
        async with self:
            if self._follower != follower or actor.is_anonymous or place_of(self) != place:
                return False
            try:
                await self._load(actor, parse_id(place))
            except NotFoundError:
                return False
        return True

    async def _load(self, actor: Actor, place: UUID) -> None:
        self.rows = [run_item(row) for row in await runs.list_runs(actor, place)]
        await self._load_results(actor, place)

    async def _load_results(self, actor: Actor, place: UUID) -> None:
        self.better = self.worse = 0
        if not self.opened:
            self.results = []
        elif self.against:
            compared = await runs.compare_runs(actor, place, parse_id(self.against), parse_id(self.opened))
            self.better, self.worse = compared.count("better"), compared.count("worse")
            self.results = [item for case in compared.cases if (item := compared_item(case))]
        else:
            _, found = await runs.get_results(actor, place, parse_id(self.opened))
            self.results = [result_item(row) for row in found]

    async def _place(self) -> UUID:
        return parse_id((await self.get_state(PlaygroundState)).place)
