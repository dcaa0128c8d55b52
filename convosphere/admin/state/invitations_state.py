"""The list of open invitations."""

import reflex as rx

from convosphere.admin.state.people_items import InvitationItem, invitation_item
from convosphere.admin.state.people_state import PeopleState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.page_routes import PEOPLE, SIGN_UP
from convosphere.core.permissions import Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.ways_in import way_in
from convosphere.identity.service import inviting
from convosphere.identity.service.memberships import people_topic
from convosphere.identity.service.roles import list_role_names
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import actor_of_tab, next_notice


class InvitationsState(rx.State):
    """A page of the invitations that nobody has used; `link` is a new one, shown once."""

    rows: rx.Field[list[InvitationItem]] = rx.field(default_factory=list)
    found: rx.Field[int] = rx.field(0)
    has_more: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_mailing: rx.Field[bool] = rx.field(False)
    link: rx.Field[str] = rx.field("")
    text: rx.Field[str] = rx.field("")
    _before: str = ""
    _next: str = ""
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.ACCOUNT_USE)
    async def follow(self) -> None:
        """Show the list, and again whenever it changes, until the tab is gone or shows another page."""
        actor, follower = current_actor(), str(new_id())
        async with self:
            self._follower = follower
        if actor.workspace_id is None or not actor.may(Permission.PERSON_INVITE):
            return
        async with current_event_hub().subscribe(people_topic(actor.workspace_id)) as notices:
            while await self._refresh(follower):
                await next_notice(notices)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show the first page, if the page of people is to show invitations."""
        if await self._is_asked() and current_actor().may(Permission.PERSON_INVITE):
            await self._load(current_actor(), "")

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def search(self, text: str) -> None:
        """Show those whose name or address contains a text."""
        self.text = text[:200]
        await self._load(current_actor(), "")

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def show_more(self) -> None:
        """Show older ones in place of these."""
        await self._load(current_actor(), self._next)

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def send_again(self, invitation_id: str) -> None:
        """Send another link in place of the first."""
        await inviting.renew(current_actor(), parse_id(invitation_id), by_mail=True)
        await show_toast(self, "success", t("A new link is on its way; the old one does not work any more."))
        await self._load(current_actor(), "")

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def make_link(self, invitation_id: str) -> None:
        """Show another link in place of the first."""
        made = await inviting.renew(current_actor(), parse_id(invitation_id), by_mail=False)
        self.link = f"{get_settings().public_url or self.router.url.origin}{SIGN_UP}?token={made.token}"
        await self._load(current_actor(), "")

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    def close_link(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Forget the link."""
        if not is_open:
            self.link = ""

    @rx.event
    @way_in(Permission.PERSON_INVITE)
    async def revoke(self, invitation_id: str) -> None:
        """Make an invitation useless."""
        await inviting.revoke(current_actor(), parse_id(invitation_id))
        await self._load(current_actor(), "")

    async def _is_asked(self) -> bool:
        return (await self.get_state(PeopleState)).asked.standing == "invited"

    async def _refresh(self, follower: str) -> bool:
        try:
            actor = await actor_of_tab(self)
            async with self:
                is_here = self.router.url.path.rstrip("/") == PEOPLE
                if self._follower != follower or not is_here or not actor.may(Permission.PERSON_INVITE):
                    return False
                if await self._is_asked():
                    await self._load(actor, self._before)
        except UnavailableError:
            return True  # The list stays as it is until the database is back.
        return True

    async def _load(self, actor: Actor, before: str) -> None:
        page = await inviting.list_open(actor, self.text, parse_id(before) if before else None)
        names = {key: name.as_dict() for key, name in (await list_role_names(actor)).items()}
        self.rows = [invitation_item(row, names) for row in page.rows]
        self.found, self.has_more, self.is_loaded = page.found, page.next is not None, True
        self.is_mailing = is_mail_possible()
        self._before, self._next = before, str(page.next or "")
