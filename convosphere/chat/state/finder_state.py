"""What the palette has found: things by their names, and what was said in conversations."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import reflex as rx

from convosphere.chat.service import finding
from convosphere.chat.service.finding import Hit
from convosphere.chat.service.triggers import find_things
from convosphere.core.authorization import current_actor
from convosphere.core.page_routes import chat_with, chat_with_prompt, conversation, document, template
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import FrameState


@dataclass(frozen=True)
class PieceItem:
    """A part of a snippet, and whether it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class HitItem:
    """A line of what was found; `message` is empty where it is a conversation."""

    id: str
    label: str
    route: str
    message: str
    moment: str
    is_archived: bool
    pieces: list[PieceItem] = field(default_factory=list)


@dataclass(frozen=True)
class ThingItem:
    """A line of what is called so; `thing` is its kind."""

    id: str
    thing: str
    label: str
    route: str


@dataclass(frozen=True)
class FoundItem:
    """What a question has found, and which of its filters mean nothing."""

    query: str = ""
    things: list[ThingItem] = field(default_factory=list)
    hits: list[HitItem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class FinderState(rx.State):
    """The latest question and what it has found."""

    found: rx.Field[FoundItem] = rx.field(default_factory=FoundItem)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def look_up(self, text: str) -> None:
        """Find conversations and messages, and unless filters are asked for, all else that has a name."""
        zone = (await self.get_state(FrameState)).person.time_zone
        actor, name = current_actor(), "" if ":" in text else text
        found, things = await asyncio.gather(finding.find(actor, text, zone), find_things(actor, name))
        named = [ThingItem(row.id, row.kind, row.name, _ROUTES[row.kind](row.id)) for row in things]
        self.found = FoundItem(text, named, [_item(hit) for hit in found.hits], list(found.unknown))


_ROUTES: Mapping[str, Callable[[str], str]] = {
    "document": document, "assistant": chat_with, "prompt": chat_with_prompt, "template": template,
}  # fmt: skip
"""Where one goes from a name: to ask an assistant, to use a prompt, to look at the rest."""


def _item(hit: Hit) -> HitItem:
    message = str(hit.message_id or "")
    route = conversation(str(hit.conversation_id))
    return HitItem(
        id=message or str(hit.conversation_id),
        label=hit.title,
        route=f"{route}?message={message}" if message else route,
        message=message,
        moment=hit.moment.isoformat(),
        is_archived=hit.is_archived,
        pieces=[PieceItem(piece.text, piece.is_hit) for piece in hit.snippet],
    )
