"""What an assistant was, what changed, and the way back."""

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import OWN_PICTURE, Change, Comparison, Definition, Line
from convosphere.assistants.service.definitions import refuse_problems
from convosphere.assistants.service.pictures import is_own
from convosphere.core.authorization import require
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.queries import creations
from convosphere.creations.queries import versions as version_queries
from convosphere.creations.schemas import MOST_VERSIONS, VersionRow
from convosphere.creations.service import keeping
from convosphere.knowledge.places.service import label_of, name_places

CONTEXT_LINES = 2
MOST_WORK = 10_000_000
"""Lines that may be looked at to tell two texts apart; what takes more is shown as taken away and written anew."""


async def list_versions(actor: Actor, assistant_id: UUID) -> list[VersionRow[Definition]]:
    """The versions of an assistant, newest first.

    Raises:
        AssistantNotFoundError: the actor may not change such an assistant.
    """
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "edit")
        return await version_queries.list_versions(uow, ASSISTANTS, assistant, MOST_VERSIONS)


async def compare_versions(actor: Actor, assistant_id: UUID, before: int, after: int) -> Comparison:
    """What became of an assistant's fields from one version to another.

    Raises:
        AssistantNotFoundError: the actor may not change such an assistant, or it has no such version.
    """
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "edit")
        was = Definition()
        if before:
            _, was = await version_queries.get_definition(uow, ASSISTANTS, assistant, before)
        _, became = await version_queries.get_definition(uow, ASSISTANTS, assistant, after)
    return Comparison(before, after, await changes_of(actor, was, became))


async def restore_version(actor: Actor, assistant_id: UUID, number: int) -> int:
    """Make what an assistant was in a version its newest one; gives the number of that.

    Raises:
        AssistantNotFoundError: the actor may not change such an assistant, or it has no such version.
        DefinitionRefusedError: it could not work any more, such as with a model that is gone.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    async with unit_of_work(actor) as uow:
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "edit")
        _, definition = await version_queries.get_definition(uow, ASSISTANTS, assistant, number)
    await refuse_problems(actor, definition)
    async with unit_of_work(actor) as uow:
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "edit", lock=True)
        return await keeping.change(uow, ASSISTANTS, assistant, definition, keeping.why_restored(actor, number))


async def changes_of(actor: Actor, before: Definition, after: Definition) -> tuple[Change, ...]:
    """The fields that two definitions do not have alike, with what is read by the names that the actor sees.

    The others end in a part of their ids, so that one of them in the place of another is a change as well.
    """
    chosen = before.knowledge.places | after.knowledge.places
    unseen = t("Something that you do not see").in_locale(actor.locale)
    names = {each: f"{unseen} (…{str(each)[-6:]})" for each in chosen.ids}
    seen = {place.id: label_of(place, actor.locale) for place in await name_places(actor, chosen)}
    return tuple(_changes(before, after, names | seen))


def _changes(before: Definition, after: Definition, names: Mapping[UUID, str]) -> Iterator[Change]:
    was, became = _fields(before, names), _fields(after, names)
    for field in became:
        if was[field] != became[field]:
            yield Change(field, tuple(_lines(was[field].splitlines(), became[field].splitlines())))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    """Both texts line by line, with a little of what stayed around each change."""
    head = _count_alike(before, after)
    tail = _count_alike(before[head:][::-1], after[head:][::-1])
    was, became = before[head : len(before) - tail], after[head : len(after) - tail]
    yield from (Line("same", line) for line in before[:head][-CONTEXT_LINES:])
    yield from _changed(was, became) if _work(was, became) <= MOST_WORK else _replaced(was, became)
    yield from (Line("same", line) for line in before[len(before) - tail :][:CONTEXT_LINES])


def _count_alike(before: list[str], after: list[str]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (was, became) in pairs if was != became), min(len(before), len(after)))


def _work(before: list[str], after: list[str]) -> int:
    """How much difflib would look at: in the worst case every line and every pair of like ones again for each line."""
    had, has = Counter(before), Counter(after)
    return (sum(had[line] * has[line] for line in had) + len(before)) * min(len(before), len(after))


def _changed(before: list[str], after: list[str]) -> Iterator[Line]:
    for group in difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT_LINES):
        for kind, first, last, new_first, new_last in group:
            if kind == "equal":
                yield from (Line("same", line) for line in before[first:last])
            else:
                yield from _replaced(before[first:last], after[new_first:new_last])


def _replaced(before: list[str], after: list[str]) -> Iterator[Line]:
    yield from (Line("removed", line) for line in before)
    yield from (Line("added", line) for line in after)


def _name_picture(icon: str) -> str:
    """An own one by the end of its digest, so that one in the place of another is a change as well."""
    return f"{OWN_PICTURE}…{icon[-6:]}" if is_own(icon) else icon


def _fields(definition: Definition, names: Mapping[UUID, str]) -> dict[str, str]:
    """What people read of a definition, each field as lines."""
    manners, knowledge = definition.personality, definition.knowledge
    examples = [f"{each.question}\n→ {each.answer}" for each in manners.examples]
    settings = definition.settings.model_dump(exclude_none=True)
    return {
        "name": definition.name,
        "description": definition.description,
        "picture": f"{_name_picture(definition.icon)}, {definition.color}",
        "category": definition.category,
        "instructions": definition.instructions,
        "tone": manners.tone,
        "length": manners.length,
        "address": manners.address,
        "examples": "\n\n".join(examples),
        "model": definition.model,
        "settings": "\n".join(f"{name}: {value}" for name, value in settings.items()),
        "fallback": definition.fallback,
        "when_full": definition.when_full,
        "knowledge": "\n".join([knowledge.scope, *(names[each] for each in sorted(knowledge.places.ids))]),
        "amount": knowledge.amount,
        "citations": knowledge.citations,
        "starters": "\n".join(definition.starters),
        "follow_ups": "on" if definition.follow_ups else "off",
    }
