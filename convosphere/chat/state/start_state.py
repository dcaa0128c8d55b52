"""Chats that begin with a template, and templates that are made of a chat."""

import reflex as rx

from convosphere.chat.service import starting
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import conversation, template
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast
from convosphere.templates.schemas import TemplateQuery
from convosphere.templates.service import templates
from convosphere.templates.state.items import TemplateItem, template_item

MOST_OFFERED = 4


class StartState(rx.State):
    """Templates that an empty chat offers, and whether there are more."""

    offered: rx.Field[list[TemplateItem]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def load(self) -> None:
        """Offer some."""
        actor = current_actor()
        if not actor.may(Permission.TEMPLATE_READ):
            return
        page = await templates.list_templates(actor, TemplateQuery(limit=MOST_OFFERED))
        self.offered, self.has_more = [template_item(row) for row in page.rows], page.found > MOST_OFFERED

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def start(self, template_id: str) -> rx.event.EventType[()]:
        """Begin a chat with a template, and show it."""
        begun = await starting.start(current_actor(), parse_id(template_id))
        return rx.redirect(conversation(str(begun)))

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    async def make(self, conversation_id: str) -> rx.event.EventType[()]:
        """Make a template of a chat, and open it."""
        made = await starting.make_template(current_actor(), parse_id(conversation_id))
        await show_toast(self, "success", t("This template was made of the chat. It is only yours until you share it."))
        return rx.redirect(template(str(made)))
