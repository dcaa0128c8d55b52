"""The kinds of files that are read: one table, which upload, refusals, reading processes and documentation follow."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DocumentType(StrEnum):
    """The kinds that are read. The value is stored with documents and stands in the list."""

    PDF = "PDF"
    DOCX = "DOCX"
    PPTX = "PPTX"
    XLSX = "XLSX"
    ODT = "ODT"
    ODS = "ODS"
    ODP = "ODP"
    EPUB = "EPUB"
    RTF = "RTF"
    CSV = "CSV"
    HTML = "HTML"
    MARKDOWN = "Markdown"
    TEXT = "TXT"
    JSON = "JSON"
    XML = "XML"
    EML = "EML"
    MSG = "MSG"
    ZIP = "ZIP"
    IMAGE = "Image"
    AUDIO = "Audio"
    VIDEO = "Video"
    CODE = "Code"


@dataclass(frozen=True)
class Kind:
    """How files of a type are called, and which process reads them.

    `module` is one of `parsing.process`. `is_text`: the content is text of any sort, so no more can be told from it.
    """

    type: DocumentType
    module: str
    endings: tuple[str, ...]
    is_text: bool = False


_CODE = (
    ".py .pyi .js .mjs .cjs .jsx .ts .tsx .java .kt .kts .scala .groovy .c .h .cc .cpp .cxx .hpp .cs .go .rs .rb .php "
    ".swift .m .dart .lua .pl .pm .r .jl .ex .exs .erl .hs .ml .clj .vb .pas .sh .bash .zsh .ps1 .bat .sql .css .scss "
    ".less .vue .svelte .yaml .yml .toml .ini .cfg .conf .properties .tf .proto .graphql"
)
UNPACKED: Final = ""
"""No process reads archives: what is in them becomes documents."""
LISTENED: Final = ""
"""Nor what a model has to listen to, see `knowledge.recordings`."""
KINDS: Final = (
    Kind(DocumentType.PDF, "pdf", (".pdf",)),
    Kind(DocumentType.DOCX, "markup", (".docx",)),
    Kind(DocumentType.PPTX, "markup", (".pptx",)),
    Kind(DocumentType.XLSX, "office", (".xlsx", ".xlsm")),
    Kind(DocumentType.ODT, "office", (".odt",)),
    Kind(DocumentType.ODS, "office", (".ods",)),
    Kind(DocumentType.ODP, "office", (".odp",)),
    Kind(DocumentType.EPUB, "markup", (".epub",)),
    Kind(DocumentType.RTF, "office", (".rtf",)),
    Kind(DocumentType.CSV, "text", (".csv", ".tsv"), is_text=True),
    Kind(DocumentType.HTML, "markup", (".html", ".htm", ".xhtml"), is_text=True),
    Kind(DocumentType.MARKDOWN, "text", (".md", ".markdown"), is_text=True),
    Kind(DocumentType.TEXT, "text", (".txt", ".text", ".log", ".rst", ".srt", ".vtt"), is_text=True),
    Kind(DocumentType.JSON, "text", (".json", ".jsonl", ".ndjson"), is_text=True),
    Kind(DocumentType.XML, "text", (".xml",), is_text=True),
    Kind(DocumentType.EML, "mail", (".eml",), is_text=True),
    Kind(DocumentType.MSG, "mail", (".msg",)),
    Kind(
        DocumentType.IMAGE, "recognition", (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".tif", ".tiff", ".bmp")
    ),
    Kind(DocumentType.AUDIO, LISTENED, (".mp3", ".m4a", ".wav", ".ogg", ".oga", ".opus", ".flac", ".aac")),
    Kind(DocumentType.VIDEO, LISTENED, (".mp4", ".m4v", ".mov", ".mkv", ".webm")),
    Kind(DocumentType.ZIP, UNPACKED, (".zip",)),
    Kind(DocumentType.CODE, "text", tuple(_CODE.split()), is_text=True),
)
ENDINGS: Final = {ending: kind.type for kind in KINDS for ending in kind.endings}
ATTACHABLE: Final = frozenset(ENDINGS) - {ending for ending in ENDINGS if ENDINGS[ending] is DocumentType.ZIP}
"""Endings of what may come with a message: a folder is none."""
MODULES: Final = {kind.type: kind.module for kind in KINDS}
RECORDINGS: Final = frozenset({DocumentType.AUDIO, DocumentType.VIDEO})
"""What is read by what is said in it."""
TEXTS: Final = frozenset(kind.type for kind in KINDS if kind.is_text)
_OF_MANY_ENDINGS: Final = RECORDINGS | {DocumentType.IMAGE}
READABLE: Final = ", ".join(
    ending.lstrip(".").upper()
    for kind in KINDS
    if kind.type is not DocumentType.CODE
    for ending in kind.endings[: 2 if kind.type in _OF_MANY_ENDINGS else 1]
)
"""Names for people, in the order of the table; source code goes without its sixty endings."""

BETTER: Final = {".doc": "DOCX", ".dot": "DOCX", ".xls": "XLSX", ".xlsb": "XLSX", ".ppt": "PPTX", ".pps": "PPTX",
                 ".pages": "PDF", ".numbers": "XLSX", ".key": "PDF", ".djvu": "PDF", ".mobi": "EPUB", ".heic": "JPG",
                 ".rar": "ZIP", ".7z": "ZIP", ".tar": "ZIP", ".gz": "ZIP", ".tgz": "ZIP", ".wma": "MP3",
                 ".amr": "MP3", ".aiff": "WAV", ".avi": "MP4", ".wmv": "MP4", ".3gp": "MP4", ".mpg": "MP4"}  # fmt: skip
"""What is not read, and what to save it as instead."""
