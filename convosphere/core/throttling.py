"""Slowing down who asks too often, in process, or for all processes when there is Redis."""

from limits import parse
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter

from convosphere.core.settings import get_settings


class Throttle:
    """A number of tries per time and key, counted over a moving window: `Throttle("10/minute")`."""

    def __init__(self, rate: str) -> None:
        self._rate = parse(rate)
        self._limiter: MovingWindowRateLimiter | None = None

    async def allows(self, *key: str) -> bool:
        """Count one try; False when it is one too many."""
        if self._limiter is None:
            self._limiter = MovingWindowRateLimiter(_storage())
        return await self._limiter.hit(self._rate, *key)


def _storage() -> Storage:
    redis_url = get_settings().redis_url
    return RedisStorage(f"async+{redis_url}", implementation="redispy") if redis_url else MemoryStorage()
