"""Who answers next: an assistant, or nobody in particular."""

from contextlib import suppress

import reflex as rx

from convosphere.assistants.errors import AssistantUnavailableError
from convosphere.assistants.schemas import Choice
from convosphere.assistants.service import asking
from convosphere.assistants.state.items import ChoiceItem, choice_item
from convosphere.chat.state.model_state import ModelState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


class SpeakerState(rx.State):
    """The picker of the composer. `found` is what it offers; `lack` says that there is not `any`, or none so `named`.

    `starters` and `documents` are of the chosen one, for a conversation that has not begun; -1 documents: all that
    the person sees.
    """

    chosen: rx.Field[ChoiceItem] = rx.field(default_factory=ChoiceItem)
    found: rx.Field[list[ChoiceItem]] = rx.field(default_factory=list)
    lack: rx.Field[str] = rx.field("")
    starters: rx.Field[list[str]] = rx.field(default_factory=list)
    documents: rx.Field[int] = rx.field(-1)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def look_up(self, text: str) -> None:
        """Offer those whose name or description contains a text."""
        self.found = [choice_item(choice) for choice in await asking.list_choices(current_actor(), text)]
        self.lack = "" if self.found else "named" if text.strip() else "any"

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def choose(self, assistant_id: str) -> None:
        """Let an assistant answer from now on, or nobody in particular."""
        choice = await asking.find_choice(current_actor(), parse_id(assistant_id)) if assistant_id else None
        await self._take(choice)

    async def _begin(self, wanted: str) -> None:
        """For a new conversation: whom the address names, else the default."""
        choice = await self._named(wanted) if wanted else await asking.find_default(current_actor())
        await self._take(choice)

    async def _named(self, wanted: str) -> Choice | None:
        """Whom an address names, which may be gone, or never was."""
        with suppress(NotFoundError):
            if choice := await asking.find_choice(current_actor(), parse_id(wanted)):
                return choice
        await show_toast(self, "error", AssistantUnavailableError.default_message())
        return None

    async def _continue(self, assistant_id: str) -> None:
        """For a conversation that is there; whoever answered it may be gone, which is said before anything is asked."""
        choice = await asking.find_choice(current_actor(), parse_id(assistant_id)) if assistant_id else None
        self.chosen = choice_item(choice) if choice else ChoiceItem(id=assistant_id)
        self.starters, self.documents = [], -1

    async def _take(self, choice: Choice | None) -> None:
        self.starters, self.documents = [], -1
        self.chosen = choice_item(choice) if choice else ChoiceItem()
        if choice is None:
            return
        models = await self.get_state(ModelState)
        await models._prefer(choice.model)
        try:
            greeting = await asking.greet(current_actor(), choice.id)
        except NotFoundError:
            return  # It went between the two questions.
        self.starters = list(greeting.starters)
        self.documents = -1 if greeting.documents is None else greeting.documents
