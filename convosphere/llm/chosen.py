"""A model that a workspace chose for one kind of work."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from convosphere.llm.routing import Route, Router
from convosphere.llm.schemas import Model

Answered = TypeVar("Answered")


@dataclass(frozen=True)
class ChosenModel:
    """The model, and how it is reached; `person` decides about turns only.

    No other model stands in for it: nobody said that another may see what this one is given.
    """

    _route: Route
    _router: Router
    _person: Hashable

    @property
    def model(self) -> Model:
        """Which one it is."""
        return self._route.model

    async def _retry(self, ask: Callable[[], Awaitable[Answered]]) -> Answered:
        return await self._router.retry(ask, self._route.runs_on, self._person)
