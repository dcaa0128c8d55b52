"""What changed from one version of a document to another, told by passage."""

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.errors import VersionNotFoundError, VersionUnreadError
from convosphere.knowledge.queries import documents, texts
from convosphere.knowledge.queries import versions as queries
from convosphere.knowledge.queries.texts import Stretch
from convosphere.knowledge.versions.differences import Difference, Piece, cut_into_pieces, find_differences
from convosphere.knowledge.versions.schemas import ChangedLine, Comparison, PassageChange

MOST_CHANGES: Final = 100
_MOST_LINES = 40
_LONGEST_LINE = 1_000

_Text = tuple[str, list[Stretch]]


async def compare_versions(actor: Actor, document_id: UUID, older: int, newer: int) -> Comparison:
    """What was added, removed and changed from version `older` to version `newer` of a document, passage by passage.

    Raises:
        DocumentNotFoundError: the actor sees no such document.
        VersionNotFoundError, VersionUnreadError: it has no such versions, or one of them was not read.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        await documents.get_document(uow, document_id, "view")
        before, after = await _read(uow, document_id, older), await _read(uow, document_id, newer)
    changes = await asyncio.to_thread(_compare, before, after)
    return Comparison(older, newer, tuple(changes[:MOST_CHANGES]), len(changes))


async def _read(uow: UnitOfWork, document_id: UUID, number: int) -> _Text:
    version = await queries.find_version(uow, document_id, number)
    if version is None:
        raise VersionNotFoundError
    if version.parsed_at is None:
        raise VersionUnreadError
    return await texts.get_text(uow, version.id), await texts.list_stretches(uow, version.id)


def _compare(before: _Text, after: _Text) -> list[PassageChange]:
    old, new = cut_into_pieces(before[0]), cut_into_pieces(after[0])
    changes: list[PassageChange] = []
    last: tuple[bool, int] | None = None
    for difference in find_differences(old, new):
        is_gone = difference.first_new == difference.last_new
        stretches = before[1] if is_gone else after[1]
        start = old[difference.first_old].start if is_gone else new[difference.first_new].start
        number = max(bisect_right(stretches, start, key=lambda stretch: stretch.start), 1)
        lines = _lines(difference, old, new)
        if last == (is_gone, number):
            changes[-1] = _joined(changes[-1], lines)
        else:
            changes.append(_change(stretches, number, lines))
        last = (is_gone, number)
    return changes


def _lines(difference: Difference, old: Sequence[Piece], new: Sequence[Piece]) -> tuple[ChangedLine, ...]:
    gone = old[difference.first_old : difference.last_old]
    come = new[difference.first_new : difference.last_new]
    return (
        *(ChangedLine("removed", piece.words[:_LONGEST_LINE]) for piece in gone[:_MOST_LINES]),
        *(ChangedLine("added", piece.words[:_LONGEST_LINE]) for piece in come[:_MOST_LINES]),
    )


def _change(stretches: Sequence[Stretch], number: int, lines: tuple[ChangedLine, ...]) -> PassageChange:
    stretch = stretches[number - 1] if stretches else Stretch(0, 0, None, "")
    return PassageChange(number, stretch.page, stretch.heading, lines)


def _joined(change: PassageChange, lines: tuple[ChangedLine, ...]) -> PassageChange:
    return PassageChange(change.number, change.page, change.heading, (*change.lines, *lines)[: 2 * _MOST_LINES])
