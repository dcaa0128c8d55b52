"""One prompt: its page with its editor and its versions."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import PROMPTS, prompt
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.prompts.errors import PromptRefusedError
from convosphere.prompts.schemas import Definition
from convosphere.prompts.service import prompts
from convosphere.prompts.state.items import (
    DefinitionItem,
    PromptItem,
    VersionItem,
    definition_item,
    prompt_item,
    version_item,
)
from convosphere.shell.state import show_toast

NEW = "new"


class PromptState(rx.State):
    """The prompt that the address names. `was` is what its fields began with, `problems` what is wrong with them."""

    shown: rx.Field[PromptItem] = rx.field(default_factory=PromptItem)
    was: rx.Field[DefinitionItem] = rx.field(default_factory=DefinitionItem)
    version: rx.Field[int] = rx.field(0)
    place: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    problems: rx.Field[dict[str, dict[str, Any]]] = rx.field(default_factory=dict)
    saved: rx.Field[int] = rx.field(0)
    versions: rx.Field[list[VersionItem]] = rx.field(default_factory=list)
    is_history_open: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.PROMPT_READ)
    async def load(self) -> None:
        """Show the prompt of the address."""
        place = self.router.url.path.removeprefix(PROMPTS).strip("/")
        self.problems, self.is_missing, self.is_history_open = {}, False, False
        self.shown, self.was, self.version = PromptItem(), DefinitionItem(), 0
        if place != NEW:
            try:
                await self._show(place)
            except NotFoundError:
                self.is_missing = True
        self.place = place

    @rx.event
    @way_in(Permission.PROMPT_WRITE)
    async def save(self, written: dict[str, Any], why: str) -> rx.event.EventType[()] | None:
        """Keep what was written as a new version, or as a new prompt."""
        actor, definition = current_actor(), _read(written)
        try:
            if self.place == NEW:
                return rx.redirect(prompt(str(await prompts.create_prompt(actor, definition, why))))
            await prompts.save_prompt(actor, parse_id(self.place), definition, why, based_on=self.version)
        except PromptRefusedError as refused:
            # The first problem of each field.
            self.problems = {problem.field: problem.message.as_dict() for problem in reversed(refused.problems)}
            return None
        except ConflictError as error:
            await show_toast(self, "error", error.message)
            return None
        await self._show(self.place)
        await show_toast(self, "success", t("Saved as version {number}.", number=self.version))
        return None

    @rx.event
    @way_in(Permission.PROMPT_WRITE)
    async def open_history(self) -> None:
        """Show what the prompt was."""
        await self._list_versions()
        self.is_history_open = True

    @rx.event
    @way_in(Permission.PROMPT_READ)
    def close_history(self) -> None:
        """Show it no more."""
        self.is_history_open, self.versions = False, []

    @rx.event
    @way_in(Permission.PROMPT_WRITE)
    async def restore_version(self, number: int) -> None:
        """Go back to a version, which becomes the newest one."""
        newest = await prompts.restore_version(current_actor(), parse_id(self.place), number)
        await show_toast(
            self, "success", t("Version {number} is back, as version {newest}.", number=number, newest=newest)
        )
        await self._show(self.place)
        await self._list_versions()

    async def _show(self, place: str) -> None:
        detail = await prompts.open_prompt(current_actor(), parse_id(place))
        self.shown, self.was = prompt_item(detail.row), definition_item(detail.definition)
        self.version, self.problems = detail.version, {}
        self.saved += 1

    async def _list_versions(self) -> None:
        rows = await prompts.list_versions(current_actor(), parse_id(self.place))
        self.versions = [version_item(row) for row in rows]


def _read(written: dict[str, Any]) -> Definition:
    """What the editor sends, which another program may send as well."""
    try:
        return Definition.model_validate(written)
    except ValidationError:
        raise InvalidInputError(t("The request could not be read.")) from None
