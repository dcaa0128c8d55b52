"""What the doors to the ways of cutting take and give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from convosphere.core.i18n import Message
from convosphere.knowledge.parsing.schemas import DEFAULT_CHUNKING, Chunking
from convosphere.knowledge.schemas import DocumentFilter

SMALLEST: Final = 50
LARGEST: Final = 500
"""Tokens that a passage may aim at. It has at most half as many more, which most models of vectors still read whole."""
MOST_RULES: Final = 10
MOST_SHARED: Final = 2
"""A passage shares at most one part in so many with the one before."""


@dataclass(frozen=True)
class CollectionRule:
    """How the documents of a collection are cut: what it showed when the rule was made, whatever it shows since."""

    collection_id: UUID
    name: str
    filter: DocumentFilter
    chunking: Chunking


@dataclass(frozen=True)
class ChunkSettings:
    """How the texts of a workspace are cut: by the first rule that a document falls under, or else in general."""

    general: Chunking = DEFAULT_CHUNKING
    rules: tuple[CollectionRule, ...] = ()


_STORED = TypeAdapter(ChunkSettings)


def as_stored(settings: ChunkSettings) -> dict[str, Any]:
    """Settings as a passage set keeps them: only what differs from how texts are cut by themselves."""
    return _STORED.dump_python(settings, mode="json", exclude_defaults=True)


def as_settings(stored: Mapping[str, Any]) -> ChunkSettings:
    """What was stored."""
    return _STORED.validate_python(stored)


@dataclass(frozen=True)
class Shadow:
    """A set of passages that may take the current one's place.

    `documents` of all are cut, `vectors` of its `passages` made; `kept` keep their passages, since nothing is known of
    how their texts are laid out. `error` is why it could not be completed. `model` makes its vectors, "" if nothing
    does; `is_other` says that it is to be the workspace's model then, `is_useless` that search would not use them.
    """

    id: UUID
    state: str
    settings: ChunkSettings
    documents: int
    passages: int
    vectors: int
    kept: int
    error: Message | None
    model: str
    is_other: bool
    is_useless: bool


@dataclass(frozen=True)
class ChunkState:
    """How texts are cut now, how many documents and passages that makes, and what may take their place."""

    settings: ChunkSettings
    documents: int
    passages: int
    shadow: Shadow | None


@dataclass(frozen=True)
class SetAmount:
    """How many passages a set has, and their characters with those of their headings."""

    passages: int
    characters: int


@dataclass(frozen=True)
class PreviewedPassage:
    """A passage as it would be: `repeated` of its characters stand at the end of the one before as well."""

    number: int
    text: str
    repeated: int
    tokens: int
    page: int | None
    heading: str


@dataclass(frozen=True)
class CutFigures:
    """How many passages a text has, and the tokens of the smallest, the middle and the largest."""

    count: int
    least: int
    middle: int
    most: int


@dataclass(frozen=True)
class ChunkPreview:
    """What settings would make of a document: the first passages, and the figures beside those of now.

    `is_beginning`: the text is long, and only its beginning was cut. `rule` is the collection by whose rule it is cut.
    """

    passages: tuple[PreviewedPassage, ...]
    figures: CutFigures
    now: CutFigures
    is_beginning: bool
    rule: str
