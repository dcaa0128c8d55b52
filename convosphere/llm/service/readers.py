"""Telling whoever reads files that a model may do from now on what nobody could."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from convosphere.core.unit_of_work import UnitOfWork

Listener = Callable[[UnitOfWork], Awaitable[None]]


class NewReaders:
    """Whom the composition root has told to listen, by the purpose that a model is chosen for."""

    _listeners: ClassVar[dict[str, Listener]] = {}

    @classmethod
    def register(cls, purpose: str, listener: Listener) -> None:
        """Have somebody told, in the unit in which a model is chosen."""
        cls._listeners[purpose] = listener

    @classmethod
    async def tell(cls, uow: UnitOfWork, purpose: str) -> None:
        """The unit's workspace chose a model for a purpose."""
        if listener := cls._listeners.get(purpose):
            await uow.session.flush()
            await listener(uow)
