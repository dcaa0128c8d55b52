"""What a document of a conversation says: who said what and when, and the notes that citations became."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from convosphere.answers.citations import replace_citations
from convosphere.chat.transfer.schema import PortableCitation, PortableConversation, PortableMessage
from convosphere.core.i18n import Message, t
from convosphere.core.timecodes import timecode


@dataclass(frozen=True)
class Note:
    """A footnote: a document, and the page of it."""

    number: int
    text: str


@dataclass(frozen=True)
class Picture:
    """An image that came with a question."""

    name: str
    path: Path
    width: int
    height: int


@dataclass(frozen=True)
class Turn:
    """What one has said. Citations in `text` are links to `#note-1` and so on."""

    speaker: str
    moment: datetime
    text: str
    is_question: bool
    remark: str = ""
    """That an answer was stopped or failed."""
    files: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """A conversation for people; `words` are headings in their language."""

    title: str
    begun: datetime
    turns: tuple[Turn, ...]
    notes: tuple[Note, ...]
    words: "Words"
    locale: str


@dataclass(frozen=True)
class Words:
    """What stands in a document beside what was said."""

    sources: str
    files: str
    untitled: str


_Place = tuple[str, int | None, int | None]
"""The document, and the page or the second where something stands in it."""


@dataclass
class _Notes:
    """Footnotes, numbered through the whole document; the same place gets one number."""

    locale: str
    numbers: dict[_Place, int] = field(default_factory=dict)

    def number_of(self, citation: PortableCitation) -> int:
        key = (citation.document or str(citation.document_id), citation.page, citation.seconds)
        self.numbers.setdefault(key, len(self.numbers) + 1)
        if not citation.document:
            self._gone.add(key)
        return self.numbers[key]

    _gone: set[_Place] = field(default_factory=set)

    def all(self) -> tuple[Note, ...]:
        return tuple(Note(number, self._text(key)) for key, number in self.numbers.items())

    def _text(self, key: _Place) -> str:
        name, page, seconds = key
        if key in self._gone:
            name = t("A document that is not there any more").in_locale(self.locale)
        if seconds is not None:
            return t("{name}, at {time}", name=name, time=timecode(seconds)).in_locale(self.locale)
        return t("{name}, page {page}", name=name, page=page).in_locale(self.locale) if page else name


_ROLES: Mapping[bool, Message] = {True: t("Question"), False: t("Answer")}
_REMARKS: Mapping[str, Message] = {
    "stopped": t("This answer was stopped."),
    "interrupted": t("This answer was interrupted."),
    "failed": t("This answer failed."),
}


def transcript_of(conversation: PortableConversation, locale: str, contents: Mapping[str, Path]) -> Transcript:
    """The branch that is looked at, in somebody's language."""
    notes = _Notes(locale)
    turns = tuple(_turn(message, locale, contents, notes) for message in conversation.branch())
    words = Words(
        t("Sources").in_locale(locale), t("Files").in_locale(locale), t("Conversation").in_locale(locale)
    )  # fmt: skip
    return Transcript(conversation.title or words.untitled, conversation.created_at, turns, notes.all(), words, locale)


def _turn(message: PortableMessage, locale: str, contents: Mapping[str, Path], notes: _Notes) -> Turn:
    is_question = message.role == "user"
    by_number = {citation.number: citation for citation in message.citations}
    text = message.text
    if by_number:
        text = replace_citations(text, by_number, lambda number: _link(notes.number_of(by_number[number])))
    remark = _REMARKS.get(message.status)
    failed = message.error and Message(message.error.text, dict(message.error.values))
    said = (remark.in_locale(locale) if remark else "", failed.in_locale(locale) if failed else "")
    return Turn(
        _speaker(message, locale), message.created_at, text, is_question, " ".join(filter(None, said)),
        tuple(file.name for file in message.files), tuple(_pictures(message, contents)),
    )  # fmt: skip


def _link(number: int) -> str:
    return f"[{number}](#note-{number})"


def _speaker(message: PortableMessage, locale: str) -> str:
    role = _ROLES[message.role == "user"].in_locale(locale)
    who = message.speaker.name if message.speaker else message.model
    return f"{role} ({who})" if who else role


def _pictures(message: PortableMessage, contents: Mapping[str, Path]) -> Sequence[Picture]:
    return [
        Picture(file.name, path, file.width, file.height)
        for file in message.files
        if file.kind == "image" and (path := contents.get(file.content or ""))
    ]
