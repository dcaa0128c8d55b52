"""What the router remembers of accounts and their models between two questions."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from convosphere.llm.errors import ProviderError
from convosphere.llm.routing.breakers import Breakers
from convosphere.llm.routing.health import AccountHealth, Pulse
from convosphere.llm.routing.queues import TurnQueue
from convosphere.llm.routing.routes import Account, Route


@dataclass
class _Known:
    """An account that was asked."""

    account: Account
    pulse: Pulse
    queue: TurnQueue = field(default_factory=TurnQueue)
    models: dict[str, Pulse] = field(default_factory=dict)


class Registry:
    """All accounts that this process has asked; `tell` is called with a key when something about one is new."""

    def __init__(self, breakers: Breakers, tell: Callable[[str], None]) -> None:
        self._breakers, self._tell = breakers, tell
        self._known: dict[str, _Known] = {}

    def queue_of(self, account: Account) -> TurnQueue:
        """The line of an account, with the limits that hold now."""
        queue = self._of(account).queue
        queue.limits = account.limits
        return queue

    def note_first_token(self, route: Route, seconds: float) -> None:
        """A model has begun to answer, so long after it was asked."""
        known = self._of(route.runs_on)
        known.pulse.window.note_first_token(seconds)
        self._model(known, route).window.note_first_token(seconds)

    def note_end(self, route: Route, error: ProviderError | None = None) -> None:
        """A model has answered to the end, or failed."""
        if error and not error.is_fault:
            return
        known = self._of(route.runs_on)
        known.pulse.note(error, is_bad=bool(error and error.whole_provider))
        self._model(known, route).note(error, is_bad=error is not None)
        self._tell(known.account.key)

    def health(self) -> tuple[AccountHealth, ...]:
        """How all of them do, as this process sees it."""
        return tuple(self._health(known) for known in self._known.values())

    def forget(self, key: str) -> None:
        """Begin anew with an account that is another now, or gone; whoever waits keeps waiting."""
        self._breakers.forget(key)
        if (known := self._known.get(key)) and not (known.queue.running or known.queue.waiting):
            known.queue.close()
            del self._known[key]
        self._tell(key)

    def close(self) -> None:
        """Nobody waits any more."""
        for known in self._known.values():
            known.queue.close()

    def _of(self, account: Account) -> _Known:
        known = self._known.get(account.key)
        if known is None:
            known = self._known[account.key] = _Known(account, Pulse(account.name))
        elif known.account is not account:
            known.account, known.pulse.name = account, account.name
        return known

    @staticmethod
    def _model(known: _Known, route: Route) -> Pulse:
        return known.models.setdefault(route.name, Pulse(route.model.name))

    def _health(self, known: _Known) -> AccountHealth:
        key = known.account.key
        models = tuple(
            replace(pulse.health(self._breakers.of_model(key, name)), key=name)
            for name, pulse in sorted(known.models.items())
        )
        own = known.pulse.health(self._breakers.of_provider(key))
        return AccountHealth(key, own, known.queue.running, known.queue.waiting, models)
