"""Finding conversations and what was said in them."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from convosphere.assistants.service.asking import list_choices
from convosphere.chat.queries import finding as finding_queries
from convosphere.chat.queries.finding import START, STOP, MessageRow
from convosphere.chat.search_terms import Wanted, parse_search
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work

MOST_TITLES = 8
MOST_MESSAGES = 24
MOST_CONVERSATIONS = 30
"""Where only conversations are looked for."""
_PIECES = re.compile(f"({START}[^{STOP}]*{STOP})")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Piece:
    """A part of a snippet, and whether it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Hit:
    """A conversation, or with a `message_id` a message of it."""

    conversation_id: UUID
    title: str
    moment: datetime
    message_id: UUID | None = None
    role: str = ""
    is_archived: bool = False
    snippet: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a search has found: conversations first, then messages, the newest first.

    `unknown` are filters that mean nothing, as they were written.
    """

    hits: tuple[Hit, ...] = ()
    unknown: tuple[str, ...] = ()


async def find(actor: Actor, written: str, zone: str = "") -> Found:
    """Look for what somebody has written, in titles and messages of the conversations that they see."""
    require(actor, Permission.CONVERSATION_READ)
    wanted = parse_search(written, zone)
    if wanted.is_empty or wanted.unknown:
        return Found(unknown=wanted.unknown)
    authors = await _authors(actor, wanted)
    if authors is None:
        return Found()
    async with unit_of_work(actor) as uow:
        most = MOST_TITLES if wanted.asks_messages else MOST_CONVERSATIONS
        by_title = bool(wanted.words) or not wanted.asks_messages
        is_whole = by_title and not wanted.authors and not wanted.holdings
        titles = await finding_queries.find_titles(uow, wanted, most) if is_whole else []
        messages = (
            await finding_queries.find_messages(uow, wanted, authors, MOST_MESSAGES) if wanted.asks_messages else []
        )
    hits = [Hit(row.id, row.title, row.updated_at, is_archived=row.is_archived) for row in titles]
    return Found((*hits, *map(_hit, messages)))


async def _authors(actor: Actor, wanted: Wanted) -> list[list[str]] | None:
    """Marks of those who wrote, by what was typed of them; None where an assistant is named that there is none of."""
    marks: list[list[str]] = []
    for author in wanted.authors:
        if author in {"user", "assistant"}:
            marks.append([f"@{author}"])
            continue
        choices = await list_choices(actor, author)
        if not choices:
            return None
        marks.append([f"@{choice.id}" for choice in choices])
    return marks


def _hit(row: MessageRow) -> Hit:
    return Hit(
        row.conversation_id, row.title, row.created_at, row.id, row.role, row.is_archived, _pieces(row.snippet or "")
    )


def _pieces(snippet: str) -> tuple[Piece, ...]:
    pieces = _PIECES.split(_BLANKS.sub(" ", snippet))
    return tuple(Piece(each.strip(START + STOP), each.startswith(START)) for each in pieces if each)
