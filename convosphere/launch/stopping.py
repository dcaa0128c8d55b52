"""What signals ask of a process that keeps others running."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """What signals ask for. During a start they interrupt it; after that the first drains and the second interrupts."""

    def __init__(self) -> None:
        self.draining = False
        self._running = False
        self._event = threading.Event()

    def request(self, _signal: int, _frame: FrameType | None) -> None:
        """Note a signal."""
        is_first, self.draining = not self.draining, True
        self._event.set()
        if not self._running or not is_first:
            raise KeyboardInterrupt

    def check_start(self) -> None:
        """Interrupt a start whose signal came where Python drops exceptions, as while it forks."""
        if self.draining:
            raise KeyboardInterrupt

    def wait(self, seconds: float) -> bool:
        """Sleep as a running product, but not past a request."""
        self._running = True
        return self._event.wait(seconds)


@contextmanager
def stopping_by_signals() -> Iterator[Stop]:
    """What signals ask for from now on."""
    stop = Stop()
    before = {number: signal.signal(number, stop.request) for number in _HANDLED}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def heed_signals() -> None:
    """Meet signals as a process does that was just started, whatever the one did that it was forked from."""
    for number in _HANDLED:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
