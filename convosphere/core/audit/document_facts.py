"""The only facts that may be kept of what is done to documents: counts and days, never what they say."""

from datetime import date
from typing import NotRequired, TypedDict


class RemovalFacts(TypedDict, total=True):
    """How much went with a document: versions, characters of text, passages, vectors, previews and bytes of files."""

    versions: int
    characters: int
    passages: int
    vectors: int
    previews: int
    bytes: int


class ReviewFacts(TypedDict, total=False):
    """The day on which a document is to be looked at again, as YYYY-MM-DD."""

    review_on: str | None


def review_facts(day: date | None) -> ReviewFacts:
    """Such a day, or none."""
    return ReviewFacts(review_on=day.isoformat() if day else None)


class DescriptionFacts(TypedDict, total=True):
    """Which details of a document somebody set, by their names; never what they say."""

    fields: str


class RuleFacts(TypedDict, total=True):
    """How many things a rule asks of documents."""

    parts: int


class SourceFacts(TypedDict, total=False):
    """What kind of source it is and where, without the query of its address."""

    kind: str
    place: str


class BulkFacts(TypedDict, total=False):
    """What was done to many things at once: the name of the act, how many it was to be, how many it was."""

    act: str
    total: int
    done: int


class ChunkingFacts(TypedDict, total=True):
    """How texts are cut: tokens of a passage, tokens shared with the one before, and how many passages that makes.

    `model` is what makes their vectors, if another one was chosen for them; empty where the settings decide.
    """

    size: int
    overlap: int
    by_section: bool
    passages: int
    model: NotRequired[str]
