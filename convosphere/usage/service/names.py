"""Names of assistants, which packages above know: a port that the composition root fills."""

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

from convosphere.core.unit_of_work import UnitOfWork

Namer = Callable[[UnitOfWork, Collection[UUID]], Awaitable[dict[UUID, str]]]


class AssistantNames:
    """Whoever knows what assistants are called, and how to find one."""

    _namer: Namer | None = None

    @classmethod
    def register(cls, namer: Namer) -> None:
        """Ask this one from now on."""
        cls._namer = namer

    @classmethod
    async def of(cls, uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
        """Names by id; those that are gone, or that nobody knows, have none."""
        return await cls._namer(uow, ids) if cls._namer and ids else {}
