"""Telling people that something happened, in the transaction in which it does."""

from collections.abc import Collection, Mapping
from uuid import UUID

from convosphere.core.i18n import Value
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.queries import notifications as queries
from convosphere.notifications.schemas import NotificationKind


def notify(
    uow: UnitOfWork,
    kind: NotificationKind,
    recipients: Collection[UUID],
    *,
    key: str,
    subject_id: UUID | None = None,
    facts: Mapping[str, Value] | None = None,
) -> None:
    """Tell some people, when the unit commits, each as they chose; it costs no round trip.

    The unit's actor is left out, unless the kind is of one's own things; so is who is no active member.

    Args:
        key: of what happened. Told again under it, nothing is added; a kind that `renews` is counted up and new again.
        subject_id: the thing it is about, of the kind's `subject_type`.
        facts: plain values for the kind's text, which every recipient may know for good. What a thing is called is
            none: it is looked up, with the reader's rights, each time it is shown.
    """
    if people := {each for each in recipients if kind.is_own or each != uow.actor.account_id}:
        queries.add(uow, kind, sorted(people), key=f"{kind.key}:{key}", subject_id=subject_id, facts=facts or {})


def note_seen(uow: UnitOfWork, subject_type: str, subject_id: UUID) -> None:
    """Take for read, when the unit commits, what its actor is told of a thing that they look at now."""
    queries.see(uow, subject_type, subject_id)


def take_back(uow: UnitOfWork, subject_type: str, gone: Mapping[UUID, UUID]) -> None:
    """Leave nothing, when the unit commits, of what owners were told of things that are `gone`, by the things' ids."""
    if gone:
        queries.take_back(uow, subject_type, gone)
