"""Taking in an assistant from a file: what is missing here is shown before."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from convosphere.assistants.service import editing, exchange
from convosphere.assistants.state.items import ModelChoice
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.page_routes import assistant
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


@dataclass(frozen=True)
class LackItem:
    """Something that the file names and that is not here."""

    kind: str
    name: str


class AssistantImportState(rx.State):
    """The dialog: a file is chosen, then what would become of it is shown; `name` is empty until one was read."""

    is_open: rx.Field[bool] = rx.field(False)
    name: rx.Field[str] = rx.field("")
    description: rx.Field[str] = rx.field("")
    lacks: rx.Field[list[LackItem]] = rx.field(default_factory=list)
    documents: rx.Field[int] = rx.field(0)
    asks_model: rx.Field[bool] = rx.field(False)
    asks_documents: rx.Field[bool] = rx.field(False)
    models: rx.Field[list[ModelChoice]] = rx.field(default_factory=list)
    problem: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    _text: str = ""

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    def open(self) -> None:
        """Ask for a file."""
        self._forget()
        self.is_open = True

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Forget the file."""
        if not is_open:
            self._forget()
            self.is_open = False

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def read(self, text: str) -> None:
        """Look at a file without keeping anything."""
        self._forget()
        actor = current_actor()
        try:
            intake = await exchange.read_file(actor, text)
        except InvalidInputError as error:
            self.problem = error.message.as_dict()
            return
        self._text = text
        self.name, self.description = intake.definition.name, intake.definition.description
        self.lacks = [LackItem(lack.kind, lack.name) for lack in intake.lacks]
        self.documents, self.asks_model, self.asks_documents = (
            intake.documents,
            intake.asks_model,
            intake.asks_documents,
        )
        self.models = [ModelChoice(*named) for named in await editing.list_models(actor)]

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def refuse(self) -> None:
        """Say that a file is too large to be read at all."""
        self._forget()
        self.problem = t(
            "A file of an assistant has at most {count} kilobytes.", count=exchange.MOST_KILOBYTES
        ).as_dict()

    @rx.event
    @way_in(Permission.ASSISTANT_WRITE)
    async def take_in(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Make a draft of it, and open that."""
        chosen = {"model": str(form.get("model", "")), "reads": str(form.get("reads", ""))}
        try:
            made = await exchange.take_in(current_actor(), self._text, **chosen)
        except ExpectedError as error:
            self.problem = error.message.as_dict()
            return None
        self._forget()
        self.is_open = False
        await show_toast(self, "success", t("Imported. This is your own draft: look at it before you activate it."))
        return rx.redirect(assistant(str(made)))

    def _forget(self) -> None:
        self.name, self.description, self._text = "", "", ""
        self.lacks, self.documents, self.asks_model, self.asks_documents = [], 0, False, False
        self.problem = {}
