"""What the app and the reading process say to each other.

The app writes one JSON line for each file (`Request`). The process answers with frames, each a length of four bytes
(big-endian) and as many bytes of JSON with a key "kind": ready, once it has loaded its parsers; then for each file
progress, result, failure, and at last ended. Passages travel as offsets: the app cuts them out of the text itself, so
that they are exact whatever the process says.
"""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Literal

from convosphere.knowledge.parsing.layout import check_layout
from convosphere.knowledge.parsing.members import Member
from convosphere.knowledge.parsing.schemas import Layout, Limits, Origin, ParsedDocument, ParsedPassage, ParseWarning

HEADER = struct.Struct(">I")
LONGEST_FRAME = 1 << 29
LONGEST_PIECE = 1 << 18
"""Bytes of a file that come out of an archive at once."""
BROKEN_OFF = (1 << 32) - 1
"""Instead of the length of such a piece: the rest of the file is damaged."""


@dataclass(frozen=True)
class Request:
    """Read this file; `kind` is a `DocumentType`."""

    path: str
    name: str
    kind: str
    limits: Limits


@dataclass(frozen=True)
class ReadyFrame:
    """The process has loaded what it needs and takes files."""

    kind: Literal["ready"] = "ready"


@dataclass(frozen=True)
class ProgressFrame:
    """Pages done."""

    done: int
    total: int
    kind: Literal["progress"] = "progress"


@dataclass(frozen=True)
class FailureFrame:
    """The code and values of a `ParseError`; `detail` is for the log."""

    code: str
    values: dict[str, str]
    detail: str = ""
    kind: Literal["failure"] = "failure"


@dataclass(frozen=True)
class EndedFrame:
    """The reader of one file is gone; `status` is as of `os.waitstatus_to_exitcode`."""

    status: int
    kind: Literal["ended"] = "ended"


@dataclass(frozen=True)
class PassageSpan:
    """A passage without its text."""

    start: int
    end: int
    page: int | None
    heading: str
    language: str


@dataclass(frozen=True)
class ResultFrame:
    """A document, its passages as spans."""

    title: str
    language: str
    pages: int | None
    text: str
    spans: list[PassageSpan]
    warnings: list[ParseWarning]
    metadata: dict[str, str]
    origins: dict[str, Origin]
    layout: Layout | None
    kind: Literal["result"] = "result"

    @classmethod
    def of(cls, document: ParsedDocument) -> "ResultFrame":
        """The frame of a document."""
        spans = [PassageSpan(p.start, p.end, p.page, p.heading, p.language) for p in document.passages]
        return cls(
            document.title,
            document.language,
            document.pages,
            document.text,
            spans,
            list(document.warnings),
            document.metadata,
            document.origins,
            document.layout,
        )

    def document(self) -> ParsedDocument:
        """The document, each passage cut out of the text.

        Raises:
            ValueError: spans or blocks are not in order within the text.
        """
        if self.layout is not None:
            check_layout(self.layout, len(self.text))
        passages: list[ParsedPassage] = []
        begun, done = -1, 0
        for number, span in enumerate(self.spans, start=1):
            # One may repeat the end of the one before, and says more.
            if not begun < span.start < span.end <= len(self.text) or span.end <= done:
                raise ValueError("passages out of order")
            begun, done = span.start, span.end
            text = self.text[span.start : span.end]
            passages.append(ParsedPassage(number, text, span.start, span.end, span.page, span.heading, span.language))
        return ParsedDocument(
            self.title,
            self.language,
            self.pages,
            self.text,
            tuple(passages),
            tuple(self.warnings),
            self.metadata,
            self.origins,
            layout=self.layout,
        )


@dataclass(frozen=True)
class ContentsFrame:
    """What is in an archive, and remarks on what is left out."""

    members: list[Member]
    warnings: list[ParseWarning]
    kind: Literal["contents"] = "contents"


Frame = ReadyFrame | ProgressFrame | FailureFrame | EndedFrame | ResultFrame | ContentsFrame


def encode_frame(frame: Frame) -> bytes:
    """The bytes of a frame with its length."""
    body = json.dumps(asdict(frame), ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return HEADER.pack(len(body)) + body


def encode_request(request: Request) -> bytes:
    """The line of a request."""
    return json.dumps(asdict(request)).encode() + b"\n"


def decode_request(line: bytes) -> Request:
    """The request of a line."""
    values = json.loads(line)
    return Request(values["path"], values["name"], values["kind"], Limits(**values["limits"]))
