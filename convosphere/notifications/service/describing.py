"""Putting notifications into words, as their reader may see what they are about."""

from collections.abc import Sequence
from typing import Final

from convosphere.core.i18n import Message, Value, t
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.kinds import NotificationKinds, Reference, SubjectTypes
from convosphere.notifications.schemas import NotificationKind, NotificationRow, StoredNotification, Subject

GONE: Final = t("This is no longer there for you.")


async def describe(uow: UnitOfWork, stored: Sequence[StoredNotification]) -> list[NotificationRow]:
    """The same in words for the unit's actor, with one look-up for each type of thing."""
    subjects = await SubjectTypes.fetch(uow, [found for row in stored if (found := _reference(row))])
    return [_describe(uow, row, subjects) for row in stored]


def _describe(uow: UnitOfWork, row: StoredNotification, subjects: dict[Reference, Subject]) -> NotificationRow:
    kind = NotificationKinds.find(row.kind)
    if kind is None or (kind.needs and not uow.actor.may(kind.needs)):
        return _gone(row, kind)
    if kind.several and row.count > 1:
        return _row(row, kind, Message(kind.several.text, {**row.facts, "count": row.count}), kind.route)
    reference = _reference(row)
    subject = subjects.get(reference) if reference else None
    if kind.subject_type and subject is None:
        return _gone(row, kind)
    values: dict[str, Value] = {**row.facts, "by": row.actor_name, "count": row.count}
    text = kind.text
    if subject:
        values["name"] = subject.name
        text = kind.text if subject.name or kind.unnamed is None else kind.unnamed
    return _row(row, kind, Message(text.text, values), subject.route if subject else kind.route)


def _row(row: StoredNotification, kind: NotificationKind, message: Message, route: str) -> NotificationRow:
    return NotificationRow(row.id, row.kind, kind.face, message, route, row.created_at, row.is_read)


def _gone(row: StoredNotification, kind: NotificationKind | None) -> NotificationRow:
    face = kind.face if kind else "job"
    return NotificationRow(row.id, row.kind, face, GONE, "", row.created_at, row.is_read, is_gone=True)


def _reference(row: StoredNotification) -> Reference | None:
    return (row.subject_type, row.subject_id) if row.subject_type and row.subject_id else None
