"""What tags are used for: how often, together with which others, since when, and which are not."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.schemas import TagLabel
from convosphere.knowledge.tags import figure_queries as queries
from convosphere.knowledge.tags.figure_queries import Counted

MOST_UNUSED: Final = 100


@dataclass(frozen=True)
class UsedTag:
    """A tag, or two together, with the number of documents that have them."""

    tags: tuple[TagLabel, ...]
    documents: int


@dataclass(frozen=True)
class UnusedTag:
    """A tag that nothing has."""

    id: UUID
    name: str
    colour: str
    created_at: datetime


@dataclass(frozen=True)
class TagFigures:
    """All of it, of documents that the actor sees. `growth` counts the tags on them at the end of each month."""

    documents: int
    tagged: int
    used: int
    tags: tuple[UsedTag, ...]
    pairs: tuple[UsedTag, ...]
    growth: tuple[tuple[date, int], ...]
    unused: tuple[UnusedTag, ...]


async def get_figures(actor: Actor) -> TagFigures:
    """What tags are used for."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        unused = await queries.list_unused(uow, MOST_UNUSED) if actor.may(Permission.DOCUMENT_WRITE) else []
        counted = await queries.count_uses(uow)  # Behind it joins are planned in a way of its own.
        keys = {key for each in counted for key in (each.first, each.second) if key}
        labels = await queries.label(uow, keys)
    sums = {each.part: each.count for each in counted}
    return TagFigures(
        sums["documents"], sums["tagged"], sums["used"], _used(counted, "tag", labels),
        _used(counted, "pair", labels), _growth(counted), tuple(UnusedTag(*row) for row in unused),
    )  # fmt: skip


def _used(counted: list[Counted], part: str, labels: dict[UUID, TagLabel]) -> tuple[UsedTag, ...]:
    found = [each for each in counted if each.part == part]
    found.sort(key=lambda each: -each.count)
    return tuple(
        UsedTag(tuple(labels[key] for key in (each.first, each.second) if key and key in labels), each.count)
        for each in found
    )


def _growth(counted: list[Counted]) -> tuple[tuple[date, int], ...]:
    """Sums up to each month, those in which nothing came included."""
    came = {each.month: each.count for each in counted if each.month}
    if not came:
        return ()
    month, last, total = min(came), max(came), 0
    points: list[tuple[date, int]] = []
    while month <= last:
        total += came.get(month, 0)
        points.append((month, total))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return tuple(points)
