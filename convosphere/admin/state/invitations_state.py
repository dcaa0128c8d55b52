"""The list of open invitations."""

import reflex as rx

from convosphere.admin.state.people_items import InvitationItem, invitation_item
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.page_routes import SIGN_UP
from convosphere.core.permissions import Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.ways_in import way_in
from convosphere.identity.service import inviting
from convosphere.identity.service.roles import list_role_names
from convosphere.shell.state import show_toast


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

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show the first page, to whoever may invite."""
        await self._load_allowed("")

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def refresh(self) -> None:
        """Show the same page as it is now, to whoever may invite."""
        await self._load_allowed(self._before)

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

    async def _load_allowed(self, before: str) -> None:
        if current_actor().may(Permission.PERSON_INVITE):
            await self._load(current_actor(), before)

    async def _load(self, actor: Actor, before: str) -> None:
        page = await inviting.list_open(actor, self.text, parse_id(before) if before else None)
        names = {key: name.as_dict() for key, name in (await list_role_names(actor)).items()}
        self.rows = [invitation_item(row, names) for row in page.rows]
        self.found, self.has_more, self.is_loaded = page.found, page.next is not None, True
        self.is_mailing = is_mail_possible()
        self._before, self._next = before, str(page.next or "")
