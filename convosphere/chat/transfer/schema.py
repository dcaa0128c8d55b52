"""The product's own file of conversations: all branches, files and citations, and what the answers stand on.

A file is an object with `format`, `version` and then `conversations`; with files beside it, it lies as
`conversations.json` in a ZIP. Messages have numbers instead of ids, in the order in which they came, so that a file
says the same after it was taken in and written again.

The version goes up whenever a reader of the one before would lose something without a word, since it refuses what is
newer. Version 2 brought a conversation's own instructions, documents and assistant; files of version 1 have none.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from convosphere.answers.schemas import ContextUse
from convosphere.assistants.service.settings import RANGES
from convosphere.chat.attachments import AttachedFile, Kind
from convosphere.chat.effort import Effort
from convosphere.llm.schemas import Effort as ThinkingEffort
from convosphere.templates.schemas import LONGEST_INSTRUCTIONS

FORMAT: Final = "convosphere.conversations"
VERSION: Final = 2
CONVERSATIONS_FILE: Final = "conversations.json"
FILES_FOLDER: Final = "files/"

LONGEST_TITLE: Final = 200
LONGEST_NAME: Final = 255
LONGEST_TEXT: Final = 4_000_000
LONGEST_WORDS: Final = 2_000
"""Of a message to people, and of each thing that it names as often as it likes."""
MOST_MESSAGES: Final = 20_000
"""Of one conversation."""
MOST_DOCUMENTS: Final = 100
"""That one conversation looks in."""
_LARGEST: Final = 2**31 - 1


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]
Count = Annotated[int, Field(ge=0, le=_LARGEST)]
Line = Annotated[str, Field(max_length=LONGEST_NAME)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class PortableText(_Part):
    """What was said."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]


class PortableThinking(_Part):
    """What a model thought before, and for how long."""

    type: Literal["thinking"]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    ms: Count = 0


class PortableFile(_Part):
    """A file that came with a message; `content` is where it lies in the archive, None where it is gone.

    A folder, a tag or a collection of documents came by its name alone.
    """

    type: Literal["file"]
    kind: Kind
    name: Line
    size: Annotated[int, Field(ge=0, le=2**53)] = 0
    use: Literal["whole", "search"] = "search"
    characters: Count = 0
    width: Count = 0
    height: Count = 0
    content: Annotated[str, Field(max_length=200)] | None = None

    def as_attached(self, attachment_id: str, document_id: str = "") -> AttachedFile:
        """The same as a message keeps it."""
        return AttachedFile(
            attachment_id, self.kind, self.name, self.size, self.use, document_id, self.characters, self.width,
            self.height,
        )  # fmt: skip


PortablePart = Annotated[PortableText | PortableThinking | PortableFile, Field(discriminator="type")]


class PortableCitation(_Part):
    """A passage behind an answer. `document` is what it was called for whoever made the file; of a recording it is said
    at `seconds`.
    """

    number: Annotated[int, Field(ge=1, le=999)]
    document: Line = ""
    document_id: UUID
    version_id: UUID
    start: Count
    end: Count
    page: Count | None = None
    seconds: Count | None = None
    is_cited: bool = True


class PortableSpeaker(_Part):
    """The assistant that gave an answer, by name and face."""

    name: Line
    icon: Annotated[str, Field(max_length=100)] = ""
    color: Annotated[str, Field(max_length=40)] = ""


class PortableWords(_Part):
    """A message to people, see `core.i18n.Message`."""

    text: Annotated[str, Field(max_length=LONGEST_WORDS)]
    values: dict[
        Annotated[str, Field(max_length=40)], int | float | Annotated[str, Field(max_length=LONGEST_WORDS)]
    ] = Field(default_factory=dict, max_length=20)


class PortableSettings(_Part):
    """How a model is to answer, see `assistants.schemas.Settings`."""

    temperature: Annotated[float, Field(ge=RANGES["temperature"][0], le=RANGES["temperature"][1])] | None = None
    top_p: Annotated[float, Field(ge=RANGES["top_p"][0], le=RANGES["top_p"][1])] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=_LARGEST)] | None = None
    thinking: ThinkingEffort | None = None


class PortableMessage(_Part):
    """A question or an answer. `parent` and `begins_at` are numbers of messages before it."""

    number: Annotated[int, Field(ge=1, le=_LARGEST)]
    parent: int | None = None
    role: Literal["user", "assistant"]
    status: Literal["done", "stopped", "failed", "interrupted"] = "done"
    parts: tuple[PortablePart, ...] = ()
    citations: tuple[PortableCitation, ...] = ()
    speaker: PortableSpeaker | None = None
    model: Line = ""
    asked_model: Line = ""
    error: PortableWords | None = None
    switch_note: PortableWords | None = None
    effort: Effort | None = None
    settings: PortableSettings | None = None
    context: ContextUse | None = None
    begins_at: int | None = None
    follow_ups: tuple[Annotated[str, Field(max_length=20_000)], ...] | None = None
    created_at: Moment
    finished_at: Moment | None = None

    @property
    def text(self) -> str:
        """All its text."""
        return "".join(part.text for part in self.parts if isinstance(part, PortableText))

    @property
    def files(self) -> tuple[PortableFile, ...]:
        """What came with it."""
        return tuple(part for part in self.parts if isinstance(part, PortableFile))


class PortableNote(_Part):
    """A note that stands for the messages up to one."""

    last_message: int
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    model: Line = ""
    is_edited: bool = False


class PortableThing(_Part):
    """A document or an assistant; the name is for people, and empty where whoever made the file may not use it."""

    id: UUID
    name: Line = ""


class PortableConversation(_Part):
    """A conversation with all its branches; `active` is the last message of the one that its person looks at.

    `id` says where it came from first, as `source:id`, and stays the same wherever it is taken. `instructions` and
    `documents` are its own, of the template that it began with, and stand there only for its owner. Which template that
    was does not: the product only asks that to give an unused chat again.
    """

    id: Annotated[str, Field(min_length=3, max_length=200)]
    title: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    is_title_automatic: bool = False
    model: Line = ""
    when_full: Literal["drop", "summarise", "ask"] | None = None
    settings: PortableSettings = PortableSettings()
    assistant: PortableThing | None = None
    instructions: Annotated[str, Field(max_length=LONGEST_INSTRUCTIONS)] = ""
    documents: Annotated[tuple[PortableThing, ...], Field(max_length=MOST_DOCUMENTS)] = ()
    folder: tuple[Line, ...] = ()
    tags: tuple[Annotated[str, Field(max_length=40)], ...] = ()
    is_pinned: bool = False
    is_archived: bool = False
    created_at: Moment
    updated_at: Moment
    active: int | None = None
    messages: tuple[PortableMessage, ...] = ()
    notes: tuple[PortableNote, ...] = ()

    def branch(self) -> list[PortableMessage]:
        """The messages of the branch that is looked at, oldest first."""
        by_number = {message.number: message for message in self.messages}
        shown: list[PortableMessage] = []
        number = self.active
        while number is not None and (message := by_number.get(number)):
            shown.append(message)
            number = message.parent
        return shown[::-1]

    def count_branches(self) -> int:
        """How many ends it has: one, where nothing was asked or answered anew."""
        return len(self.messages) - len({message.parent for message in self.messages} - {None})


HEAD: Final = f'{{"format":"{FORMAT}","version":{VERSION},"conversations":['
TAIL: Final = "]}\n"


def written(conversation: PortableConversation) -> str:
    """A conversation as it stands in a file; the same one always looks the same."""
    told = conversation.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
