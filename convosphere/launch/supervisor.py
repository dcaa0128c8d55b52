"""`python -m convosphere run`: from a checkout with its packages to an answering page, and down again."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import Settings, load_settings
from convosphere.launch.database import OwnDatabase, own_database, require_reachable
from convosphere.launch.frontend import BUNDLE_VARIABLE, ensure_frontend
from convosphere.launch.keeper import GaveUpError, KeptProcess
from convosphere.launch.locks import exclusive_lock
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.launch.revisions import ensure_migrated
from convosphere.launch.steps import Steps

_ANSWER_SECONDS = 120.0
_LOOK_SECONDS = 0.1
_MEND_SECONDS = 5.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # Where to look for a server that listens everywhere.


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


def main(_arguments: Sequence[str]) -> int:
    """Run with the settings of the environment."""
    return run(load_settings())


def run(settings: Settings) -> int:
    """Start everything, keep it running, stop it on a signal; gives the exit code.

    Raises:
        ConfigurationError: a step failed in a way that the person can mend; the text says how.
    """
    stop = Stop()
    steps = Steps(count=4)
    with _signals(stop), exclusive_lock(settings.data / "run.lock", "runs there"), ExitStack() as stack:
        _refuse_taken_port(settings)
        require_reachable(settings)
        with steps.step("Pages"):
            bundle = ensure_frontend(steps.detail)
        with steps.step("Database"):
            database = stack.enter_context(own_database(settings))
        with steps.step("Migrations"):
            ensure_migrated(database.addresses.owner_url, database.addresses.app_url, os.environ)
        processes = _make_processes(settings, database.addresses, bundle)
        stack.callback(_stop_all, processes, settings.drain_seconds)
        with steps.step("Application and job worker"):
            for process in processes:
                process.start()
            _wait_for_page(settings, processes, stop)
        steps.say(f"\nConvoSphere is ready after {steps.seconds:.1f} s: {settings.address}\nCtrl-C stops it.\n")
        while not stop.wait(_LOOK_SECONDS):
            _watch_database(database, steps, stop)
            for process in processes:
                process.check()
        steps.say("\nStopping: running answers and jobs may end first. Ctrl-C again stops at once.")
    steps.say("Stopped.")
    return 0


def _watch_database(database: OwnDatabase, steps: Steps, stop: Stop) -> None:
    """Start the database again if it died. Where it cannot start, as on a full disk, there is something to be mended:
    pages say so meanwhile, and it is tried again."""
    try:
        if database.restart_if_dead():
            steps.say("The database ended unexpectedly and was started again.")
    except ConfigurationError as error:
        steps.say(f"{error}\nTrying again in {_MEND_SECONDS:.0f} s.")
        stop.wait(_MEND_SECONDS)


@contextmanager
def _signals(stop: Stop) -> Iterator[None]:
    handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop.request) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse_taken_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigurationError(
                f"PORT: {settings.host}:{settings.port} cannot be listened on ({error.strerror}). "
                "Set PORT to a free one, for example: PORT=8010 make run"
            ) from None


def _make_processes(settings: Settings, addresses: DatabaseAddresses, bundle: Path) -> list[KeptProcess]:
    """The application and the worker, which know the database as the app's role only."""
    environment = {
        **os.environ,
        "DATABASE_URL": addresses.app_url,
        "DATABASE_OWNER_URL": "",
        "CONVOSPHERE_DATA": str(settings.data),
        BUNDLE_VARIABLE: str(bundle),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "convosphere"]
    return [
        KeptProcess("application", [*command, "serve"], environment),
        KeptProcess("job worker", [*command, "worker"], environment),
    ]


def _wait_for_page(settings: Settings, processes: list[KeptProcess], stop: Stop) -> None:
    end = time.monotonic() + _ANSWER_SECONDS
    while not _answers(settings):
        stop.check_start()
        for process in processes:
            process.check()
        time.sleep(_LOOK_SECONDS)
        if time.monotonic() > end:
            raise GaveUpError(f"The page did not answer within {_ANSWER_SECONDS:.0f} s; see the lines above.")


def _answers(settings: Settings) -> bool:
    connection = HTTPConnection(_EVERYWHERE.get(settings.host, settings.host), settings.port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _stop_all(processes: list[KeptProcess], drain_seconds: int) -> None:
    """Drain the application, then the worker; a second signal kills what is left."""
    patience = drain_seconds + 10.0
    for process in processes:
        try:
            process.stop(patience)
        except KeyboardInterrupt:
            patience = 0
