"""One question to one model: its turn, its attempts, and how long it may be silent."""

import asyncio
import time
from collections.abc import AsyncGenerator, Hashable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from convosphere.llm.errors import (
    ProviderBusyError,
    ProviderEmptyAnswerError,
    ProviderError,
    ProviderRateLimitedError,
    ProviderStreamBrokenError,
    ProviderTimeoutError,
    ProviderUnavailableError,
    ProviderUnreadableError,
)
from convosphere.llm.prices import cost_nanos
from convosphere.llm.routing.breakers import Admission
from convosphere.llm.routing.patience import Patience
from convosphere.llm.routing.queues import QueueFullError, Turn, TurnQueue
from convosphere.llm.routing.registry import Registry
from convosphere.llm.routing.routes import Route
from convosphere.llm.schemas import CompletionRequest, Finished, StreamEvent, TextPiece, ThinkingPiece, Waiting
from convosphere.llm.signs import WholeSigns

TELL_PLACE_SECONDS = 1.0
"""Who waits longer for a turn is told their place, as often as it changes."""
LONGEST_ANSWER = 2_000_000
"""Characters of an answer and of the thoughts before it: four times what any model writes, and still in memory."""


@dataclass(frozen=True)
class Question:
    """What is asked of one model after the other; `deadline` for the first word is monotonic."""

    request: CompletionRequest
    person: Hashable
    deadline: float


class Asking:
    """One model, asked as often as it takes and patience allows."""

    def __init__(
        self, route: Route, question: Question, admission: Admission, patience: Patience, registry: Registry,
        *, has_fallback: bool,
    ) -> None:  # fmt: skip
        self._route, self._question, self._admission = route, question, admission
        self._patience, self._registry, self._has_fallback = patience, registry, has_fallback
        self._attempts = 0
        self._signs = WholeSigns()
        self._length = 0
        self.has_begun = False

    async def stream(self) -> AsyncGenerator[StreamEvent, None]:
        """`Waiting` as long as it is not their turn, then the answer.

        Raises:
            ProviderError: of the last attempt, or of the one that broke off.
        """
        try:
            while True:
                self._attempts += 1
                try:
                    async with aclosing(self._attempt()) as events:
                        async for event in events:
                            yield event
                except ProviderError as error:
                    pause = self._pause_after(error)
                else:
                    return
                await asyncio.sleep(pause)
        finally:
            self._admission.end()

    async def _attempt(self) -> AsyncGenerator[StreamEvent, None]:
        route, request = self._route, self._question.request
        queue = self._registry.queue_of(route.runs_on)
        turn = enter(queue, self._question.person, route.model.name)
        try:
            async with aclosing(self._wait(queue, turn)) as places:
                async for place in places:
                    yield Waiting(route.model, place)
            request = replace(request, parameters=request.parameters.known_to(route.model))
            async with aclosing(route.provider.stream(route.name, route.model.name, request)) as events:
                event: StreamEvent | None = await self._first(events)
                while event:
                    yield self._seen(event)
                    event = await self._next(events)
        finally:
            queue.leave(turn)

    async def _wait(self, queue: TurnQueue, turn: Turn) -> AsyncGenerator[int, None]:
        """The place in line, from time to time, until it is their turn."""
        began, told = time.monotonic(), 0
        until = min(self._question.deadline, began + self._patience.longest_turn(has_fallback=self._has_fallback))
        while not turn.has_begun:
            left = until - time.monotonic()
            if left <= 0:
                raise ProviderBusyError(self._route.model.name, time.monotonic() - began)
            with suppress(TimeoutError):
                async with asyncio.timeout(min(TELL_PLACE_SECONDS, left)):
                    await turn.wait()
            if not turn.has_begun and (place := queue.place_of(turn)) != told:
                told = place
                yield place
        if told:
            yield 0

    async def _first(self, events: AsyncGenerator[StreamEvent, None]) -> StreamEvent:
        """The first piece of an answer."""
        began, name = time.monotonic(), self._route.model.name
        patience = min(self._patience.first_token, max(0.0, self._question.deadline - began))
        try:
            async with asyncio.timeout(patience):
                event = await anext(events)
        except TimeoutError:
            raise ProviderTimeoutError(name, patience, stalled=False) from None
        except StopAsyncIteration:
            raise ProviderEmptyAnswerError(name) from None
        self.has_begun = True
        self._admission.answered()
        self._registry.note_first_token(self._route, time.monotonic() - began)
        return event

    async def _next(self, events: AsyncGenerator[StreamEvent, None]) -> StreamEvent | None:
        """The next piece, None after the last; runs for every token."""
        patience = self._patience.next_token
        try:
            async with asyncio.timeout(patience):
                return await anext(events, None)
        except TimeoutError:
            raise ProviderTimeoutError(self._route.model.name, patience, stalled=True) from None
        except (ProviderUnavailableError, ProviderRateLimitedError) as error:
            raise ProviderStreamBrokenError(self._route.model.name) from error

    def _seen(self, event: StreamEvent) -> StreamEvent:
        """The event as people get it: whole signs, and at the end the cost.

        Raises:
            ProviderUnreadableError: it is part of an answer that has no end.
        """
        if isinstance(event, TextPiece | ThinkingPiece):
            self._length += len(event.text)
            if self._length > LONGEST_ANSWER:
                raise ProviderUnreadableError(self._route.model.name)
        if not isinstance(event, Finished):
            return self._signs.mend(event)
        self._admission.succeeded()
        self._registry.note_end(self._route)
        usage, price = event.usage, self._route.model.price
        if usage.cost_nanos is None:
            currency = price.currency if price else usage.currency
            usage = replace(usage, cost_nanos=cost_nanos(price, usage), currency=currency)
        return replace(event, usage=usage, attempts=self._attempts)

    def _pause_after(self, error: ProviderError) -> float:
        """How long to wait before the next attempt.

        Raises:
            ProviderError: the given one, if there is none.
        """
        error.attempts = self._attempts
        try:
            if self.has_begun:
                raise error
            return self._patience.pause_before_retry(
                error, self._attempts, self._question.deadline, has_fallback=self._has_fallback
            )
        except ProviderError:
            self._admission.failed(error)
            self._registry.note_end(self._route, error)
            raise


def enter(queue: TurnQueue, person: Hashable, label: str) -> Turn:
    """A turn in a line.

    Raises:
        ProviderBusyError: the line is full; `label` names whom it leads to.
    """
    try:
        return queue.enter(person)
    except QueueFullError:
        raise ProviderBusyError(label) from None
