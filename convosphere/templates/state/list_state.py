"""The list of templates."""

from typing import cast, get_args

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import TEMPLATES, template
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast
from convosphere.templates.schemas import TemplateQuery, Whose
from convosphere.templates.service import templates
from convosphere.templates.state.items import TemplateItem, template_item

PAGE = 50


class TemplateListState(rx.State):
    """A page of the templates that the person may use; `first` is how many stand before it, `found` how many match."""

    rows: rx.Field[list[TemplateItem]] = rx.field(default_factory=list)
    found: rx.Field[int] = rx.field(0)
    first: rx.Field[int] = rx.field(0)
    text: rx.Field[str] = rx.field("")
    whose: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.TEMPLATE_READ)
    async def load(self) -> None:
        """Show the list as it is now."""
        await self._load()

    @rx.event
    @way_in(Permission.TEMPLATE_READ)
    async def search(self, text: str) -> None:
        """Show those that contain a text."""
        self.text, self.first = text[:100], 0
        await self._load()

    @rx.event
    @way_in(Permission.TEMPLATE_READ)
    async def narrow(self, whose: str) -> None:
        """Show all, one's own or those of others."""
        if whose in get_args(Whose):
            self.whose, self.first = whose, 0
            await self._load()

    @rx.event
    @way_in(Permission.TEMPLATE_READ)
    async def turn_page(self, pages: int) -> None:
        """Show the page that lies so many pages ahead, or back."""
        self.first = max(0, self.first + pages * PAGE)
        await self._load()

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    async def delete(self, template_id: str) -> rx.event.EventType[()] | None:
        """Put a template away, with a way back."""
        name = await templates.delete_template(current_actor(), parse_id(template_id))
        await show_toast(self, "info", t("“{name}” deleted.", name=name), undo=f"template:{template_id}")
        await self._load()
        is_shown = self.router.url.path.rstrip("/") == template(template_id)
        return rx.redirect(TEMPLATES) if is_shown else None

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    async def restore(self, template_id: str) -> None:
        """Bring a template back."""
        await templates.restore_template(current_actor(), parse_id(template_id))
        await self._load()

    async def _load(self) -> None:
        query = TemplateQuery(text=self.text.strip(), whose=cast("Whose", self.whose), skip=self.first, limit=PAGE)
        page = await templates.list_templates(current_actor(), query)
        if self.first and not page.rows:
            self.first = 0
            return await self._load()
        rows = [template_item(row) for row in page.rows]
        if rows != self.rows:
            self.rows = rows
        self.found, self.is_loaded = page.found, True
        return None
