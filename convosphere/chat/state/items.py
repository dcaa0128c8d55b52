"""Rows as the browser gets them: texts and numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from convosphere.answers.errors import ContextFullError
from convosphere.answers.schemas import Source
from convosphere.chat.attachments import AttachedFile, attached_files
from convosphere.chat.effort import Effort
from convosphere.chat.markup import BlockSplitter, with_citations
from convosphere.chat.schemas import NOBODY, Feedback, MessageView, QueuedQuestion, Speaker
from convosphere.chat.service.watching import Look
from convosphere.core.i18n import Message
from convosphere.core.timecodes import timecode

LONGEST_TIP = 1_000
"""Characters that are sent again and again before the whole tail is."""
SHORTEST_CHAPTER = 16_000
"""Characters of finished blocks from which they are sent no more with each new one."""
LATE_MS = 1_000
"""Whoever begins to look later than that is told how long the answer has been on its way."""
_FULL = ContextFullError.default_message().text


@dataclass(frozen=True)
class BranchItem:
    """The place of a message among its siblings, and those beside it."""

    number: int = 1
    count: int = 1
    previous: str = ""
    next: str = ""


@dataclass(frozen=True)
class EffortItem:
    """What an answer took. `tokens` are -1 and `cost` is -1 where nobody knows."""

    seconds: float = -1
    tokens: int = -1
    cost: float = -1
    currency: str = "USD"
    is_estimated: bool = False


@dataclass(frozen=True)
class FileItem:
    """What came with a question: an image with its picture, a document to open, or a place by its name."""

    id: str
    name: str
    size: int
    kind: str
    document_id: str
    is_whole: bool


@dataclass(frozen=True)
class MessageItem:
    """A message. `citations` are rows as of `citation_row` of what its text cites.

    `thought_seconds` is how long its model thought before it wrote, -1 if it did not.

    `is_switched` says that somebody else gave the answer before it.
    """

    id: str
    role: str
    status: str
    text: str
    model: str
    created_at: str
    error: dict[str, Any] = field(default_factory=dict)
    assistant_id: str = ""
    speaker: Speaker = NOBODY
    is_switched: bool = False
    is_context_full: bool = False
    feedback: dict[str, Any] = field(default_factory=dict)
    switch_note: dict[str, Any] = field(default_factory=dict)
    citations: list[dict[str, str | int]] = field(default_factory=list)
    above: str = ""
    files: list[FileItem] = field(default_factory=list)
    author: str = ""
    branch: BranchItem = BranchItem()
    thought_seconds: int = -1
    effort: EffortItem = EffortItem()


@dataclass(frozen=True)
class QueuedItem:
    """A question that waits for its turn."""

    id: str
    text: str
    error: dict[str, Any]
    files: list[str] = field(default_factory=list)
    """Their names."""


def queued_items(questions: Sequence[QueuedQuestion]) -> list[QueuedItem]:
    """Questions in the order in which they go."""
    return [
        QueuedItem(str(one.id), one.text, dict(one.error or {}), [file["name"] for file in one.files or ()])
        for one in questions
    ]


def message_items(messages: Sequence[MessageView], before: MessageItem | None = None) -> list[MessageItem]:
    """Messages in their order, after the answer `before` them; each says whether somebody else gave it."""
    items: list[MessageItem] = []
    for message in messages:
        item = message_item(message)
        if item.role == "assistant":
            is_switched = before is not None and before.assistant_id != item.assistant_id
            before = item = replace(item, is_switched=is_switched)
        items.append(item)
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
        assistant_id=str(message.assistant_id or ""),
        speaker=message.speaker,
        is_context_full=bool(message.error) and message.error.get("text") == _FULL,
        feedback=_feedback_row(message.feedback),
        switch_note=dict(message.switch_note or {}),
        citations=[
            citation_row(
                source.number,
                str(source.document_id),
                source.document_name,
                source.page,
                source.seconds,
                dated_on=source.dated_on,
                review_due_on=source.review_due_on,
            )
            for source in message.sources
        ],
        above=str(message.parent_id or ""),
        files=[_file_item(file) for file in attached_files(message.files)],
        author=message.author_name,
        branch=_branch_item(message),
        thought_seconds=-1 if message.thinking_ms is None else _seconds(message.thinking_ms),
        effort=_effort_item(message.effort),
    )


def _file_item(file: AttachedFile) -> FileItem:
    return FileItem(file.id, file.name, file.size, file.kind, file.document_id, file.use == "whole")


def _seconds(milliseconds: int) -> int:
    """Nobody thinks for no time."""
    return max(1, round(milliseconds / 1000))


def _branch_item(message: MessageView) -> BranchItem:
    beside = (str(message.previous_id or ""), str(message.next_id or ""))
    return BranchItem(message.sibling_number, message.sibling_count, *beside)


def _effort_item(kept: dict[str, Any] | None) -> EffortItem:
    if not kept:
        return EffortItem()
    effort = Effort(**kept)
    is_counted = effort.prompt_tokens is not None or effort.output_tokens is not None
    return EffortItem(
        seconds=round(effort.ms / 1000, 1),
        tokens=(effort.prompt_tokens or 0) + (effort.output_tokens or 0) if is_counted else -1,
        cost=-1 if effort.nanos is None else effort.nanos / 1_000_000_000,
        currency=effort.currency,
        is_estimated=effort.is_estimated,
    )


def _feedback_row(feedback: Feedback | None) -> dict[str, Any]:
    if feedback is None:
        return {"rating": "", "reasons": [], "comment": ""}
    rating = "up" if feedback.is_good else "down"
    return {"rating": rating, "reasons": list(feedback.reasons), "comment": feedback.comment}


def citation_row(
    number: int,
    document_id: str,
    name: str,
    page: int | None,
    seconds: int | None,
    *,
    dated_on: date | None = None,
    review_due_on: date | None = None,
) -> dict[str, str | int]:
    """What a chip shows on hover: the document with the page, or the time of a recording, its day, its review."""
    place = timecode(seconds) if seconds is not None else str(page or "")
    row: dict[str, str | int] = {
        "n": number, "document_id": document_id, "label": f"{name}, {place}" if place and name else name,
    }  # fmt: skip
    days = {"dated_on": dated_on, "review_due_on": review_due_on}
    return row | {key: day.isoformat() for key, day in days.items() if day}


class GrowingAnswer:
    """What of `GrowingState` each look at an answer changes: little travels, nothing is read back from the State."""

    def __init__(self, message_id: str) -> None:
        self._message_id = message_id
        self._splitter = BlockSplitter()
        self._sources: tuple[Source, ...] = ()
        # Finished blocks as they are shown; the first so many of them are chapters, which travel seldom.
        self._finished: list[str] = []
        self._chapters = self._chapters_size = self._blocks_size = 0
        self._tail = self._tip = ""
        self._speaker = NOBODY
        self._waiting: Message | None = None
        self._thinking: dict[str, Any] = {"text": "", "seconds": -1}
        self._thought_tip = ""
        self._is_new = True

    def take(self, look: Look) -> dict[str, object]:
        """The vars that are other now, with their values."""
        changes: dict[str, object] = {}
        if look.waiting != self._waiting:
            self._waiting = look.waiting
            changes["waiting"] = look.waiting.as_dict() if look.waiting else {}
        if look.speaker != self._speaker:
            changes["speaker"] = self._speaker = look.speaker
        if look.sources != self._sources:
            self._sources = look.sources
            changes["citations"] = [
                citation_row(source.number, str(source.document_id), source.document_name, source.page, source.seconds)
                for source in look.sources
            ]
            changes |= self._link_again()
        if self._splitter.take(look.text):
            changes |= self._finish()
        return changes | self._think(look) | self._grow(self._linked(self._splitter.tail))

    def _think(self, look: Look) -> dict[str, object]:
        """Thoughts as they come, by a tip as well; how long they took once there is a text."""
        thought = str(self._thinking["text"])
        is_longer = len(look.thinking) - len(thought) > LONGEST_TIP
        text = look.thinking if is_longer or not thought or not look.thinking.startswith(thought) else thought
        seconds = _seconds(look.thinking_ms or 0) if look.thinking and look.text else -1
        changes: dict[str, object] = {}
        now = {**self._thinking, "text": text, "seconds": seconds}
        if self._is_new and look.elapsed_ms >= LATE_MS:
            now["elapsed"] = round(look.elapsed_ms / 1000)
        self._is_new = False
        if now != self._thinking:
            changes["thinking"] = self._thinking = now
        if (tip := look.thinking[len(text) :]) != self._thought_tip:
            changes["thought_tip"] = self._thought_tip = tip
        return changes

    def _finish(self) -> dict[str, object]:
        """Blocks that are new; each travels with those since the last chapter, so that long answers cost little."""
        fresh = [self._linked(block) for block in self._splitter.blocks[len(self._finished) :]]
        self._finished += fresh
        self._blocks_size += sum(len(block) for block in fresh)
        if self._blocks_size < max(SHORTEST_CHAPTER, self._chapters_size // 16):
            return {"blocks": self._finished[self._chapters :]}
        self._chapters, self._chapters_size = len(self._finished), self._chapters_size + self._blocks_size
        self._blocks_size = 0
        return {"chapters": list(self._finished), "blocks": []}

    def _link_again(self) -> dict[str, object]:
        if not self._finished:
            return {}
        self._finished = [self._linked(block) for block in self._splitter.blocks]
        return {"chapters": self._finished[: self._chapters], "blocks": self._finished[self._chapters :]}

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
