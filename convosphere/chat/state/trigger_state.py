"""What a sign in the composer offers, and the prompt that was taken."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from convosphere.chat.service import triggers
from convosphere.chat.service.triggers import Found
from convosphere.chat.state.shared_state import SharedState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import new_id, parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.prompts.service import prompts


@dataclass(frozen=True)
class TriggerItem:
    """A line of the offer; what has an `insert` is put into the text as that."""

    kind: str
    id: str
    name: str
    note: str
    insert: str


@dataclass(frozen=True)
class TriggerOffer:
    """What was found for a text behind a sign; a complete offer needs nobody to narrow it."""

    trigger: str = ""
    text: str = ""
    is_complete: bool = False
    rows: list[TriggerItem] = field(default_factory=list)


@dataclass(frozen=True)
class TakenPrompt:
    """A prompt on its way into the composer; each time it is taken it has another key."""

    key: str = ""
    name: str = ""
    text: str = ""
    variables: list[dict[str, Any]] = field(default_factory=list)


class TriggerState(rx.State):
    """The offer that is open."""

    offer: rx.Field[TriggerOffer] = rx.field(default_factory=TriggerOffer)
    taken: rx.Field[TakenPrompt] = rx.field(default_factory=TakenPrompt)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def look_up(self, trigger: str, text: str) -> None:
        """Offer what a sign with some letters may mean."""
        is_shared = (await self.get_state(SharedState)).access.is_shared
        shown = (await self.get_state(TranscriptState)).shown_id
        shared_id = parse_id(shown) if is_shared and shown else None
        found = await triggers.find(current_actor(), trigger, text, shared_id)
        rows = [_item(row) for row in found.rows]
        self.offer = TriggerOffer(trigger, text, found.is_complete, rows)

    @rx.event
    @way_in(Permission.PROMPT_READ)
    async def take_prompt(self, prompt_id: str) -> None:
        """Hand a prompt to the composer."""
        definition = (await prompts.open_prompt(current_actor(), parse_id(prompt_id))).definition
        variables = [variable.model_dump(mode="json") for variable in definition.variables]
        self.taken = TakenPrompt(str(new_id()), definition.name, definition.text, variables)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def take_question(self, question_id: str) -> None:
        """Hand a question that was asked before to the composer."""
        text = await triggers.get_own_question(current_actor(), parse_id(question_id))
        self.taken = TakenPrompt(str(new_id()), "", text)


def _item(row: Found) -> TriggerItem:
    return TriggerItem(row.kind, row.id, row.name, row.note, row.insert)
