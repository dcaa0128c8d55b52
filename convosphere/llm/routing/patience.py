"""How long to wait for models, and how often to try."""

import random
import time
from dataclasses import dataclass

from convosphere.llm.errors import ProviderError, ProviderRateLimitedError


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try; times in seconds, by a clock that never jumps.

    `total` ends all trying for a first word, over all models, and what of it goes beyond `first_token` is the longest
    that a question waits for its turn. `with_fallback` is the longest that is waited, for a turn or by Retry-After,
    while another model could answer instead. A model that failed `attempts` times is spared for `rest`; one that
    failed `breaks_after` questions in a row is asked by nobody for `rest`, and longer each time that it fails again.
    """

    first_token: float
    next_token: float
    total: float
    attempts: int = 3
    backoff: float = 0.4
    with_fallback: float = 5.0
    rest: float = 15.0
    breaks_after: int = 5

    def pause_before_retry(self, error: ProviderError, attempt: int, deadline: float, *, has_fallback: bool) -> float:
        """How long to wait until the same model is asked again after so many attempts; `deadline` is monotonic.

        Raises:
            ProviderError: the given one, if it may not be asked again, or not in time.
        """
        if not error.again or attempt >= self.attempts:
            raise error
        if error.retry_after is not None and attempt > 1 and isinstance(error, ProviderRateLimitedError):
            raise error  # It was honoured once, and did not help.
        pause = self.backoff * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311  # No secret.
        pause = max(pause, error.retry_after or 0.0)
        if (has_fallback and pause > self.with_fallback) or time.monotonic() + pause >= deadline:
            raise error
        return pause

    def longest_turn(self, *, has_fallback: bool) -> float:
        """How long a question waits for its turn."""
        longest = max(0.0, self.total - self.first_token)
        return min(longest, self.with_fallback) if has_fallback else longest
