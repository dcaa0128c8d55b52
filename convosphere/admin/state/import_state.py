"""Inviting a whole list of people: the preview, and how far the sending is."""

from dataclasses import dataclass

import reflex as rx

from convosphere.admin.state.people_items import Words
from convosphere.core.authorization import current_actor
from convosphere.core.errors import UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import parse_id
from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import lists
from convosphere.identity.service.inviting import INVITATION_DAYS
from convosphere.identity.service.roles import list_role_names
from convosphere.shell.tabs import actor_of_tab, next_notice


@dataclass(frozen=True)
class LineItem:
    """A line of the preview; `fault` is empty where it is in order."""

    number: int
    name: str
    email: str
    role: Words
    groups: str
    fault: Words


class ImportState(rx.State):
    """The list that was read last. `status` is empty before that, then `draft`, `sending`, `done` or `stopped`."""

    is_open: rx.Field[bool] = rx.field(False)
    list_id: rx.Field[str] = rx.field("")
    status: rx.Field[str] = rx.field("")
    good: rx.Field[int] = rx.field(0)
    faulty: rx.Field[int] = rx.field(0)
    done: rx.Field[int] = rx.field(0)
    lines: rx.Field[list[LineItem]] = rx.field(default_factory=list)
    is_mailing: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    def show(self, is_open: bool) -> None:
        """Open or close the dialog; what is being sent goes on."""
        self.is_open, self.is_mailing = is_open, is_mail_possible()
        if is_open:
            self._forget()

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def preview(self, list_id: str) -> None:
        """Show what was read."""
        self.list_id = list_id[:40]
        await self._load()

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    def start_over(self) -> None:
        """Take another list."""
        self._forget()

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def send(self, form: dict[str, str]) -> rx.event.EventType[()]:
        """Have everybody invited whose line is in order."""
        days = str(form.get("days", ""))
        await lists.send_list(
            current_actor(),
            parse_id(self.list_id),
            days=int(days) if days.isdecimal() and len(days) < 4 else INVITATION_DAYS,
            locale=str(form.get("locale", "")),
        )
        await self._load()
        return ImportState.follow

    @rx.event(background=True)
    @way_in(Permission.PERSON_INVITE)
    async def follow(self) -> None:
        """Show how far the sending is until it has ended, or nobody looks any more."""
        list_id = self.list_id
        async with current_event_hub().subscribe(lists.list_topic(parse_id(list_id))) as notices:
            while await self._refresh(list_id):
                await next_notice(notices)

    async def _refresh(self, list_id: str) -> bool:
        try:
            actor = await actor_of_tab(self)
            async with self:
                if not self.is_open or self.list_id != list_id or not actor.may(Permission.PERSON_INVITE):
                    return False
                view = await lists.get_list(actor, parse_id(list_id))
                self.status, self.done = view.status, view.done
                return view.status == "sending"
        except UnavailableError:
            return True  # It is shown as it was until the database is back.

    async def _load(self) -> None:
        view = await lists.get_list(current_actor(), parse_id(self.list_id))
        names = {key: name.as_dict() for key, name in (await list_role_names(current_actor())).items()}
        self.status, self.good, self.faulty, self.done = view.status, view.good, view.faulty, view.done
        self.lines = [
            LineItem(line.number, line.name, line.email, names.get(line.role, {}), line.groups, line.fault)
            for line in view.lines
        ]

    def _forget(self) -> None:
        self.list_id, self.status, self.good, self.faulty, self.done, self.lines = "", "", 0, 0, 0, []
