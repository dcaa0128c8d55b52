"""The only facts that may be kept of what is done to documents: counts and days, never what they say."""

from typing import TypedDict


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


class SourceFacts(TypedDict, total=False):
    """What kind of source it is and where, without the query of its address."""

    kind: str
    place: str


class BulkFacts(TypedDict, total=False):
    """What was done to many things at once: the name of the act, how many it was to be, how many it was."""

    act: str
    total: int
    done: int
