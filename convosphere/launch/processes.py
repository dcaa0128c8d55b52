"""Children that never outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import IO, Protocol

from convosphere.core.errors import ConfigurationError
from convosphere.launch.stopping import heed_signals

ROOT = Path(__file__).resolve().parents[2]

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
# Loaded before any fork: a child between fork and exec must not import or allocate more than it needs.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child(Protocol):
    """A process that this one started, as of `subprocess.Popen`; without `stdout` it writes where this one does."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    @property
    def stdout(self) -> IO[bytes] | None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...


class ForkedChild:
    """A process that goes on from here."""

    stdout = None

    def __init__(self, process: ForkProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The same."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            TimeoutExpired: it did not come within so many seconds.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless it has ended."""
        if self._process.exitcode is None:
            os.kill(self.pid, sig)


def die_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Have the kernel send this process a signal when its parent dies, however it dies. Linux only."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def start_child(
    command: Sequence[str | Path],
    *,
    death_signal: int = signal.SIGTERM,
    output: IO[bytes] | int | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that gets `death_signal` should this one die.

    It has a session of its own, so that Ctrl-C in a terminal reaches only the starter, which stops its children in
    order. Call it from the main thread: the kernel watches the thread, not the process.
    """
    starter = os.getpid()

    def before_exec() -> None:
        die_with_parent(death_signal)
        if os.getppid() != starter:  # It died before the line above.
            os._exit(1)

    return subprocess.Popen(  # noqa: S603  # The callers' commands are constants.
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(environment) if environment is not None else None,
        cwd=directory,
        start_new_session=True,
        preexec_fn=before_exec,  # noqa: PLW1509  # Two system calls, nothing that could hold a lock.
    )


def fork_child(name: str, run: Callable[[], int]) -> ForkedChild:
    """Fork a process that runs a function and ends with the exit code which that gives.

    It has a session of its own and ends with this one, as of `start_child`. Call it while there is no other thread.
    """
    process = get_context("fork").Process(name=name, target=_begin, args=(name, run, os.getpid()))
    process.start()
    return ForkedChild(process)


def _begin(name: str, run: Callable[[], int], starter: int) -> None:
    heed_signals()
    os.setsid()
    die_with_parent()
    if os.getppid() != starter:
        os._exit(1)
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)  # What `top` shows.
    sys.exit(run())


def run_child(
    command: Sequence[str | Path],
    what: str,
    *,
    environment: Mapping[str, str] | None = None,
    each_line: Callable[[str], None] = lambda _line: None,
) -> None:
    """Run a command of this project to its end, each line of its output passed on as it comes.

    Raises:
        ConfigurationError: it failed; the text names `what` and holds the last lines.
    """
    child = start_child(command, output=subprocess.PIPE, environment=environment, directory=ROOT)
    last: deque[str] = deque(maxlen=30)
    try:
        for raw in child.stdout or ():
            last.append(raw.decode(errors="replace").rstrip())
            each_line(last[-1])
        failed = child.wait() != 0
    finally:
        stop_child(child)
        if child.stdout:
            child.stdout.close()
    if failed:
        raise ConfigurationError(f"{what} could not be made ready:\n" + "\n".join(last))


def stop_child(
    child: Child,
    *,
    signal_number: int = signal.SIGTERM,
    last_resort: int = signal.SIGKILL,
    patience: float = 10,
) -> int:
    """Ask a child to end; if it does not within `patience` seconds, or Ctrl-C comes meanwhile, force it.

    Gives its exit code, negative for a signal.
    """
    if child.poll() is None:
        child.send_signal(signal_number)
    try:
        return child.wait(patience)
    except subprocess.TimeoutExpired:
        return _force(child, last_resort)
    except KeyboardInterrupt:
        _force(child, last_resort)
        raise


def kill_remains(child: Child, signal_number: int = signal.SIGKILL) -> None:
    """End what a dead or deaf child has left in its session, such as a server's worker that still holds the port."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal_number)


def _force(child: Child, last_resort: int) -> int:
    kill_remains(child, last_resort)
    try:
        return child.wait(5)
    except subprocess.TimeoutExpired:
        kill_remains(child)
        return child.wait()
