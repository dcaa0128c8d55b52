"""Turns: a provider takes so many questions at once and a minute, and nobody gets ahead by asking more often."""

import asyncio
import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

MINUTE = 60.0
MOST_WAITING = 500
MOST_WAITING_OF_ONE = 20


@dataclass(frozen=True)
class Limits:
    """How many questions an account takes at once and in a minute; None for as many as there are."""

    parallel: int | None = None
    per_minute: int | None = None


NO_LIMITS = Limits()


class QueueFullError(Exception):
    """More wait already than ever get their turn."""


@dataclass(eq=False)
class Turn:
    """A person's question, waiting or being answered."""

    person: Hashable
    _begun: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def has_begun(self) -> bool:
        """Whether it may be asked."""
        return self._begun.is_set()

    def begin(self) -> None:
        """Let it be asked."""
        self._begun.set()

    async def wait(self) -> None:
        """Return when it may be asked."""
        await self._begun.wait()


class TurnQueue:
    """The questions to one account. The next turn is that of who has the fewest running, then one after the other."""

    def __init__(self, limits: Limits = NO_LIMITS, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._clock = clock
        self._waiting: OrderedDict[Hashable, deque[Turn]] = OrderedDict()
        self._running: Counter[Hashable] = Counter()
        self._begun_at: deque[float] = deque()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def running(self) -> int:
        """How many are being answered."""
        return self._running.total()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    def enter(self, person: Hashable) -> Turn:
        """Stand in line; `leave` it in any case, also after the turn has begun.

        Raises:
            QueueFullError: 500 wait already, or 20 of this person.
        """
        if self.waiting >= MOST_WAITING or len(self._waiting.get(person, ())) >= MOST_WAITING_OF_ONE:
            raise QueueFullError
        turn = Turn(person)
        self._waiting.setdefault(person, deque()).append(turn)
        self._go_on()
        return turn

    def leave(self, turn: Turn) -> None:
        """Give a turn back, whether it has begun or not."""
        if turn.has_begun:
            self._running[turn.person] -= 1
            if not self._running[turn.person]:
                del self._running[turn.person]
        else:
            self._remove(turn)
        self._go_on()

    def place_of(self, turn: Turn) -> int:
        """Which one it is in line, 1 for the next, if nobody came anew."""
        mine = self._waiting[turn.person].index(turn)
        place, is_before = mine + 1, True
        for person, turns in self._waiting.items():
            if person == turn.person:
                is_before = False
            else:
                place += min(len(turns), mine + is_before)
        return place

    def close(self) -> None:
        """Nobody waits any more."""
        if self._alarm:
            self._alarm.cancel()

    def _go_on(self) -> None:
        """Begin as many turns as the limits allow."""
        while self._waiting and self._has_room():
            person = min(self._waiting, key=self._running.__getitem__)
            turn = self._waiting[person].popleft()
            if self._waiting[person]:
                self._waiting.move_to_end(person)
            else:
                del self._waiting[person]
            self._running[person] += 1
            if self.limits.per_minute is not None:
                self._begun_at.append(self._clock())
            turn.begin()

    def _has_room(self) -> bool:
        if self.running >= (math.inf if self.limits.parallel is None else self.limits.parallel):
            return False
        if self.limits.per_minute is None:
            self._begun_at.clear()
            return True
        now = self._clock()
        while self._begun_at and self._begun_at[0] <= now - MINUTE:
            self._begun_at.popleft()
        if len(self._begun_at) < self.limits.per_minute:
            return True
        self._wake_in(self._begun_at[0] + MINUTE - now if self._begun_at else MINUTE)
        return False

    def _wake_in(self, seconds: float) -> None:
        if self._alarm is None or self._alarm.cancelled():
            self._alarm = asyncio.get_running_loop().call_later(seconds, self._woken)

    def _woken(self) -> None:
        self._alarm = None
        self._go_on()

    def _remove(self, turn: Turn) -> None:
        turns = self._waiting.get(turn.person)
        if turns and turn in turns:
            turns.remove(turn)
            if not turns:
                del self._waiting[turn.person]
