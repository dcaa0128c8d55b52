"""The list of people."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

import reflex as rx

from convosphere.admin.state.invitations_state import InvitationsState
from convosphere.admin.state.people_items import Choice, PersonItem, group_choices, person_item, role_choices
from convosphere.core.authorization import current_actor
from convosphere.core.errors import UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import PEOPLE
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.queries.roster import PeopleCursor, PeopleQuery, Sort, Standing
from convosphere.identity.service import roster
from convosphere.identity.service.memberships import people_topic
from convosphere.identity.service.roster import PeopleChoices, PeoplePage
from convosphere.shell.tabs import actor_of_tab, next_notice

PAGE = 50
FILTERS = ("role", "group", "standing")


@dataclass(frozen=True)
class Asked:
    """What is looked for, and in which order; empty fields do not matter."""

    text: str = ""
    role: str = ""
    group: str = ""
    standing: str = ""
    sort: str = "name"
    is_descending: bool = False


class PeopleState(rx.State):
    """A page of the people who match, kept up to date while the tab is open; `first` rows stand before it."""

    rows: rx.Field[list[PersonItem]] = rx.field(default_factory=list)
    found: rx.Field[int] = rx.field(0)
    first: rx.Field[int] = rx.field(0)
    is_loaded: rx.Field[bool] = rx.field(False)
    asked: rx.Field[Asked] = rx.field(default_factory=Asked)
    roles: rx.Field[list[Choice]] = rx.field(default_factory=list)
    groups: rx.Field[list[Choice]] = rx.field(default_factory=list)
    _cursors: list[PeopleCursor] = []  # noqa: RUF012  # The framework copies it for each tab.
    """The ends of the pages before this one, and of this one if there is another."""
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.ACCOUNT_USE)
    async def follow(self) -> AsyncIterator[rx.event.EventType[()]]:
        """Show the list, and again whenever it changes, until the tab is gone or shows another page."""
        actor, follower = current_actor(), str(new_id())
        async with self:
            self._follower = follower
        if actor.workspace_id is None or not actor.may(Permission.PERSON_READ):
            return
        async with current_event_hub().subscribe(people_topic(actor.workspace_id)) as notices:
            while self._is_followed(follower, actor):
                await self._refresh(follower, actor)
                if self.asked.standing == "invited":
                    yield InvitationsState.refresh
                await next_notice(notices)
                actor = await self._actor(actor)

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def search(self, text: str) -> None:
        """Show those whose name or address contains a text."""
        await self._ask(text=text[:200])

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def filter_by(self, name: str, value: str) -> None:
        """Show those of a role, a group or a standing alone; an empty value lifts the filter."""
        if name in FILTERS:
            await self._ask(**{name: value[:100]})

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def sort_by(self, sort: str) -> None:
        """Show them in another order, or the other way round."""
        if sort in get_args(Sort):
            is_again = self.asked.sort == sort
            await self._ask(sort=sort, is_descending=not self.asked.is_descending if is_again else sort == "active")

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def turn_page(self, is_forward: bool) -> None:
        """Show the page behind this one, or the one before."""
        pages = self.first // PAGE
        if is_forward and len(self._cursors) > pages:
            self.first += PAGE
        elif not is_forward and pages:
            self.first, self._cursors = self.first - PAGE, self._cursors[: pages - 1]
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def show_again(self) -> None:
        """Show the list as it is now, without waiting for a notice."""
        await self._load(current_actor())

    async def _ask(self, **changes: Any) -> None:
        self.asked = replace(self.asked, **changes)
        self.first, self._cursors = 0, []
        await self._load(current_actor())

    def _is_followed(self, follower: str, actor: Actor) -> bool:
        is_here = self.router.url.path.rstrip("/") == PEOPLE
        return self._follower == follower and is_here and actor.may(Permission.PERSON_READ)

    async def _actor(self, before: Actor) -> Actor:
        try:
            return await actor_of_tab(self)
        except UnavailableError:
            return before  # What is shown stays until the database is back.

    async def _refresh(self, follower: str, actor: Actor) -> None:
        """Read while other handlers of the tab go on, and once more if they changed meanwhile what is asked for."""
        query = self._query()
        with suppress(UnavailableError):
            choices, page = await roster.list_choices(actor), await roster.list_people(actor, query)
            async with self:
                if self._is_followed(follower, actor):
                    self._show_choices(choices)
                    self._show(page if self._query() == query else await roster.list_people(actor, self._query()))

    async def _load(self, actor: Actor) -> None:
        self._show(await roster.list_people(actor, self._query()))

    def _query(self) -> PeopleQuery:
        asked, pages = self.asked, self.first // PAGE
        return PeopleQuery(
            text=asked.text, role=asked.role, group_id=parse_id(asked.group) if asked.group else None,
            standing=cast("Standing", asked.standing if asked.standing in get_args(Standing) else ""),
            sort=cast("Sort", asked.sort), is_descending=asked.is_descending,
            after=self._cursors[pages - 1] if pages else None, limit=PAGE,
        )  # fmt: skip

    def _show_choices(self, choices: PeopleChoices) -> None:
        roles, groups = role_choices(choices), group_choices(choices)
        if (roles, groups) != (self.roles, self.groups):
            self.roles, self.groups = roles, groups

    def _show(self, page: PeoplePage) -> None:
        names = {choice.key: choice.name for choice in self.roles}
        rows = [person_item(row, names) for row in page.rows]
        if rows != self.rows:
            self.rows = rows
        self._cursors = [*self._cursors[: self.first // PAGE], *([page.next] if page.next else [])]
        self.found, self.is_loaded = page.found, True
