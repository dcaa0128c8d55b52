"""Slowing down who asks too often, in process, or for all processes when there is Redis."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from convosphere.core.late_modules import LateModule
from convosphere.core.live import current_live_hub

if TYPE_CHECKING:
    from redis import exceptions
    from redis.asyncio import BlockingConnectionPool
else:
    exceptions = LateModule("redis.exceptions")

MOST_KEYS = 20_000
"""Before keys that count no more are forgotten."""


class OwnTries:
    """The tries of one process: for each key the times of the last ones, as many as are allowed.

    The library's own store looks over all keys again and again, each in a thread: with 60 people a try took 100 µs, and
    here 10.
    """

    def __init__(self) -> None:
        self._times: dict[tuple[RateLimitItem, tuple[str, ...]], deque[float]] = {}

    def wait(self, rates: Sequence[RateLimitItem], key: tuple[str, ...]) -> int:
        """Count one try; gives 0, or in how many seconds it may be tried again, which does not count then."""
        now = time.monotonic()
        if len(self._times) > MOST_KEYS:
            self._forget(now)
        windows = [(rate, self._times.setdefault((rate, key), deque(maxlen=rate.amount))) for rate in rates]
        longest = max(
            times[0] + rate.get_expiry() - now if len(times) == rate.amount else 0.0 for rate, times in windows
        )
        if longest > 0:
            return int(longest) + 1
        for _, times in windows:
            times.append(now)  # The oldest one leaves.
        return 0

    def _forget(self, now: float) -> None:
        self._times = {
            (rate, key): times
            for (rate, key), times in self._times.items()
            if times and times[-1] + rate.get_expiry() > now
        }


class Throttle:
    """Numbers of tries per time, counted for each key over moving windows: `Throttle("10/minute; 40/hour")`.

    While Redis is away each process counts for itself, so that nobody is locked out and nobody may try without end.

    Args:
        rate: how many in which time; several have all to hold. A function is asked when the first one tries.
        name: tells it apart from other throttles of the same rate and keys.
    """

    def __init__(self, rate: str | Callable[[], str], name: str = "") -> None:
        self._rate, self._name = rate, name
        self._rates: list[RateLimitItem] = []
        self._own = OwnTries()
        self._shared: MovingWindowRateLimiter | None = None
        self._pool: BlockingConnectionPool | None = None

    async def allows(self, *key: str) -> bool:
        """Count one try; False when it is one too many."""
        return not await self.wait(*key)

    async def wait(self, *key: str) -> int:
        """Count one try; gives 0, or in how many seconds it may be tried again, which does not count then."""
        hub = current_live_hub()
        if hub.is_up and hub.pool:
            with suppress(exceptions.RedisError, OSError):  # The hub notices as well, and tells the log.
                return await self._hit(self._shared_limiter(hub.pool), key)
        return self._own.wait(self._known_rates(), key)

    def _known_rates(self) -> list[RateLimitItem]:
        if not self._rates:
            self._rates = parse_many(self._rate if isinstance(self._rate, str) else self._rate())
        return self._rates

    async def _hit(self, limiter: MovingWindowRateLimiter, key: tuple[str, ...]) -> int:
        self._known_rates()
        named = (self._name, *key)
        if len(self._rates) > 1:
            waits = [
                await _wait_of(limiter, rate, named) for rate in self._rates if not await limiter.test(rate, *named)
            ]
            if waits:
                return max(waits)
        for rate in self._rates:
            if not await limiter.hit(rate, *named):
                return await _wait_of(limiter, rate, named)
        return 0

    def _shared_limiter(self, pool: "BlockingConnectionPool") -> MovingWindowRateLimiter:
        if self._shared is None or self._pool is not pool:
            # The pool brings the address; this one only names the kind of store.
            storage = RedisStorage("async+redis://", implementation="redispy", connection_pool=pool)  # pyright: ignore[reportArgumentType]
            self._shared, self._pool = MovingWindowRateLimiter(storage), pool
        return self._shared


async def _wait_of(limiter: MovingWindowRateLimiter, rate: RateLimitItem, key: tuple[str, ...]) -> int:
    window = await limiter.get_window_stats(rate, *key)
    return max(1, int(window.reset_time - time.time()) + 1)
