"""Keeps the product's processes running: restarts what dies, gives up on what keeps dying, stops all in order."""

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import PIPE, Popen

from convosphere.core.errors import ConvoSphereError
from convosphere.launch.processes import kill_remains, start_child, stop_child
from convosphere.launch.steps import say

_QUICK_SECONDS = 30.0  # A process that lived shorter than this died quickly.
_QUICK_DEATHS = 3
_LONGEST_PAUSE = 8.0
_LAST_LINES = 25
_LAST_WORDS_SECONDS = 2.0  # Its output may still be on the way when its death is seen.


class GaveUpError(ConvoSphereError):
    """A process died again and again; the text holds its last words."""


class KeptProcess:
    """One process of the product, its output passed on, its last lines remembered."""

    def __init__(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._child: Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._started = 0.0
        self._quick_deaths = 0
        self._resume_at: float | None = None
        self._last: deque[str] = deque(maxlen=_LAST_LINES)

    def start(self) -> None:
        """Start it; from the main thread only, see `start_child`."""
        self._child = start_child(self._command, output=PIPE, environment=self._environment)
        self._started = time.monotonic()
        self._resume_at = None
        self._reader = threading.Thread(target=self._pass_on_output, args=[self._child], daemon=True)
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
            stop_child(self._child, patience=patience)

    def _note_death(self, now: float) -> None:
        code = None
        if self._child is not None:
            kill_remains(self._child)
            code = self._child.returncode
        if self._reader is not None:
            self._reader.join(_LAST_WORDS_SECONDS)
        quick = now - self._started < _QUICK_SECONDS
        self._quick_deaths = self._quick_deaths + 1 if quick else 1
        if self._quick_deaths >= _QUICK_DEATHS:
            words = "\n".join(self._last)
            raise GaveUpError(f"The {self.name} died {_QUICK_DEATHS} times in a row. Its last words:\n{words}")
        pause = min(2.0 ** (self._quick_deaths - 1), _LONGEST_PAUSE)
        self._resume_at = now + pause
        say(f"The {self.name} ended unexpectedly (exit code {code}); starting it again in {pause:.0f} s.")

    def _pass_on_output(self, child: Popen[bytes]) -> None:
        if child.stdout is None:
            return
        with child.stdout as output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip("\n")
                self._last.append(line)
                say(line)
