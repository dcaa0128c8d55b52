"""One template: its page with its fields."""

from typing import Any

import reflex as rx

from convosphere.assistants.errors import DefinitionRefusedError
from convosphere.assistants.schemas import Settings
from convosphere.assistants.service import asking
from convosphere.assistants.state.forms import read_settings
from convosphere.assistants.state.items import setting_texts
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.page_routes import TEMPLATES, template
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.places.service import find_places
from convosphere.shell.state import show_toast
from convosphere.templates.errors import TemplateRefusedError
from convosphere.templates.schemas import MOST_DOCUMENTS, MOST_EXCHANGES, Definition, Exchange
from convosphere.templates.service import templates
from convosphere.templates.state.items import (
    AssistantItem,
    DocumentItem,
    ExchangeItem,
    FieldsItem,
    TemplateItem,
    VersionItem,
    document_items,
    template_item,
    version_item,
)

NEW = "new"


class TemplateState(rx.State):
    """The template that the address names. `was` is what its fields began with, `problem` what is wrong with which.

    `versions` are shown while there are any; each one `restored` gives the fields anew.
    What is written in the fields stays in the browser until it is saved; a reconnect leaves it there.
    """

    shown: rx.Field[TemplateItem] = rx.field(default_factory=TemplateItem)
    was: rx.Field[FieldsItem] = rx.field(default_factory=FieldsItem)
    exchanges: rx.Field[list[ExchangeItem]] = rx.field(default_factory=list)
    documents: rx.Field[list[DocumentItem]] = rx.field(default_factory=list)
    found: rx.Field[list[DocumentItem]] = rx.field(default_factory=list)
    assistants: rx.Field[list[AssistantItem]] = rx.field(default_factory=list)
    place: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    problem: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    versions: rx.Field[list[VersionItem]] = rx.field(default_factory=list)
    restored: rx.Field[int] = rx.field(0)
    _version: int = 0

    @rx.event
    @way_in(Permission.TEMPLATE_READ)
    async def load(self) -> None:
        """Show the template of the address; one that is shown already stays as somebody is writing it."""
        place = self.router.url.path.removeprefix(TEMPLATES).strip("/")
        if place == self.place and not self.is_missing:
            return
        choices = await asking.list_choices(current_actor())
        self.assistants = [AssistantItem(str(choice.id), choice.name) for choice in choices]
        self._clear()
        if place != NEW:
            try:
                await self._show(place)
            except NotFoundError:
                self.is_missing = True
        self.place = place

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    async def save(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Keep what was written, as a change or as a new template."""
        actor = current_actor()
        try:
            definition = self._written(form)
            if self.place == NEW:
                made = await templates.create_template(actor, definition)
                await show_toast(self, "success", t("Saved."))
                self.place = ""
                return rx.redirect(template(str(made)))
            self._version = await templates.save_template(
                actor, parse_id(self.place), definition, based_on=self._version
            )
        except TemplateRefusedError as refused:
            self.problem = {"field": refused.field, "message": refused.message.as_dict()}
            return None
        except ConflictError as error:
            await show_toast(self, "error", error.message)
            return None
        self.problem = {}
        await self._show(self.place)
        await show_toast(self, "success", t("Saved."))
        return None

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    async def open_history(self) -> None:
        """Show what the template was."""
        rows = await templates.list_versions(current_actor(), parse_id(self.place))
        self.versions = [version_item(row) for row in rows]

    @rx.event
    @way_in(Permission.TEMPLATE_READ)
    def close_history(self) -> None:
        """Show it no more."""
        self.versions = []

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    async def restore_version(self, number: int) -> rx.event.EventType[()]:
        """Go back to a version, which becomes the newest one."""
        newest = await templates.restore_version(current_actor(), parse_id(self.place), number)
        await self._show(self.place)
        self.restored, self.problem = self.restored + 1, {}
        await show_toast(
            self, "success", t("Version {number} is back, as version {newest}.", number=number, newest=newest)
        )
        return TemplateState.open_history

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    def add_exchange(self) -> None:
        """Offer two more fields."""
        if len(self.exchanges) < MOST_EXCHANGES:
            self.exchanges = [*self.exchanges, ExchangeItem(str(new_id()))]

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    def remove_exchange(self, key: str) -> None:
        """Take two fields away."""
        self.exchanges = [item for item in self.exchanges if item.key != key]

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    async def look_up(self, text: str) -> None:
        """Find documents by name."""
        chosen = {item.id for item in self.documents}
        found = await find_places(current_actor(), text, ("document",)) if text.strip() else []
        items = document_items({place.id: place.name for place in found})
        self.found = [item for item in items if item.id not in chosen]

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    def add_document(self, document_id: str) -> None:
        """Choose a document that was found; nothing is kept yet."""
        item = next((item for item in self.found if item.id == document_id), None)
        if item and len(self.documents) < MOST_DOCUMENTS:
            self.documents = [*self.documents, item]
            self.found = [other for other in self.found if other.id != document_id]

    @rx.event
    @way_in(Permission.TEMPLATE_WRITE)
    def remove_document(self, document_id: str) -> None:
        """Choose it no longer."""
        self.documents = [item for item in self.documents if item.id != document_id]

    async def _show(self, place: str) -> None:
        detail = await templates.open_template(current_actor(), parse_id(place))
        definition = detail.definition
        self.shown, self._version = template_item(detail.row), detail.version
        chosen = document_items(detail.documents)
        self.documents, self.found = chosen, []
        self.exchanges = [ExchangeItem(str(new_id()), one.question, one.answer) for one in definition.exchanges]
        self.was = FieldsItem(
            definition.name, definition.description, str(definition.assistant_id or ""), definition.instructions,
            setting_texts(definition.settings), chosen, self.exchanges,
        )  # fmt: skip

    def _clear(self) -> None:
        self.shown, self.was, self._version = TemplateItem(), FieldsItem(), 0
        self.exchanges, self.documents, self.found, self.versions = [], [], [], []
        self.is_missing, self.problem = False, {}

    def _written(self, form: dict[str, str]) -> Definition:
        assistant = str(form.get("template-assistant", ""))
        return Definition(
            name=str(form.get("template-name", "")),
            description=str(form.get("template-description", "")),
            assistant_id=parse_id(assistant) if assistant else None,
            instructions=str(form.get("template-instructions", "")),
            document_ids=tuple(parse_id(item.id) for item in self.documents),
            exchanges=tuple(
                Exchange(
                    question=str(form.get(f"question-{item.key}", "")), answer=str(form.get(f"answer-{item.key}", ""))
                )
                for item in self.exchanges
            ),
            settings=_settings(form),
        )


def _settings(form: dict[str, str]) -> Settings:
    try:
        return read_settings(form)
    except DefinitionRefusedError as refused:
        problem = refused.problems[0]
        raise TemplateRefusedError(problem.field, problem.message) from None
