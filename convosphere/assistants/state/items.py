"""Rows as the browser gets them: texts and numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from convosphere.assistants.schemas import AssistantRow, Change, Choice, Definition, Settings
from convosphere.creations.schemas import VersionRow


@dataclass(frozen=True)
class ChoiceItem:
    """An assistant that can be asked; without an id nobody in particular, without a name one that is gone."""

    id: str = ""
    name: str = ""
    handle: str = ""
    description: str = ""
    icon: str = ""
    color: str = ""
    is_favourite: bool = False


@dataclass(frozen=True)
class AssistantItem:
    """An assistant in the list, and at the head of its page."""

    id: str = ""
    name: str = ""
    handle: str = ""
    description: str = ""
    icon: str = ""
    color: str = ""
    category: str = ""
    state: str = ""
    owner: str = ""
    is_own: bool = False
    is_favourite: bool = False
    is_shared: bool = False
    can_edit: bool = False
    can_manage: bool = False
    can_ask: bool = False
    can_copy: bool = False
    is_published: bool = False
    has_newer: bool = False
    gallery_state: str = "none"
    gallery_reason: str = ""
    answers: int = 0
    updated_at: str = ""


@dataclass(frozen=True)
class ExampleItem:
    """A question and how it is to be answered."""

    question: str = ""
    answer: str = ""


@dataclass(frozen=True)
class DefinitionItem:
    """What the fields of the editor hold at first; numbers are texts, empty where nothing is set."""

    name: str = ""
    description: str = ""
    icon: str = "bot"
    color: str = "indigo"
    category: str = ""
    instructions: str = ""
    tone: str = ""
    answer_length: str = ""
    address: str = ""
    model: str = ""
    fallback: str = ""
    when_full: str = ""
    temperature: str = ""
    top_p: str = ""
    max_tokens: str = ""
    thinking: str = ""
    scope: str = "all"
    amount: str = "normal"
    citations: str = "prefer"
    starters: str = ""
    follow_ups: bool = True
    examples: list[ExampleItem] = field(default_factory=list)


@dataclass(frozen=True)
class ModelChoice:
    """A model that may be chosen, or one that was and is gone."""

    id: str
    name: str
    is_reader: bool
    is_gone: bool = False


@dataclass(frozen=True)
class PlaceItem:
    """Something to read from that is chosen, or could be; one that the person does not see has no name."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True)
class VersionItem:
    """A version in the list of them."""

    number: int
    why: str
    author: str
    created_at: str
    is_current: bool


@dataclass(frozen=True)
class LineItem:
    """A line of a comparison: `same`, `removed` or `added`."""

    kind: str
    text: str


@dataclass(frozen=True)
class ChangeItem:
    """A field that changed, line by line."""

    name: str
    lines: list[LineItem] = field(default_factory=list)


def choice_item(choice: Choice) -> ChoiceItem:
    """An assistant in a picker."""
    return ChoiceItem(
        str(choice.id), choice.name, choice.handle, choice.description, choice.icon, choice.color, choice.is_favourite
    )


def with_gone(models: Sequence[ModelChoice], *wanted: str) -> list[ModelChoice]:
    """Models to choose from, and after them those that were chosen and are not to be had now: none is lost unseen."""
    gone = set(wanted) - {"", *(model.id for model in models)}
    return [*models, *(ModelChoice(name, name, is_reader=False, is_gone=True) for name in sorted(gone))]


def assistant_item(row: AssistantRow) -> AssistantItem:
    """A row of the list."""
    return AssistantItem(
        id=str(row.id),
        name=row.name,
        handle=row.handle,
        description=row.description,
        icon=row.icon,
        color=row.color,
        category=row.category,
        state=row.state,
        owner=row.owner_name,
        is_own=row.is_own,
        is_favourite=row.is_favourite,
        is_shared=row.is_shared,
        can_edit=row.can_edit,
        can_manage=row.can_manage,
        can_ask=row.state == "active" or (row.state == "draft" and row.can_edit),
        can_copy=row.can_edit or row.is_published,
        is_published=row.is_published,
        has_newer=row.has_newer,
        gallery_state=row.gallery_state,
        gallery_reason=row.gallery_reason,
        answers=row.answers,
        updated_at=row.updated_at.isoformat(),
    )


def definition_item(definition: Definition) -> DefinitionItem:
    """What the editor shows of a definition."""
    manners, knowledge = definition.personality, definition.knowledge
    return DefinitionItem(
        name=definition.name,
        description=definition.description,
        icon=definition.icon,
        color=definition.color,
        category=definition.category,
        instructions=definition.instructions,
        tone=manners.tone,
        answer_length=manners.length,
        address=manners.address,
        model=definition.model,
        fallback=definition.fallback,
        when_full=definition.when_full,
        **setting_texts(definition.settings),
        scope=knowledge.scope,
        amount=knowledge.amount,
        citations=knowledge.citations,
        starters="\n".join(definition.starters),
        follow_ups=definition.follow_ups,
        examples=[ExampleItem(each.question, each.answer) for each in manners.examples],
    )


def version_item(row: VersionRow[Definition]) -> VersionItem:
    """A row of the list of versions."""
    return VersionItem(row.number, row.why, row.author_name, row.created_at.isoformat(), row.is_current)


def change_item(change: Change) -> ChangeItem:
    """A field of a comparison."""
    return ChangeItem(change.field, [LineItem(line.kind, line.text) for line in change.lines])


def setting_texts(settings: Settings) -> dict[str, str]:
    """What the fields of a model's settings hold, by their names; empty where nothing is set."""
    return {name: _text(value) for name, value in settings}


def _text(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.12g}"
