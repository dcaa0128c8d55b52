"""Telling people what is shared with them, whatever kind of thing it is."""

from collections.abc import Mapping

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.service.grants import GrantedThing, GrantKind, GrantListener, Subject
from convosphere.notifications.schemas import NotificationKind
from convosphere.notifications.service.telling import notify


def tell_of_sharing(kinds: Mapping[str, NotificationKind]) -> GrantListener:
    """A listener for `GrantKinds`, with what is told by the type of thing.

    What is shared with everyone is told nobody: it would be too much, and lies where everyone looks.
    """

    async def tell(uow: UnitOfWork, kind: GrantKind, thing: GrantedThing, subject: Subject) -> None:
        if kind.object_type not in kinds or subject.id is None:
            return
        people = [subject.id] if subject.type == "person" else await group_queries.list_people(uow, subject.id)
        recipients = [each for each in people if each != thing.owner_id]
        notify(uow, kinds[kind.object_type], recipients, key=str(thing.id), subject_id=thing.id)

    return tell
