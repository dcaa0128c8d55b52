"""Shows a start as it goes: each step with what it does and the seconds it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def say(line: str) -> None:
    """Write a line at once, also into a pipe. What a full disk does not take is lost; the product goes on."""
    with suppress(OSError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


class Steps:
    """Numbers the steps of a start and writes a line when one begins, moves on and ends."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._number = 0
        self._started = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Run a block as the next step."""
        self._number += 1
        self.say(f"[{self._number}/{self._count}] {title} …")
        began = time.monotonic()
        yield
        self.say(f"      done in {time.monotonic() - began:.1f} s")

    def say(self, line: str) -> None:
        """Write a line at once, also into a pipe."""
        say(line)

    def detail(self, line: str) -> None:
        """Write what the present step has come to."""
        self.say(f"      {line}")

    @property
    def seconds(self) -> float:
        """Since the first step."""
        return time.monotonic() - self._started
