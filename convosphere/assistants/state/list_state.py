"""The list of assistants."""

from typing import cast, get_args

import reflex as rx

from convosphere.assistants.schemas import CATEGORIES, AssistantQuery, Order, State, Whose
from convosphere.assistants.service import assistants
from convosphere.assistants.state.items import AssistantItem, assistant_item
from convosphere.assistants.state.requests_state import AssistantRequestsState
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import ASSISTANTS, assistant
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast

PAGE = 24


class AssistantListState(rx.State):
    """A page of the assistants that the person sees; `first` is how many stand before it, `found` how many match."""

    rows: rx.Field[list[AssistantItem]] = rx.field(default_factory=list)
    found: rx.Field[int] = rx.field(0)
    first: rx.Field[int] = rx.field(0)
    text: rx.Field[str] = rx.field("")
    whose: rx.Field[str] = rx.field("")
    state: rx.Field[str] = rx.field("")
    category: rx.Field[str] = rx.field("")
    order: rx.Field[str] = rx.field("name")
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def load(self) -> None:
        """Show the list as it is now."""
        await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def search(self, text: str) -> None:
        """Show those whose name or description contains a text."""
        self.text, self.first = text[:100], 0
        await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def narrow(self, whose: str) -> None:
        """Show all, one's own, those of others, favourites, or the gallery, which begins with what is used most."""
        if whose in get_args(Whose):
            if (whose == "gallery") != (self.whose == "gallery"):
                self.order = "use" if whose == "gallery" else "name"
            self.whose, self.first = whose, 0
            await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def narrow_state(self, state: str) -> None:
        """Show those of a state, or all but retired ones."""
        if state in {"", *State}:
            self.state, self.first = state, 0
            await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def narrow_category(self, category: str) -> None:
        """Show those of a category, or of all."""
        if category in {"", *CATEGORIES}:
            self.category, self.first = category, 0
            await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def sort_by(self, order: str) -> None:
        """Show them in another order."""
        if order in get_args(Order):
            self.order, self.first = order, 0
            await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        self.first = max(0, self.first + pages * PAGE)
        await self._load()

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def set_favourite(self, assistant_id: str, is_favourite: bool) -> None:
        """Find an assistant first, or no longer."""
        await assistants.set_favourite(current_actor(), parse_id(assistant_id), is_favourite=is_favourite)
        await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def duplicate(self, assistant_id: str) -> rx.event.EventType[()]:
        """Make a draft of one's own from an assistant, and open it."""
        copied = await assistants.duplicate_assistant(current_actor(), parse_id(assistant_id))
        await show_toast(self, "success", t("Duplicated. This is your own copy, a draft."))
        return rx.redirect(assistant(str(copied)))

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def delete(self, assistant_id: str) -> rx.event.EventType[()] | None:
        """Put an assistant away, with a way back."""
        name = await assistants.delete_assistant(current_actor(), parse_id(assistant_id))
        await show_toast(self, "info", t("“{name}” deleted.", name=name), undo=f"assistant:{assistant_id}")
        await self._load()
        is_shown = self.router.url.path.rstrip("/") == assistant(assistant_id)
        return rx.redirect(ASSISTANTS) if is_shown else None

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def restore(self, assistant_id: str) -> None:
        """Bring an assistant back."""
        await assistants.restore_assistant(current_actor(), parse_id(assistant_id))
        await self._load()

    async def _load(self) -> None:
        query = AssistantQuery(
            text=self.text.strip(),
            whose=cast("Whose", self.whose),
            state=self.state,
            category=self.category,
            order=cast("Order", self.order),
            skip=self.first,
            limit=PAGE,
        )
        page = await assistants.list_assistants(current_actor(), query)
        if self.first and not page.rows:
            self.first = 0
            return await self._load()
        rows = [assistant_item(row) for row in page.rows]
        if rows != self.rows:
            self.rows = rows
        self.found, self.is_loaded = page.found, True
        await (await self.get_state(AssistantRequestsState))._count()
        return None
