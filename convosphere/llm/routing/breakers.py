"""Circuit breakers: what fails again and again is not asked for a while, then once to see.

closed    it is asked; a question that it failed spares it for a while where another model may answer
open      nobody asks it
half-open its rest is over, and one question is let through; how that goes decides
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from convosphere.llm.errors import ProviderBusyError, ProviderError, ProviderRestingError
from convosphere.llm.routing.patience import Patience
from convosphere.llm.routing.routes import Route

LONGEST_REST = 120.0
LONGEST_SPARING = 300.0
PROBE_SECONDS = 5.0
"""What people are told to wait while a question that was let through is on its way."""

Clock = Callable[[], float]
Circuit = Literal["closed", "open", "half-open"]


@dataclass
class Breaker:
    """One provider's, or one model's. Times are those of a clock that never jumps."""

    patience: Patience
    clock: Clock = time.monotonic
    error: ProviderError | None = None
    """What it failed with last."""
    _failures: int = 0
    _rest: float = 0.0
    _rests_until: float = 0.0
    _spared_until: float = 0.0
    _is_probed: bool = False

    @property
    def circuit(self) -> Circuit:
        """Whether questions pass."""
        if not self._rest:
            return "closed"
        return "open" if self.clock() < self._rests_until else "half-open"

    @property
    def is_spared(self) -> bool:
        """Whether another model should rather be asked."""
        return self._rest > 0 or self.clock() < self._spared_until

    def wait(self) -> float:
        """Seconds until it may be asked, 0 for now."""
        if self.circuit == "open":
            return self._rests_until - self.clock()
        return PROBE_SECONDS if self._is_probed else 0.0

    def begin(self) -> None:
        """Somebody asks it."""
        self._is_probed = self.circuit == "half-open"

    def abandon(self) -> None:
        """Whoever asked gave up before anybody knew how it would go."""
        self._is_probed = False

    def close(self) -> None:
        """It answers."""
        self._failures, self._rest, self._spared_until, self._is_probed = 0, 0.0, 0.0, False

    def fail(self, error: ProviderError) -> None:
        """It failed a question, after all attempts."""
        self.error, self._is_probed = error, False
        self._failures += 1
        spared = min(max(error.retry_after or 0.0, self.patience.rest), LONGEST_SPARING)
        self._spared_until = self.clock() + spared
        if self._failures >= self.patience.breaks_after:
            self._rest = min(self._rest * 2 or self.patience.rest, LONGEST_REST)
            self._rests_until = self.clock() + self._rest


@dataclass
class Admission:
    """Leave to ask a model; tell it how that went, and in any case `end` it."""

    provider: Breaker
    model: Breaker
    _is_over: bool = field(default=False, init=False)

    def answered(self) -> None:
        """The first piece is there: what was open is closed, failures in the middle still add up."""
        for breaker in (self.provider, self.model):
            if breaker.circuit == "half-open":
                breaker.close()

    def succeeded(self) -> None:
        """The answer is whole."""
        self._is_over = True
        self.provider.close()
        self.model.close()

    def failed(self, error: ProviderError) -> None:
        """It failed; who says no to a question is in good health, and of whom nobody asked nothing is known."""
        if isinstance(error, ProviderBusyError):
            self.end()
            return
        self._is_over = True
        if not error.is_fault:
            self.succeeded()
        elif error.whole_provider:
            self.provider.fail(error)
            self.model.abandon()
        else:
            self.model.fail(error)
            self.provider.close()

    def end(self) -> None:
        """Nobody asks any more."""
        if not self._is_over:
            self.provider.abandon()
            self.model.abandon()


class Breakers:
    """Those of all providers and models that were asked."""

    def __init__(self, patience: Patience, clock: Clock = time.monotonic) -> None:
        self._patience, self._clock = patience, clock
        self._of_provider: dict[str, Breaker] = {}
        self._of_model: dict[tuple[str, str], Breaker] = {}

    def admit(self, route: Route) -> Admission:
        """Leave to ask a model.

        Raises:
            ProviderRestingError: it, or its whole provider, failed too often just now.
        """
        provider, model = self.of(route)
        if (wait := max(provider.wait(), model.wait())) > 0:
            raise ProviderRestingError(route.model.name, wait)
        provider.begin()
        model.begin()
        return Admission(provider, model)

    def of(self, route: Route) -> tuple[Breaker, Breaker]:
        """The breakers of a model's provider and of itself."""
        return self.of_provider(route.runs_on.key), self.of_model(route.runs_on.key, route.name)

    def of_provider(self, key: str) -> Breaker:
        """The breaker of an account."""
        return self._of_provider.setdefault(key, Breaker(self._patience, self._clock))

    def of_model(self, key: str, name: str) -> Breaker:
        """The breaker of an account's model."""
        return self._of_model.setdefault((key, name), Breaker(self._patience, self._clock))

    def is_spared(self, route: Route) -> bool:
        """Whether another model should rather be asked."""
        return any(breaker.is_spared for breaker in self.of(route))

    def trouble_of(self, route: Route) -> ProviderError | None:
        """Why a model is spared."""
        return next((breaker.error for breaker in self.of(route) if breaker.is_spared), None)

    def forget(self, key: str) -> None:
        """Begin anew with an account, whose key or address is another now."""
        self._of_provider.pop(key, None)
        for known in [known for known in self._of_model if known[0] == key]:
            del self._of_model[known]
