"""How files of each kind are shown: one table, which routes, pages and documentation follow."""

from enum import StrEnum
from typing import Final

from convosphere.knowledge.parsing.kinds import DocumentType


class PreviewKind(StrEnum):
    """How a document is shown; empty: only what the machine reads of it."""

    NONE = ""
    PDF = "pdf"
    IMAGE = "image"
    MARKDOWN = "markdown"
    TEXT = "text"
    HTML = "html"
    PAGES = "pages"
    AUDIO = "audio"
    VIDEO = "video"


PREVIEWS: Final = {
    DocumentType.PDF: PreviewKind.PDF,
    DocumentType.IMAGE: PreviewKind.IMAGE,
    DocumentType.DOCX: PreviewKind.HTML,
    DocumentType.PPTX: PreviewKind.HTML,
    DocumentType.XLSX: PreviewKind.HTML,
    DocumentType.ODT: PreviewKind.HTML,
    DocumentType.ODP: PreviewKind.HTML,
    DocumentType.ODS: PreviewKind.HTML,
    DocumentType.RTF: PreviewKind.HTML,
    DocumentType.EPUB: PreviewKind.HTML,
    DocumentType.EML: PreviewKind.HTML,
    DocumentType.MSG: PreviewKind.HTML,
    DocumentType.MARKDOWN: PreviewKind.MARKDOWN,
    DocumentType.TEXT: PreviewKind.TEXT,
    DocumentType.CODE: PreviewKind.TEXT,
    DocumentType.CSV: PreviewKind.TEXT,
    DocumentType.JSON: PreviewKind.TEXT,
    DocumentType.XML: PreviewKind.TEXT,
    DocumentType.HTML: PreviewKind.HTML,
    DocumentType.AUDIO: PreviewKind.AUDIO,
    DocumentType.VIDEO: PreviewKind.VIDEO,
}
"""Source is shown as the text that it is, and no page of a file is ever a page of ours."""
PLAYED: Final = frozenset({PreviewKind.AUDIO, PreviewKind.VIDEO})
ORIGINALS: Final = frozenset({PreviewKind.PDF, PreviewKind.MARKDOWN, PreviewKind.TEXT}) | PLAYED
"""These bring the file itself, or all that is in it, to the browser."""
WITHOUT_FILE: Final = {
    kind: PreviewKind.PAGES if how is PreviewKind.PDF else how
    for kind, how in PREVIEWS.items()
    if how is PreviewKind.PDF or how not in ORIGINALS
}
"""The same for who may see a document and not have its file: pictures of pages; of texts what the machine reads."""
WITH_THUMBNAIL: Final = frozenset({DocumentType.PDF, DocumentType.IMAGE})
"""What has a small picture in the list."""
FIRST: Final = frozenset({PreviewKind.PDF, PreviewKind.PAGES, PreviewKind.IMAGE, PreviewKind.HTML}) | PLAYED
"""What a page shows before the text that was read, which of these tells less."""


_PLAYED_AS: Final = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".wav": "audio/wav", ".ogg": "audio/ogg",
    ".oga": "audio/ogg", ".opus": "audio/ogg", ".flac": "audio/flac", ".mp4": "video/mp4", ".m4v": "video/mp4",
    ".mov": "video/mp4", ".mkv": "video/x-matroska", ".webm": "video/webm",
}  # fmt: skip


def played_as(name: str) -> str:
    """The media type that a browser plays a recording as; QuickTime is what MP4 came from."""
    return _PLAYED_AS.get(name[name.rfind(".") :].lower(), "application/octet-stream")


def preview_of(media_type: str) -> PreviewKind:
    """How a kind of file is shown; `media_type` is what is stored of it."""
    return (
        PREVIEWS.get(DocumentType(media_type), PreviewKind.NONE)
        if media_type in set(DocumentType)
        else PreviewKind.NONE
    )


def has_preview(media_type: str, *, can_take: bool) -> bool:
    """Whether a page shows more of a file than what the machine reads of it, to who may have it, or only see it."""
    kind = preview_of(media_type)
    return kind is not PreviewKind.NONE and (can_take or DocumentType(media_type) in WITHOUT_FILE)
