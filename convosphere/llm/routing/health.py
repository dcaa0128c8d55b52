"""How providers and their models do, as this process sees it: the last minutes in numbers, and the last error."""

import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from convosphere.core.i18n import Message
from convosphere.llm.errors import ProviderError
from convosphere.llm.routing.breakers import Breaker

MINUTES = 5
MOST_SAMPLES = 200
"""First-token times that are kept of a minute."""

State = Literal["unknown", "working", "failing", "resting", "probing"]
"""Never asked, all well, failed the last question, not asked for a while, one question is let through."""


@dataclass(frozen=True)
class Figures:
    """The last five minutes; questions that somebody stopped, or that were refused for what they asked, are in none."""

    asked: int = 0
    failed: int = 0
    first_token_seconds: float | None = None
    """The middle one, without the time in a queue."""

    @property
    def success_rate(self) -> float | None:
        """Between 0 and 1; None if nothing was asked."""
        return 1 - self.failed / self.asked if self.asked else None


@dataclass(frozen=True)
class Health:
    """Of one model, or of a whole provider; `since` is when somebody first saw its state, `rests_for` in seconds.

    `key` is what its provider calls a model.
    """

    name: str
    state: State
    since: datetime | None
    last_error: Message | None
    last_error_at: datetime | None
    rests_for: float
    figures: Figures
    key: str = ""


@dataclass(frozen=True)
class AccountHealth:
    """An account at a provider: how it does as a whole, its line, and the models that were asked there."""

    key: str
    health: Health
    running: int
    waiting: int
    models: tuple[Health, ...]


@dataclass
class _Minute:
    number: int
    asked: int = 0
    failed: int = 0
    first_tokens: list[float] = field(default_factory=list)


class Window:
    """What happened in the last minutes, minute by minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._minutes: deque[_Minute] = deque(maxlen=MINUTES)

    def note_first_token(self, seconds: float) -> None:
        """An answer has begun."""
        if len((minute := self._minute()).first_tokens) < MOST_SAMPLES:
            minute.first_tokens.append(seconds)

    def note_end(self, *, is_failure: bool) -> None:
        """An answer has ended."""
        minute = self._minute()
        minute.asked += 1
        minute.failed += is_failure

    def figures(self) -> Figures:
        """All of it in numbers."""
        oldest = self._number() - MINUTES
        minutes = [minute for minute in self._minutes if minute.number > oldest]
        times = [seconds for minute in minutes for seconds in minute.first_tokens]
        middle = statistics.median(times) if times else None
        return Figures(sum(each.asked for each in minutes), sum(each.failed for each in minutes), middle)

    def _minute(self) -> _Minute:
        if not self._minutes or self._minutes[-1].number != self._number():
            self._minutes.append(_Minute(self._number()))
        return self._minutes[-1]

    def _number(self) -> int:
        return int(self._clock() / 60)


class Pulse:
    """What is known of one model, or of one account."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.window = Window()
        self.last_error: Message | None = None
        self._last_error_at: datetime | None = None
        self._has_failed: bool | None = None
        self._shown: State = "unknown"
        self._since: datetime | None = None

    def note(self, error: ProviderError | None, *, is_bad: bool) -> None:
        """A question was answered, or failed; `is_bad` if that is the fault of this one."""
        self._has_failed = is_bad
        self.window.note_end(is_failure=error is not None)
        if error:
            self.last_error, self._last_error_at = error.message, datetime.now(UTC)

    def health(self, breaker: Breaker) -> Health:
        """How it does now."""
        state = self._state(breaker)
        if state != self._shown:
            self._shown, self._since = state, datetime.now(UTC)
        rests_for = breaker.wait() if state == "resting" else 0.0
        return Health(
            self.name, state, self._since, self.last_error, self._last_error_at, rests_for, self.window.figures()
        )

    def _state(self, breaker: Breaker) -> State:
        match breaker.circuit:
            case "open":
                return "resting"
            case "half-open":
                return "probing"
            case _:
                return "unknown" if self._has_failed is None else "failing" if self._has_failed else "working"
