"""What reading a file yields, and how far reading may go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from convosphere.core.i18n import Message, t
from convosphere.knowledge.parsing.remedies import OCR_REMEDY

CHARACTERS_OF_TOKEN: Final = 4
"""Between German (3.2 of them in GPT-4's vocabulary) and English (4.8), so that no model is needed to cut."""


class Origin(StrEnum):
    """Where something that is known of a document comes from."""

    FILE = "file"
    """What the file says of itself."""
    HEADING = "heading"
    NAME = "name"
    TEXT = "text"
    """Recognised by what it says."""
    PERSON = "person"


class WarningCode(StrEnum):
    """What is worth telling about a file that was read nevertheless."""

    ENCODING_GUESSED = "encoding_guessed"
    PAGES_LEFT_OUT = "pages_left_out"
    TEXT_LEFT_OUT = "text_left_out"
    PAGE_WITHOUT_TEXT = "page_without_text"
    PAGE_DAMAGED = "page_damaged"
    HIDDEN_CHARACTERS_REMOVED = "hidden_characters_removed"
    ROWS_LEFT_OUT = "rows_left_out"
    TABLE_WITHOUT_HEAD = "table_without_head"
    SHEET_HIDDEN = "sheet_hidden"
    NOT_WELL_FORMED = "not_well_formed"
    PART_UNREADABLE = "part_unreadable"
    PARTS_LEFT_OUT = "parts_left_out"
    TEXT_RECOGNISED = "text_recognised"
    RECOGNITION_MISSING = "recognition_missing"
    RECOGNITION_STOPPED = "recognition_stopped"
    LINK_LEFT_OUT = "link_left_out"
    ARCHIVE_LEFT_OUT = "archive_left_out"
    MEMBER_REFUSED = "member_refused"
    SPEECH_WRITTEN = "speech_written"
    TIMES_GUESSED = "times_guessed"
    RECORDING_CUT = "recording_cut"
    PICTURE_DESCRIBED = "picture_described"
    PICTURE_NOT_DESCRIBED = "picture_not_described"


_WORDS: Final = {
    WarningCode.ENCODING_GUESSED: t("The file does not say how its letters are encoded; Windows-1252 was assumed."),
    WarningCode.PAGES_LEFT_OUT: t("The document is very long: pages from {page} on were left out."),
    WarningCode.TEXT_LEFT_OUT: t("The document is very long: the end of its text was left out."),
    WarningCode.PAGE_WITHOUT_TEXT: t("Page {page} holds no text, only pictures or nothing."),
    WarningCode.PAGE_DAMAGED: t("Page {page} is damaged and was left out."),
    WarningCode.HIDDEN_CHARACTERS_REMOVED: t("Invisible control characters were removed from the text."),
    WarningCode.ROWS_LEFT_OUT: t("The table is very long: rows from {page} on were left out. {part}"),
    WarningCode.TABLE_WITHOUT_HEAD: t(
        "The long table “{part}” does not begin with a row that names its columns, so its further rows may be hard to "
        "understand."
    ),
    WarningCode.SHEET_HIDDEN: t("The hidden sheet “{part}” was left out."),
    WarningCode.NOT_WELL_FORMED: t("The file breaks the rules of its format, so it was read as plain text."),
    WarningCode.PART_UNREADABLE: t("The attachment “{part}” could not be read."),
    WarningCode.PARTS_LEFT_OUT: t(
        "There are too many attachments, or they are nested too deeply: the rest was left out."
    ),
    WarningCode.TEXT_RECOGNISED: t("The text of page {page} was recognised in its picture; it may hold mistakes."),
    WarningCode.RECOGNITION_MISSING: t(
        "Page {page} holds no text, only pictures or nothing. Text in pictures needs OCR on the server: {remedy}"
    ),
    WarningCode.LINK_LEFT_OUT: t("“{part}” is a link, not a file, and was left out."),
    WarningCode.ARCHIVE_LEFT_OUT: t(
        "“{part}” was left out: archives within archives are not opened. Please upload it by itself."
    ),
    WarningCode.MEMBER_REFUSED: t(
        "“{part}” was left out: it is empty, damaged or too large, or files of its kind cannot be read."
    ),
    WarningCode.SPEECH_WRITTEN: t("What is said was written down by the model {part}; it may hold mistakes."),
    WarningCode.TIMES_GUESSED: t("The model told no times, so they are estimated within each ten minutes."),
    WarningCode.RECORDING_CUT: t("The recording is very long: what comes after {page} hours was left out."),
    WarningCode.PICTURE_DESCRIBED: t("What the picture shows was described by the model {part}; it may hold mistakes."),
    WarningCode.PICTURE_NOT_DESCRIBED: t(
        "What the picture shows could not be described by the model {part}; the text in it can be asked."
    ),
    WarningCode.RECOGNITION_STOPPED: t("Recognising text takes long: pages from {page} on were left out."),
}
_WORDS_WITH_PAGE: Final = {
    WarningCode.TABLE_WITHOUT_HEAD: t(
        "The long table “{part}” on page {page} does not begin with a row that names its columns, so its further rows "
        "may be hard to understand."
    ),
}


@dataclass(frozen=True)
class ParseWarning:
    """One remark about the file; `page` counts from 1 (rows for tables), None for the whole file.

    `part` names the sheet or the attachment that it is about.
    """

    code: WarningCode
    page: int | None = None
    part: str = ""

    @property
    def message(self) -> Message:
        """The remark in words."""
        values = {"page": self.page or 0, "part": self.part, "remedy": OCR_REMEDY}
        words = (self.page and _WORDS_WITH_PAGE.get(self.code)) or _WORDS[self.code]
        return Message(words.text, values)


@dataclass(frozen=True)
class ParsedPassage:
    """A stretch of a document's text: `text` is exactly `document.text[start:end]`, in characters.

    `number` counts from 1. `page` is the page it starts on, from 1, or None. `heading` is the path of headings above
    it, such as "Travel › Hotels", or "". `language` is an ISO 639-1 code.
    """

    number: int
    text: str
    start: int
    end: int
    page: int | None
    heading: str
    language: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """From character `start` of a text on it is what is said from second `begins` to second `ends`."""

    start: int
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Chunking:
    """How a text is cut: at about `size` tokens, each passage beginning with up to `overlap` tokens of the one before.

    `is_by_section`: no passage runs through a heading, however short sections are.
    """

    size: int = 200
    overlap: int = 0
    is_by_section: bool = False

    @property
    def aim(self) -> int:
        """Characters that a passage should have."""
        return self.size * CHARACTERS_OF_TOKEN

    @property
    def longest(self) -> int:
        """Characters that none has more of, besides those that it shares with the one before."""
        return self.aim * 3 // 2

    @property
    def shared(self) -> int:
        """Characters, at most, that a passage shares with the one before."""
        return self.overlap * CHARACTERS_OF_TOKEN


DEFAULT_CHUNKING: Final = Chunking()


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks that a text is made of, in order: a letter for the kind of each, and where it starts and ends.

    `levels` are those of headings, 0 of all else; `labels` name the headings alone, without marks.
    """

    kinds: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    levels: tuple[int, ...]
    pages: tuple[int | None, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class ParsedDocument:
    """The canonical text of a file and its passages, which cover all of it but white space between them.

    `language` is "de", "en" or another ISO 639-1 code, "und" for none. `pages` is None where there are no pages.
    `metadata` has what the file says of itself: author, created, modified, subject, keywords. `origins` says of title
    and language where they come from. `spoken` says when each stretch of a recording's text is said, in order. From
    character `described_from` on the text is what a model says of a picture. By its `layout` it can be cut anew; None
    of what has a cut of its own, such as the list of names in an archive.
    """

    title: str
    language: str
    pages: int | None
    text: str
    passages: tuple[ParsedPassage, ...]
    warnings: tuple[ParseWarning, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    spoken: tuple[Spoken, ...] = ()
    described_from: int | None = None
    layout: Layout | None = None


@dataclass(frozen=True)
class Limits:
    """How far reading one file may go; what is beyond `pages` or `characters` is left out with a warning.

    `megabytes` counts what reading adds to the bare process. `unpacked_megabytes`, `unpacked_ratio` and `parts` bound
    archives, `depth` nested XML and HTML elements; beyond them a file is refused. `rows` bound a sheet, `attachments`
    and `attached_depth` what an e-mail brings along.
    """

    seconds: int = 120
    megabytes: int = 1024
    pages: int = 5_000
    characters: int = 20_000_000
    unpacked_megabytes: int = 512
    unpacked_ratio: int = 250
    parts: int = 10_000
    depth: int = 200
    rows: int = 200_000
    attachments: int = 100
    attached_depth: int = 3


@dataclass(frozen=True)
class Progress:
    """How far reading is: `done` of `total` pages."""

    done: int
    total: int


ReportProgress = Callable[[Progress], None]
