"""Asks models one after the other until one answers."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from contextlib import aclosing
from typing import TypeVar

import structlog

from convosphere.llm.errors import ProviderBusyError, ProviderError
from convosphere.llm.routing.asking import Asking, Question, enter
from convosphere.llm.routing.breakers import Breakers
from convosphere.llm.routing.health import AccountHealth
from convosphere.llm.routing.patience import Patience
from convosphere.llm.routing.registry import Registry
from convosphere.llm.routing.routes import Account, Route, fallbacks_after
from convosphere.llm.routing.switches import note_of_switch
from convosphere.llm.schemas import CompletionRequest, ModelChosen, StreamEvent

log = structlog.get_logger()

Result = TypeVar("Result")


def _tell_nobody(_key: str) -> None:
    """Nobody follows the health of providers."""


class Router:
    """The process's way to all models: the only place that asks again, or asks another one.

    `tell` is called with an account's key whenever its health may be another.
    """

    def __init__(self, patience: Patience, tell: Callable[[str], None] = _tell_nobody) -> None:
        self.patience = patience
        self._breakers = Breakers(patience)
        self._registry = Registry(self._breakers, tell)

    async def stream(
        self, routes: Sequence[Route], request: CompletionRequest, person: Hashable = None
    ) -> AsyncGenerator[StreamEvent, None]:
        """The answer of the first model that gives one; after its first piece there is no other.

        `routes` begin with the model that was asked for. Who `person` is decides about turns only.

        Raises:
            ProviderError: of the last model that was asked, or of the one that broke off.
        """
        question = Question(request, person, time.monotonic() + self.patience.total)
        cause = self._breakers.trouble_of(routes[0])
        left = sorted(routes, key=self._breakers.is_spared)
        while left:
            route, *left = left
            yield _chosen(route, routes[0], cause)
            asking: Asking | None = None
            try:
                asking = self._asking(route, question, has_fallback=bool(left))
                async with aclosing(asking.stream()) as events:
                    async for event in events:
                        yield event
            except ProviderError as error:
                log.warning("model_failed", model=route.model.id, provider=route.model.provider, code=error.code)
                left = fallbacks_after(error, route, left)
                if (asking and asking.has_begun) or not left or time.monotonic() >= question.deadline:
                    raise
                cause = error if route is routes[0] else cause
            else:
                return

    async def retry(
        self, call: Callable[[], Awaitable[Result]], account: Account | None = None, person: Hashable = None
    ) -> Result:
        """The result of a call without a stream, tried like the beginning of one, in turn if the account is known.

        Raises:
            ProviderError: of the last attempt.
        """
        deadline = time.monotonic() + self.patience.total
        attempts = 0
        while True:
            attempts += 1
            try:
                return await (self._in_turn(call, account, person) if account else call())
            except ProviderError as error:
                error.attempts = attempts
                pause = self.patience.pause_before_retry(error, attempts, deadline, has_fallback=False)
            await asyncio.sleep(pause)

    def health(self) -> tuple[AccountHealth, ...]:
        """How the accounts do that this process has asked; other processes see for themselves."""
        return self._registry.health()

    def forget(self, key: str) -> None:
        """Begin anew with an account whose settings are others now, or that is gone."""
        self._registry.forget(key)

    def close(self) -> None:
        """Nobody waits any more."""
        self._registry.close()

    def _asking(self, route: Route, question: Question, *, has_fallback: bool) -> Asking:
        admission = self._breakers.admit(route)
        return Asking(route, question, admission, self.patience, self._registry, has_fallback=has_fallback)

    async def _in_turn(self, call: Callable[[], Awaitable[Result]], account: Account, person: Hashable) -> Result:
        queue = self._registry.queue_of(account)
        turn, longest = enter(queue, person, account.name), self.patience.longest_turn(has_fallback=False)
        try:
            try:
                async with asyncio.timeout(longest):
                    await turn.wait()
            except TimeoutError:
                raise ProviderBusyError(account.name, longest) from None
            return await call()
        finally:
            queue.leave(turn)


def _chosen(route: Route, asked: Route, cause: ProviderError | None) -> ModelChosen:
    if route is asked or cause is None:
        return ModelChosen(route.model)
    return ModelChosen(route.model, asked.model, note_of_switch(route.model.name, asked.model.name, cause))
