"""What waits for a review, and the decision."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from convosphere.assistants.schemas import RequestRow
from convosphere.assistants.service import gallery
from convosphere.assistants.state.items import ChangeItem, change_item
from convosphere.assistants.state.list_state import AssistantListState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


@dataclass(frozen=True)
class RequestItem:
    """An assistant that waits; `number` is the version that is asked for."""

    id: str
    name: str
    description: str
    icon: str
    color: str
    category: str
    number: int
    asked_by: str
    asked_at: str
    is_update: bool


class AssistantReviewState(rx.State):
    """The panel of reviews; `opened` is the one that is looked at, with all that it changes."""

    is_open: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[RequestItem]] = rx.field(default_factory=list)
    opened: rx.Field[str] = rx.field("")
    number: rx.Field[int] = rx.field(0)
    changes: rx.Field[list[ChangeItem]] = rx.field(default_factory=list)
    problem: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.ASSISTANT_REVIEW)
    async def open(self) -> None:
        """Show what waits."""
        await self._load()
        self.is_open = True

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def close(self) -> None:
        """Show it no more."""
        self.is_open, self.opened, self.changes = False, "", []

    @rx.event
    @way_in(Permission.ASSISTANT_REVIEW)
    async def look_at(self, assistant_id: str) -> None:
        """Show all that is to be published of one, or no longer."""
        self.problem = {}
        if self.opened == assistant_id:
            self.opened, self.changes = "", []
            return
        comparison = await gallery.open_request(current_actor(), parse_id(assistant_id))
        self.changes = [change_item(change) for change in comparison.changes]
        self.opened, self.number = assistant_id, comparison.after

    @rx.event
    @way_in(Permission.ASSISTANT_REVIEW)
    async def accept(self) -> None:
        """Publish what is looked at."""
        try:
            await gallery.accept(current_actor(), parse_id(self.opened), self.number)
        except (ConflictError, NotFoundError) as error:
            await self._tell_changed(error)
            return
        await show_toast(self, "success", t("Published: everybody finds it in the gallery."))
        await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_REVIEW)
    async def refuse(self, form: dict[str, str]) -> None:
        """Publish it not, and tell why."""
        try:
            await gallery.refuse(current_actor(), parse_id(self.opened), self.number, str(form.get("reason", "")))
        except InvalidInputError as error:
            self.problem = error.message.as_dict()
            return
        except (ConflictError, NotFoundError) as error:
            await self._tell_changed(error)
            return
        await self._load()

    async def _tell_changed(self, error: ConflictError | NotFoundError) -> None:
        await show_toast(self, "error", error.message)
        await self._load()

    async def _load(self) -> None:
        self.rows = [_item(row) for row in await gallery.list_requests(current_actor())]
        self.opened, self.changes, self.problem = "", [], {}
        await (await self.get_state(AssistantListState))._load()


def _item(row: RequestRow) -> RequestItem:
    return RequestItem(
        str(row.id), row.name, row.description, row.icon, row.color, row.category, row.number, row.asked_by,
        row.asked_at.isoformat(), row.is_update,
    )  # fmt: skip
