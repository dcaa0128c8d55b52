"""The one loop of retries: patience, back-off, and other models until the first word has been said."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog

from convosphere.llm.errors import (
    ProviderEmptyAnswerError,
    ProviderError,
    ProviderRateLimitedError,
    ProviderStreamBrokenError,
    ProviderTimeoutError,
    ProviderUnavailableError,
)
from convosphere.llm.prices import cost_nanos
from convosphere.llm.schemas import ChatProvider, CompletionRequest, Finished, Model, ModelChosen, StreamEvent
from convosphere.llm.signs import WholeSigns

log = structlog.get_logger()

MOST_FALLBACKS = 2

Result = TypeVar("Result")


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try; times in seconds.

    `total` ends all trying for a first word, over all models. `with_fallback` is the longest Retry-After that is
    waited for while another model could answer instead. A model that failed `attempts` times rests for `rest`.
    """

    first_token: float
    next_token: float
    total: float
    attempts: int = 3
    backoff: float = 0.4
    with_fallback: float = 5.0
    rest: float = 15.0


@dataclass(frozen=True)
class Route:
    """How a model is reached: `name` is what its provider calls it.

    `named` says that the settings name it, rather than a provider's list.
    """

    model: Model
    provider: ChatProvider
    name: str
    named: bool = False

    def may_replace(self, other: "Route") -> bool:
        """Whether this model may answer in place of another without being asked for."""
        if self.model.is_reader or self.model.id == other.model.id:
            return False
        if self.named:
            return True
        return self.provider is other.provider and not _is_dearer(self, other)


class Router:
    """Asks one model after the other until one answers."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self._resting: dict[str, float] = {}

    async def stream(self, routes: Sequence[Route], request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """The answer of the first model that gives one; after its first piece there is no other.

        Raises:
            ProviderError: of the last model that was asked, or of the one that broke off.
        """
        deadline = time.monotonic() + self.patience.total
        left = self._order(routes)
        while left:
            route, *left = left
            yield ModelChosen(route.model)
            try:
                first, events = await self._open(route, request, deadline, has_fallback=bool(left))
            except ProviderError as error:
                self._note_failure(route, error)
                left = _fallbacks_after(error, route, left)
                if not left or time.monotonic() >= deadline:
                    raise
                continue
            signs = WholeSigns()
            async with aclosing(events):
                event: StreamEvent | None = first
                while event:
                    yield _with_cost(signs.mend(event), route)
                    event = await self._next(events, route)
            return

    async def retry(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """The result of a call without a stream, tried like the beginning of one."""
        deadline = time.monotonic() + self.patience.total
        attempt = 0
        while True:
            attempt += 1
            try:
                return await call()
            except ProviderError as error:
                await self._wait_or_raise(error, attempt, deadline, has_fallback=False)

    async def _open(
        self, route: Route, request: CompletionRequest, deadline: float, *, has_fallback: bool
    ) -> tuple[StreamEvent, AsyncGenerator[StreamEvent, None]]:
        """The first piece of an answer, and the rest of it."""
        attempt = 0
        request = replace(request, parameters=request.parameters.known_to(route.model))
        while True:
            attempt += 1
            events = route.provider.stream(route.name, route.model.name, request)
            try:
                return await self._first(events, route, deadline), events
            except ProviderError as error:
                await events.aclose()
                await self._wait_or_raise(error, attempt, deadline, has_fallback=has_fallback)
            except BaseException:
                await events.aclose()
                raise

    async def _first(self, events: AsyncGenerator[StreamEvent, None], route: Route, deadline: float) -> StreamEvent:
        patience = min(self.patience.first_token, max(0.0, deadline - time.monotonic()))
        try:
            async with asyncio.timeout(patience):
                return await anext(events)
        except TimeoutError:
            raise ProviderTimeoutError(route.model.name, patience, stalled=False) from None
        except StopAsyncIteration:
            raise ProviderEmptyAnswerError(route.model.name) from None

    async def _next(self, events: AsyncGenerator[StreamEvent, None], route: Route) -> StreamEvent | None:
        """The next piece, None after the last; runs for every token."""
        patience = self.patience.next_token
        try:
            async with asyncio.timeout(patience):
                return await anext(events, None)
        except TimeoutError:
            raise ProviderTimeoutError(route.model.name, patience, stalled=True) from None
        except (ProviderUnavailableError, ProviderRateLimitedError) as error:
            raise ProviderStreamBrokenError(route.model.name) from error

    async def _wait_or_raise(self, error: ProviderError, attempt: int, deadline: float, *, has_fallback: bool) -> None:
        """Wait until the same model may be asked again; raise the error if it may not, or not in time."""
        if not error.again or attempt >= self.patience.attempts:
            raise error
        asked = getattr(error, "retry_after", None)
        if asked is not None and attempt > 1 and isinstance(error, ProviderRateLimitedError):
            raise error  # It was honoured once, and did not help.
        pause = self.patience.backoff * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311  # No secret.
        pause = max(pause, asked or 0.0)
        if has_fallback and pause > self.patience.with_fallback:
            raise error
        if time.monotonic() + pause >= deadline:
            raise error
        await asyncio.sleep(pause)

    def _order(self, routes: Sequence[Route]) -> list[Route]:
        """Models that failed just now come last."""
        now = time.monotonic()
        return sorted(routes, key=lambda route: self._resting.get(route.model.id, 0.0) > now)

    def _note_failure(self, route: Route, error: ProviderError) -> None:
        log.warning("model_failed", model=route.model.id, provider=route.model.provider, code=error.code)
        if error.again:
            asked = getattr(error, "retry_after", None) or 0.0
            self._resting[route.model.id] = time.monotonic() + max(asked, self.patience.rest)


def _fallbacks_after(error: ProviderError, route: Route, left: list[Route]) -> list[Route]:
    if not error.elsewhere:
        return []
    if error.whole_provider:
        return [other for other in left if other.provider is not route.provider]
    return left


def _with_cost(event: StreamEvent, route: Route) -> StreamEvent:
    if not isinstance(event, Finished) or event.usage.cost_nanos is not None:
        return event
    price = route.model.price
    cost = cost_nanos(price, event.usage)
    return replace(event, usage=replace(event.usage, cost_nanos=cost, currency=price.currency if price else "USD"))


def _is_dearer(route: Route, other: Route) -> bool:
    mine, its = route.model.price, other.model.price
    return bool(mine and its and mine.output_nanos > its.output_nanos)


def chain_of(first: Route, routes: Sequence[Route]) -> list[Route]:
    """The model that is wanted, and those that may answer in its place.

    They come after it in the list. Of lists that nobody chose from by name, only models of the same provider, who
    gets to read the conversation anyway, and none of them dearer. The Reader takes nobody's place.
    """
    if first.model.is_reader:
        return [first]
    place = routes.index(first)
    others = [route for route in (*routes[place + 1 :], *routes[:place]) if route.may_replace(first)]
    return [first, *others[:MOST_FALLBACKS]]
