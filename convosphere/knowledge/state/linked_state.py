"""What a link to documents has opened, for whoever has it."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError, SignInRequiredError, TooManyRequestsError, UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service.link_rules import rule_topic
from convosphere.knowledge.links import service
from convosphere.knowledge.links.schemas import LinkedDocument, LinkedPage
from convosphere.knowledge.previews.kinds import has_preview
from convosphere.knowledge.service.announcements import list_topic, order_topic
from convosphere.shell.tabs import is_tab_open, next_notice, visitor_of_tab

SETTLE_SECONDS = 0.4


@dataclass(frozen=True)
class LinkedDocumentItem:
    """A document that the link shows; `address` is where its parts are fetched."""

    id: str = ""
    name: str = ""
    file_name: str = ""
    kind: str = ""
    size: int = 0
    pages: int = 0
    folder: str = ""
    address: str = ""


class LinkedDocumentsState(rx.State):
    """`stage` is empty while it loads, then `open`, `gone`, `sign_in` or `busy`.

    `shown` is the document that is looked at, and `passages` what the machine reads of it where nothing else is seen.
    """

    stage: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    made_by: rx.Field[str] = rx.field("")
    may_download: rx.Field[bool] = rx.field(False)
    is_single: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[LinkedDocumentItem]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    first: rx.Field[int] = rx.field(0)
    shown: rx.Field[LinkedDocumentItem] = rx.field(default_factory=LinkedDocumentItem)
    passages: rx.Field[list[str]] = rx.field(default_factory=list)
    _follower: str = ""
    _opened: str = ""

    @rx.event(background=True)
    @way_in(Permission.PUBLIC)
    async def follow(self) -> None:
        """Show what the link of the address opens, as long as it does."""
        follower = str(new_id())
        async with self:
            self._follower, self.shown, self.passages, self.first = follower, LinkedDocumentItem(), [], 0
        place = await self._look(follower)
        if place is None:
            return
        link_id, workspace_id = place
        topics = (
            service.link_topic(link_id), rule_topic(workspace_id), list_topic(workspace_id), order_topic(workspace_id),
        )  # fmt: skip
        async with current_event_hub().subscribe(*topics) as notices:
            while await self._look(follower):
                await next_notice(notices, SETTLE_SECONDS)

    @rx.event
    @way_in(Permission.PUBLIC)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        if self.stage == "open":
            self.first = max(self.first + pages * service.PAGE, 0)
            await self._open(current_actor())

    @rx.event
    @way_in(Permission.PUBLIC)
    async def show(self, document_id: str) -> None:
        """Look at one of the documents that are listed, or at the list again."""
        self.shown = next((row for row in self.rows if row.id == document_id), LinkedDocumentItem())
        await self._read(current_actor())

    async def _look(self, follower: str) -> tuple[UUID, UUID] | None:
        """Look again; the link and its workspace, None when it is over."""
        if not is_tab_open(self):
            return None
        async with self:
            if self._follower != follower:
                return None
            return await self._open(await visitor_of_tab(self))

    async def _open(self, actor: Actor) -> tuple[UUID, UUID] | None:
        token = self._token()
        try:
            page = await service.open_link(
                actor, token, self._address(), skip=self.first, is_first=self._opened != token
            )  # fmt: skip
        except NotFoundError:
            self._close("gone")
        except SignInRequiredError:
            self._close("sign_in")
        except (TooManyRequestsError, UnavailableError):
            self._close("busy")
        else:
            self._opened = token
            await self._show(actor, page)
            return page.link_id, page.workspace_id
        return None

    async def _show(self, actor: Actor, page: LinkedPage) -> None:
        rows = [_item(row, self._token()) for row in page.rows]
        if rows != self.rows:
            self.rows = rows
        self.stage, self.name, self.made_by = "open", page.name, page.made_by
        self.may_download, self.is_single, self.total = page.may_download, page.is_single, page.total
        before = self.shown
        still = next((row for row in rows if row.id == before.id), LinkedDocumentItem())
        self.shown = rows[0] if page.is_single else still
        if self.shown != before:
            await self._read(actor)

    async def _read(self, actor: Actor) -> None:
        """The text of what is shown, where nothing else is to be seen of it."""
        if not self.shown.id or has_preview(self.shown.kind, can_take=self.may_download):
            self.passages = []
            return
        found = await service.list_linked_passages(actor, self._token(), self._address(), parse_id(self.shown.id))
        self.passages = [passage.text for passage in found]

    def _close(self, stage: str) -> None:
        self.stage, self.name, self.made_by, self.rows, self.total = stage, "", "", [], 0
        self.may_download = self.is_single = False
        self.shown, self.passages = LinkedDocumentItem(), []

    def _token(self) -> str:
        return self.router.url.query_parameters.get("token", "")

    def _address(self) -> str:
        return self.router.session.client_ip


def _item(row: LinkedDocument, token: str) -> LinkedDocumentItem:
    return LinkedDocumentItem(
        str(row.id), row.name, row.file_name, row.media_type, row.size, row.pages or 0, row.folder,
        f"/api/links/{token}/documents/{row.id}",
    )  # fmt: skip
