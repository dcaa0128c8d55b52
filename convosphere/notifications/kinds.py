"""What can be told, and how the things that it is about are looked up: ports that composition roots fill."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.schemas import NotificationKind, Subject

Fetch = Callable[[UnitOfWork, Sequence[UUID]], Awaitable[Mapping[UUID, Subject]]]
"""Gives those of some things that the unit's actor may see now."""
Reference = tuple[str, UUID]


class NotificationKinds:
    """All kinds, in the order in which people choose among them."""

    _kinds: ClassVar[dict[str, NotificationKind]] = {}

    @classmethod
    def register(cls, *kinds: NotificationKind) -> None:
        """Let people choose how they are told of them."""
        cls._kinds.update({kind.key: kind for kind in kinds})

    @classmethod
    def find(cls, key: str) -> NotificationKind | None:
        """A kind by its key; None for one of another release."""
        return cls._kinds.get(key)

    @classmethod
    def of(cls, actor: Actor) -> list[NotificationKind]:
        """Those that an actor can be told of."""
        return [kind for kind in cls._kinds.values() if kind.needs is None or actor.may(kind.needs)]


class SubjectTypes:
    """How things are looked up, by their type."""

    _types: ClassVar[dict[str, Fetch]] = {}

    @classmethod
    def register(cls, name: str, fetch: Fetch) -> None:
        """Let notifications be about things of a type."""
        cls._types[name] = fetch

    @classmethod
    async def fetch(cls, uow: UnitOfWork, wanted: Iterable[Reference]) -> dict[Reference, Subject]:
        """Those of some things that the unit's actor may see; one look-up for each type."""
        ids: dict[str, list[UUID]] = defaultdict(list)
        for name, subject_id in set(wanted):
            if name in cls._types:
                ids[name].append(subject_id)
        return {
            (name, subject_id): subject
            for name, some in ids.items()
            for subject_id, subject in (await cls._types[name](uow, some)).items()
        }
