"""`python -m convosphere.chat.transfer.writing.process`: writes documents, one after the other.

A request is its length, eight bytes, and a `Request` as JSON; the answer is a length and the document, or no length at
all, where the document could not be made. What takes too much ends the process.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import BaseModel

from convosphere.chat.transfer.schema import PortableConversation
from convosphere.chat.transfer.schemas import ExportFormat
from convosphere.chat.transfer.writing.docx import write_docx
from convosphere.chat.transfer.writing.frames import LENGTH
from convosphere.chat.transfer.writing.html import write_html
from convosphere.chat.transfer.writing.markdown import write_markdown
from convosphere.chat.transfer.writing.pdf import write_pdf
from convosphere.chat.transfer.writing.transcript import Transcript, transcript_of
from convosphere.core.confined.confinement import confine_memory, confine_process, confine_time

MEGABYTES: Final = 1_024
SECONDS: Final = 300

_WRITERS: Final[Mapping[ExportFormat, Callable[[Transcript], bytes]]] = {
    ExportFormat.MARKDOWN: write_markdown,
    ExportFormat.HTML: write_html,
    ExportFormat.PDF: write_pdf,
    ExportFormat.DOCX: write_docx,
}


class Request(BaseModel):
    """A conversation to be written in somebody's language; `contents` are where its images are."""

    conversation: PortableConversation
    form: ExportFormat
    locale: str
    contents: dict[str, Path]


def document_of(request: Request) -> bytes:
    """A conversation as a document."""
    return _WRITERS[request.form](transcript_of(request.conversation, request.locale, request.contents))


def serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    while head := asked.read(LENGTH.size):
        request = Request.model_validate_json(asked.read(LENGTH.unpack(head)[0]))
        confine_time(SECONDS)
        made = document_of(request)
        told.write(LENGTH.pack(len(made)) + made)
        told.flush()


def main() -> int:
    """Confine, then serve."""
    confine_process()
    confine_memory(MEGABYTES)
    serve(sys.stdin.buffer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
