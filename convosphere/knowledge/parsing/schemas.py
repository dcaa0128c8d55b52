"""What reading a file yields, and how far reading may go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from convosphere.core.i18n import Message, t


class WarningCode(StrEnum):
    """What is worth telling about a file that was read nevertheless."""

    ENCODING_GUESSED = "encoding_guessed"
    PAGES_LEFT_OUT = "pages_left_out"
    TEXT_LEFT_OUT = "text_left_out"
    PAGE_WITHOUT_TEXT = "page_without_text"
    PAGE_DAMAGED = "page_damaged"
    HIDDEN_CHARACTERS_REMOVED = "hidden_characters_removed"


@dataclass(frozen=True)
class ParseWarning:
    """One remark about the file; `page` counts from 1, None for the whole file."""

    code: WarningCode
    page: int | None = None

    @property
    def message(self) -> Message:
        """The remark in words."""
        page = self.page or 0
        match self.code:
            case WarningCode.ENCODING_GUESSED:
                return t("The file does not say how its letters are encoded; Windows-1252 was assumed.")
            case WarningCode.PAGES_LEFT_OUT:
                return t("The document is very long: pages from {page} on were left out.", page=page)
            case WarningCode.TEXT_LEFT_OUT:
                return t("The document is very long: the end of its text was left out.")
            case WarningCode.PAGE_WITHOUT_TEXT:
                return t("Page {page} holds no text, only pictures or nothing.", page=page)
            case WarningCode.PAGE_DAMAGED:
                return t("Page {page} is damaged and was left out.", page=page)
            case WarningCode.HIDDEN_CHARACTERS_REMOVED:
                return t("Invisible control characters were removed from the text.")


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


@dataclass(frozen=True)
class ParsedDocument:
    """The canonical text of a file and its passages, which cover all of it but white space between them.

    `language` is "de", "en" or another ISO 639-1 code, "und" for none. `pages` is None where there are no pages.
    `metadata` has what the file says of itself: author, created, modified, subject, keywords.
    """

    title: str
    language: str
    pages: int | None
    text: str
    passages: tuple[ParsedPassage, ...]
    warnings: tuple[ParseWarning, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """How far reading one file may go; what is beyond `pages` or `characters` is left out with a warning.

    `megabytes` counts what reading adds to the bare process. `unpacked_megabytes`, `unpacked_ratio` and `parts` bound
    archives, `depth` nested XML and HTML elements; beyond them a file is refused.
    """

    seconds: int = 120
    megabytes: int = 1024
    pages: int = 5_000
    characters: int = 20_000_000
    unpacked_megabytes: int = 512
    unpacked_ratio: int = 250
    parts: int = 10_000
    depth: int = 200


@dataclass(frozen=True)
class Progress:
    """How far reading is: `done` of `total` pages."""

    done: int
    total: int


ReportProgress = Callable[[Progress], None]
