"""Rows as the browser gets them: texts and numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from convosphere.answers.errors import ContextFullError
from convosphere.assistants.state.items import setting_texts
from convosphere.chat.attachments import AttachedFile, attached_files
from convosphere.chat.effort import Effort
from convosphere.chat.markup import with_citations
from convosphere.chat.parameters import settings_of
from convosphere.chat.schemas import NOBODY, Feedback, MessageView, QueuedQuestion, Speaker
from convosphere.core.timecodes import timecode

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

    `is_switched` says that somebody else gave the answer before it. `settings` are those that it was made with,
    as texts by their names.
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
    settings: dict[str, str] = field(default_factory=dict)


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
        thought_seconds=-1 if message.thinking_ms is None else whole_seconds(message.thinking_ms),
        effort=_effort_item(message.effort),
        settings=_settings_texts(message.parameters),
    )


def _file_item(file: AttachedFile) -> FileItem:
    return FileItem(file.id, file.name, file.size, file.kind, file.document_id, file.use == "whole")


def whole_seconds(milliseconds: int) -> int:
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


def _settings_texts(kept: dict[str, Any] | None) -> dict[str, str]:
    return {name: text for name, text in setting_texts(settings_of(kept)).items() if text}


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
