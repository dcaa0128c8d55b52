"""What is done with several people at once."""

import reflex as rx

from convosphere.admin.state.people_state import PeopleState
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import groups, memberships
from convosphere.identity.service.memberships import MOST_AT_ONCE, Outcome
from convosphere.shell.state import show_toast


class PeopleActState(rx.State):
    """Who is selected, and the dialog that is open: `role`, `group`, `deactivate` or none."""

    selected: rx.Field[list[str]] = rx.field(default_factory=list)
    dialog: rx.Field[str] = rx.field("")

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def select(self, person_ids: list[str], is_selected: bool) -> None:
        """Select some of the people who are shown, or no longer."""
        shown = await self._shown()
        chosen = [person_id for person_id in person_ids if person_id in shown]
        rest = [person_id for person_id in self.selected if person_id not in chosen]
        self.selected = [*rest, *chosen][:MOST_AT_ONCE] if is_selected else rest

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def toggle_all(self) -> None:
        """Select all people who are shown, or none."""
        shown = await self._shown()
        is_all = set(shown) <= set(self.selected)
        self.selected = [] if is_all else list(dict.fromkeys([*self.selected, *shown]))[:MOST_AT_ONCE]

    @rx.event
    @way_in(Permission.PERSON_READ)
    def clear(self) -> None:
        """Select nobody."""
        self.selected = []

    @rx.event
    @way_in(Permission.PERSON_READ)
    def ask(self, dialog: str) -> None:
        """Open a dialog about those who are selected."""
        self.dialog = dialog if dialog in {"role", "group", "deactivate"} else ""

    @rx.event
    @way_in(Permission.PERSON_READ)
    def close_dialog(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.dialog = ""

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def give_role(self, form: dict[str, str]) -> rx.event.EventType[()]:
        """Give the selected people a role."""
        ids = [parse_id(person_id) for person_id in self.selected]
        return await self._told(await memberships.give_roles(current_actor(), ids, str(form.get("bulk-role", ""))))

    @rx.event
    @way_in(Permission.GROUP_MANAGE)
    async def add_to_group(self, form: dict[str, str]) -> rx.event.EventType[()]:
        """Put the selected people into a group."""
        ids = [parse_id(person_id) for person_id in self.selected]
        done = await groups.add_people(current_actor(), parse_id(str(form.get("bulk-group", ""))), ids)
        return await self._told(Outcome(done, len(ids) - done))

    @rx.event
    @way_in(Permission.PERSON_MANAGE)
    async def deactivate(self) -> rx.event.EventType[()]:
        """Shut the selected people out."""
        ids = [parse_id(person_id) for person_id in self.selected]
        return await self._told(await memberships.deactivate_all(current_actor(), ids))

    async def _told(self, outcome: Outcome) -> rx.event.EventType[()]:
        self.dialog, self.selected = "", []
        done = t("Changed for {count} people.", count=outcome.done)
        left = t("Changed: {count}. Left as they were: {left}.", count=outcome.done, left=outcome.left)
        await show_toast(self, "info" if outcome.left else "success", left if outcome.left else done)
        return PeopleState.show_again

    async def _shown(self) -> list[str]:
        return [row.id for row in (await self.get_state(PeopleState)).rows]
