"""What an assistant is made of, and what the doors to assistants take and give."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from convosphere.answers.schemas import NOTHING, CitationPolicy, KnowledgeScope, WhenFull
from convosphere.knowledge.places.schemas import Places
from convosphere.llm.schemas import NO_PARAMETERS, Effort, Parameters

LONGEST_NAME: Final = 80
LONGEST_DESCRIPTION: Final = 500
LONGEST_INSTRUCTIONS: Final = 20_000
LONGEST_REASON: Final = 500
LONGEST_EXAMPLE: Final = 2_000
LONGEST_STARTER: Final = 200
MOST_STARTERS: Final = 6
MOST_EXAMPLES: Final = 3
MOST_DOCUMENTS: Final = 200
MOST_PLACES: Final = 50
"""Folders, tags and collections: each makes a question look further."""
MOST_PASSAGES: Final = {"little": 4, "normal": 8, "much": 16}
"""How many passages stand before the model, by how much of the documents an assistant reads."""

ICONS: Final = (
    "bot", "sparkles", "pen-line", "languages", "code", "scale", "file-text", "chart-column", "graduation-cap", "users",
    "headphones", "heart", "lightbulb", "search", "shield", "wrench",
)  # fmt: skip
CATEGORIES: Final = (
    "writing", "languages", "meetings", "software", "law", "data", "people", "service", "learning", "planning",
    "knowledge", "ideas",
)  # fmt: skip
OWN_PICTURE: Final = "own-"
"""Before the digest of a picture, where an icon's name could stand."""
MOST_PICTURE_CHARACTERS: Final = 200_000
"""Of a picture in a file, in base64; our own take a tenth of it."""
COLORS: Final = ("indigo", "azure", "teal", "green", "amber", "orange", "rose", "violet")


class State(StrEnum):
    """Where an assistant is in its life."""

    DRAFT = "draft"
    """Answers only those who may change it."""
    ACTIVE = "active"
    """Answers everybody who may use it."""
    INACTIVE = "inactive"
    """Answers nobody for a while."""
    RETIRED = "retired"
    """Answers nobody, and stands in no list unless asked for."""


class GalleryState(StrEnum):
    """What came of the latest request to publish an assistant."""

    NONE = "none"
    REQUESTED = "requested"
    PUBLISHED = "published"
    REFUSED = "refused"


class _Part(BaseModel):
    """A part of a definition: complete, unchangeable, without anything that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(_Part):
    """A question and how it is to be answered."""

    question: str
    answer: str


class Personality(_Part):
    """How an assistant speaks; empty: as the model does."""

    tone: Literal["", "friendly", "factual", "formal", "encouraging", "humorous"] = ""
    length: Literal["", "short", "medium", "long"] = ""
    address: Literal["", "informal", "formal"] = ""
    """`du` or `Sie`, where a language has both."""
    examples: tuple[Example, ...] = ()


class Settings(_Part):
    """Parameters of the model; None is left to it."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    thinking: Effort | None = None

    def parameters(self, others: Parameters = NO_PARAMETERS) -> Parameters:
        """As the gateway takes them; what is left open is as the `others` say."""
        return replace(others, **self.model_dump(exclude_none=True))


class Knowledge(_Part):
    """What an assistant looks in, always within what its asker may see."""

    scope: Literal["all", "chosen", "none"] = "all"
    document_ids: tuple[UUID, ...] = ()
    folder_ids: tuple[UUID, ...] = ()
    tag_ids: tuple[UUID, ...] = ()
    collection_ids: tuple[UUID, ...] = ()
    amount: Literal["little", "normal", "much"] = "normal"
    citations: CitationPolicy = CitationPolicy.PREFER

    @property
    def places(self) -> Places:
        """Where it looks if its scope is `chosen`."""
        return Places(self.document_ids, self.folder_ids, self.tag_ids, self.collection_ids)

    def reading(self, places: Places) -> "Knowledge":
        """The same of other places."""
        return self.model_copy(update=asdict(places))

    def where(self) -> KnowledgeScope:
        """As the search takes it."""
        if self.scope == "none":
            return NOTHING
        return KnowledgeScope(self.places if self.scope == "chosen" else None, MOST_PASSAGES[self.amount])


class Definition(_Part):
    """All that makes an assistant; each version keeps one."""

    name: str = ""
    description: str = ""
    icon: str = ICONS[0]
    color: str = COLORS[0]
    category: str = ""
    instructions: str = ""
    personality: Personality = Personality()
    model: str = ""
    """Empty: whichever the asker's conversation uses."""
    settings: Settings = Settings()
    fallback: str = ""
    when_full: Literal["", "drop", "summarise", "ask"] = ""
    """What becomes of conversations that are longer than the model reads; empty: as the workspace says."""
    knowledge: Knowledge = Knowledge()
    starters: tuple[str, ...] = ()
    follow_ups: bool = True
    """Whether questions are offered that may follow its answers."""


Whose = Literal["", "mine", "shared", "favourites", "gallery"]
Order = Literal["name", "changed", "use"]


@dataclass(frozen=True)
class AssistantQuery:
    """Which assistants to list. An empty `state` means those that are not retired."""

    text: str = ""
    whose: Whose = ""
    state: str = ""
    category: str = ""
    order: Order = "name"
    skip: int = 0
    limit: int = 24


@dataclass(frozen=True)
class AssistantRow:
    """An assistant in a list.

    `has_newer` is true where the current version is not the one that stands in the gallery; `gallery_reason` is told
    who manages it; `answers` counts those of the last 30 days, in a list by use.
    """

    id: UUID
    name: str
    handle: str
    description: str
    icon: str
    color: str
    category: str
    state: str
    owner_name: str
    is_own: bool
    is_favourite: bool
    is_shared: bool
    can_edit: bool
    can_manage: bool
    is_published: bool
    has_newer: bool
    gallery_state: str
    gallery_reason: str
    answers: int
    updated_at: datetime


@dataclass(frozen=True)
class AssistantPage:
    """Some assistants in order, and how many match."""

    rows: tuple[AssistantRow, ...]
    found: int


@dataclass(frozen=True)
class AssistantDetail:
    """An assistant as its page shows it to who may change it."""

    row: AssistantRow
    definition: Definition
    version: int


@dataclass(frozen=True)
class Line:
    """A line of a text in two versions: `same`, `removed` or `added`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A field that two versions do not have alike, line by line."""

    field: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Comparison:
    """What became of the fields of a version."""

    before: int
    after: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class RequestRow:
    """An assistant that waits for a review, and which version of it; `is_update` where another one is published."""

    id: UUID
    name: str
    description: str
    icon: str
    color: str
    category: str
    number: int
    asked_by: str
    asked_at: datetime
    is_update: bool


@dataclass(frozen=True)
class Briefing:
    """How an assistant answers now. `instructions` is the final text for the model; see `answers.schemas.Brief`."""

    assistant_id: UUID
    version_id: UUID
    name: str
    handle: str
    icon: str
    color: str
    model: str
    fallback: str
    parameters: Parameters
    knowledge: KnowledgeScope
    citations: CitationPolicy
    instructions: str
    when_full: WhenFull | None = None
    follow_ups: bool = True


@dataclass(frozen=True)
class Choice:
    """An assistant that can be asked, as a picker shows it."""

    id: UUID
    name: str
    handle: str
    description: str
    icon: str
    color: str
    model: str
    is_favourite: bool


@dataclass(frozen=True)
class Greeting:
    """What an empty conversation with an assistant shows: its face, and questions to begin with."""

    choice: Choice
    starters: tuple[str, ...]
    documents: int | None
    """How many of its documents the actor sees; None: whatever the actor sees."""
