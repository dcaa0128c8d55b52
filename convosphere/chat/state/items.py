"""Rows as the browser gets them: texts and numbers only."""

from dataclasses import dataclass, field
from typing import Any

from convosphere.answers.schemas import Source
from convosphere.chat.markup import BlockSplitter, with_citations
from convosphere.chat.schemas import ConversationRow, MessageView
from convosphere.chat.service.watching import Look

LONGEST_TIP = 1_000
"""Characters that are sent again and again before the whole tail is."""


@dataclass(frozen=True)
class ConversationItem:
    """A line of the list. `previous_at` is when the line above was used last, to tell where a day begins."""

    id: str
    title: str
    updated_at: str
    previous_at: str
    is_streaming: bool


@dataclass(frozen=True)
class MessageItem:
    """A message. `citations` are rows `{n, document_id, label}` of what its text cites."""

    id: str
    role: str
    status: str
    text: str
    model: str
    created_at: str
    error: dict[str, Any] = field(default_factory=dict)
    citations: list[dict[str, str | int]] = field(default_factory=list)


def conversation_items(rows: list[ConversationRow], previous_at: str = "") -> list[ConversationItem]:
    """Lines in their order, below one that was used at `previous_at`."""
    items: list[ConversationItem] = []
    for row in rows:
        updated_at = row.updated_at.isoformat()
        items.append(ConversationItem(str(row.id), row.title, updated_at, previous_at, row.is_streaming))
        previous_at = updated_at
    return items


def message_item(message: MessageView) -> MessageItem:
    """A message with its citations as links; those of documents that are gone have no label."""
    is_answer = message.role == "assistant"
    numbers = {source.number for source in message.sources}
    return MessageItem(
        id=str(message.id),
        role=message.role,
        status=message.status,
        text=with_citations(message.text, message.id, numbers) if is_answer else message.text,
        model=message.model,
        created_at=message.created_at.isoformat(),
        error=dict(message.error or {}),
        citations=[
            citation_row(source.number, str(source.document_id), source.document_name, source.page)
            for source in message.sources
        ],
    )


def citation_row(number: int, document_id: str, name: str, page: int | None) -> dict[str, str | int]:
    """What a chip shows on hover."""
    return {"n": number, "document_id": document_id, "label": f"{name}, {page}" if page and name else name}


class GrowingAnswer:
    """What of `AnswerState` each look at an answer changes: little travels, and nothing is read back from the State."""

    def __init__(self, message_id: str) -> None:
        self._message_id = message_id
        self._splitter = BlockSplitter()
        self._sources: tuple[Source, ...] = ()
        self._model = self._tail = self._tip = ""

    def take(self, look: Look) -> dict[str, object]:
        """The vars that are other now, with their values."""
        changes: dict[str, object] = {}
        if look.model != self._model:
            changes["model"] = self._model = look.model
        if look.sources != self._sources:
            self._sources = look.sources
            changes["citations"] = [
                citation_row(source.number, str(source.document_id), source.document_name, source.page)
                for source in look.sources
            ]
        if self._splitter.take(look.text):
            changes["blocks"] = [self._linked(block) for block in self._splitter.blocks]
        return changes | self._grow(self._linked(self._splitter.tail))

    def _grow(self, text: str) -> dict[str, object]:
        """Only the tip, as long as the tail before it is the same: a var travels whole, and code gets long."""
        length = len(self._tail)
        if length and text.startswith(self._tail) and len(text) - length <= LONGEST_TIP:
            tail, tip = self._tail, text[length:]
        else:
            tail, tip = text, ""
        changes: dict[str, object] = {}
        if tail != self._tail:
            changes["tail"] = self._tail = tail
        if tip != self._tip:
            changes["tip"] = self._tip = tip
        return changes

    def _linked(self, text: str) -> str:
        return with_citations(text, self._message_id, {source.number for source in self._sources})
