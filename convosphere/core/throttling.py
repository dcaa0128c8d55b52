"""Slowing down who asks too often, in process, or for all processes when there is Redis."""

from contextlib import suppress

from limits import parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from convosphere.core.live import current_live_hub


class Throttle:
    """A number of tries per time and key, counted over a moving window: `Throttle("10/minute")`.

    While Redis is away each process counts for itself, so that nobody is locked out and nobody may try without end.
    """

    def __init__(self, rate: str) -> None:
        self._rate = parse(rate)
        self._own: MovingWindowRateLimiter | None = None
        self._shared: MovingWindowRateLimiter | None = None
        self._pool: BlockingConnectionPool | None = None

    async def allows(self, *key: str) -> bool:
        """Count one try; False when it is one too many."""
        hub = current_live_hub()
        if hub.is_up and hub.pool:
            with suppress(RedisError, OSError):  # The hub notices as well, and tells the log.
                return await self._shared_limiter(hub.pool).hit(self._rate, *key)
        if self._own is None:
            self._own = MovingWindowRateLimiter(MemoryStorage())
        return await self._own.hit(self._rate, *key)

    def _shared_limiter(self, pool: BlockingConnectionPool) -> MovingWindowRateLimiter:
        if self._shared is None or self._pool is not pool:
            # The pool brings the address; this one only names the kind of store.
            storage = RedisStorage("async+redis://", implementation="redispy", connection_pool=pool)  # pyright: ignore[reportArgumentType]
            self._shared, self._pool = MovingWindowRateLimiter(storage), pool
        return self._shared
