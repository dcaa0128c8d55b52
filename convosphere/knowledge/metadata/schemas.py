"""What the doors to metadata take and give."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

FIELDS: Final = ("title", "author", "language", "dated_on")
"""What files say of themselves and people may correct."""


@dataclass(frozen=True)
class MetadataDraft:
    """What somebody says of a document. Empty fields say that it has none; `language` is ISO 639-1, or "und"."""

    title: str = ""
    author: str = ""
    language: str = ""
    dated_on: date | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class Metadata:
    """What is known of a document, and where each of `FIELDS` comes from, see `parsing.schemas.Origin`.

    `is_review_due`: the day of review has come. Where nobody knows where something comes from, there is no origin.
    """

    title: str = ""
    author: str = ""
    language: str = ""
    dated_on: date | None = None
    review_on: date | None = None
    reviewed_on: date | None = None
    is_review_due: bool = False
    origins: dict[str, str] = field(default_factory=dict)
