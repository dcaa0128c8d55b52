"""The library of prompts."""

from typing import cast, get_args

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import PROMPTS, prompt
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.prompts.schemas import PromptQuery, Whose
from convosphere.prompts.service import prompts
from convosphere.prompts.state.items import PromptItem, prompt_item
from convosphere.shell.state import show_toast

PAGE = 50


class PromptListState(rx.State):
    """A page of the prompts that the person sees; `first` is how many stand before it, `found` how many match."""

    rows: rx.Field[list[PromptItem]] = rx.field(default_factory=list)
    found: rx.Field[int] = rx.field(0)
    first: rx.Field[int] = rx.field(0)
    text: rx.Field[str] = rx.field("")
    whose: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.PROMPT_READ)
    async def load(self) -> None:
        """Show the list as it is now."""
        await self._load()

    @rx.event
    @way_in(Permission.PROMPT_READ)
    async def search(self, text: str) -> None:
        """Show those that contain a text."""
        self.text, self.first = text[:100], 0
        await self._load()

    @rx.event
    @way_in(Permission.PROMPT_READ)
    async def narrow(self, whose: str) -> None:
        """Show all, one's own or those of others."""
        if whose in get_args(Whose):
            self.whose, self.first = whose, 0
            await self._load()

    @rx.event
    @way_in(Permission.PROMPT_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        self.first = max(0, self.first + pages * PAGE)
        await self._load()

    @rx.event
    @way_in(Permission.PROMPT_WRITE)
    async def duplicate(self, prompt_id: str) -> rx.event.EventType[()]:
        """Make a prompt of one's own from one that is seen, and open it."""
        copied = await prompts.duplicate_prompt(current_actor(), parse_id(prompt_id))
        await show_toast(self, "success", t("Duplicated. This is your own copy."))
        return rx.redirect(prompt(str(copied)))

    @rx.event
    @way_in(Permission.PROMPT_WRITE)
    async def delete(self, prompt_id: str) -> rx.event.EventType[()] | None:
        """Put a prompt away, with a way back."""
        name = await prompts.delete_prompt(current_actor(), parse_id(prompt_id))
        await show_toast(self, "info", t("“{name}” deleted.", name=name), undo=f"prompt:{prompt_id}")
        await self._load()
        is_shown = self.router.url.path.rstrip("/") == prompt(prompt_id)
        return rx.redirect(PROMPTS) if is_shown else None

    @rx.event
    @way_in(Permission.PROMPT_WRITE)
    async def restore(self, prompt_id: str) -> None:
        """Bring a prompt back."""
        await prompts.restore_prompt(current_actor(), parse_id(prompt_id))
        await self._load()

    async def _load(self) -> None:
        query = PromptQuery(text=self.text.strip(), whose=cast("Whose", self.whose), skip=self.first, limit=PAGE)
        page = await prompts.list_prompts(current_actor(), query)
        if self.first and not page.rows:
            self.first = 0
            return await self._load()
        rows = [prompt_item(row) for row in page.rows]
        if rows != self.rows:
            self.rows = rows
        self.found, self.is_loaded = page.found, True
        return None
