"""Keeps the product's processes running: restarts what dies, gives up on what keeps dying, stops all in order."""

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import IO

from convosphere.core.errors import ConvoSphereError
from convosphere.launch.processes import Child, kill_remains, stop_child
from convosphere.launch.steps import say

_QUICK_SECONDS = 30.0  # A process that lived shorter than this died quickly.
_QUICK_DEATHS = 3
_LONGEST_PAUSE = 8.0
_LAST_LINES = 25
GAVE_UP = 4
"""Exit code of a process that keeps others and gave up on one: to start it again is of no use."""
_LAST_WORDS_SECONDS = 2.0  # Its output may still be on the way when its death is seen.


class GaveUpError(ConvoSphereError):
    """A process died again and again; the text holds its last words."""


class KeptProcess:
    """One process of the product. What it writes into a pipe is passed on, the last lines of it remembered.

    `begin` starts it, and `last_resort` is what it gets if it does not end when it is asked to.
    """

    def __init__(self, name: str, begin: Callable[[], Child], last_resort: int = signal.SIGKILL) -> None:
        self.name = name
        self._begin = begin
        self._last_resort = last_resort
        self._child: Child | None = None
        self._reader: threading.Thread | None = None
        self._started = 0.0
        self._quick_deaths = 0
        self._resume_at: float | None = None
        self._last: deque[str] = deque(maxlen=_LAST_LINES)

    def start(self) -> None:
        """Start it; from the main thread only, see `start_child`."""
        self._child = self._begin()
        self._started = time.monotonic()
        self._resume_at = None
        if self._child.stdout is not None:
            self._reader = threading.Thread(target=self._pass_on, args=[self._child.stdout], daemon=True)
            self._reader.start()

    def check(self) -> None:
        """Notice a death, and start again when its pause is over.

        Raises:
            GaveUpError: the third quick death in a row.
        """
        if self._child is None or self._child.poll() is None:
            return
        now = time.monotonic()
        if self._resume_at is None:
            self._note_death(now)
        elif now >= self._resume_at:
            self.start()

    def stop(self, patience: float) -> None:
        """Ask it to end, and kill it when `patience` seconds are over."""
        if self._child is not None:
            stop_child(self._child, last_resort=self._last_resort, patience=patience)

    def _note_death(self, now: float) -> None:
        code = None
        if self._child is not None:
            kill_remains(self._child)
            code = self._child.returncode
        if self._reader is not None:
            self._reader.join(_LAST_WORDS_SECONDS)
        quick = now - self._started < _QUICK_SECONDS
        self._quick_deaths = self._quick_deaths + 1 if quick else 1
        if code == GAVE_UP:
            raise GaveUpError(f"The {self.name} gave up; the lines above say why.")
        if self._quick_deaths >= _QUICK_DEATHS:
            raise GaveUpError(self._told_at_last())
        pause = min(2.0 ** (self._quick_deaths - 1), _LONGEST_PAUSE)
        self._resume_at = now + pause
        say(f"The {self.name} ended unexpectedly (exit code {code}); starting it again in {pause:.0f} s.")

    def _told_at_last(self) -> str:
        told = f"The {self.name} died {self._quick_deaths} times in a row"
        if self._reader is None:
            return f"{told}; the lines above say why."
        return "\n".join([f"{told}. Its last words:", *self._last])

    def _pass_on(self, output: IO[bytes]) -> None:
        with output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip("\n")
                self._last.append(line)
                say(line)


def stop_all(processes: Iterable[KeptProcess], patience: float) -> None:
    """Let one after the other end, each within `patience` seconds; a second signal ends at once what is left."""
    for process in processes:
        try:
            process.stop(patience)
        except KeyboardInterrupt:
            patience = 0
