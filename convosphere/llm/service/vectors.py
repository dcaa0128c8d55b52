"""Telling whoever keeps vectors that another model makes them from now on."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from convosphere.core.unit_of_work import UnitOfWork

Listener = Callable[[UnitOfWork], Awaitable[None]]


class NewVectors:
    """Whom the composition root has told to listen, which is search."""

    _listeners: ClassVar[list[Listener]] = []

    @classmethod
    def register(cls, listener: Listener) -> None:
        """Have somebody told, in the unit in which the model is chosen."""
        cls._listeners.append(listener)

    @classmethod
    async def tell(cls, uow: UnitOfWork) -> None:
        """The unit's workspace has another model for vectors, or has its own back."""
        await uow.session.flush()
        for listener in cls._listeners:
            await listener(uow)
