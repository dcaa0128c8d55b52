"""`python -m convosphere run`: from a checkout with its packages to an answering page, and down again."""

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from subprocess import PIPE

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import Settings, load_settings
from convosphere.launch.database import OwnDatabase, own_database, require_reachable
from convosphere.launch.frontend import BUNDLE_VARIABLE, ensure_frontend
from convosphere.launch.keeper import GaveUpError, KeptProcess, stop_all
from convosphere.launch.locks import exclusive_lock
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.launch.processes import start_child
from convosphere.launch.revisions import ensure_migrated
from convosphere.launch.steps import Steps
from convosphere.launch.stopping import Stop, stopping_by_signals

_ANSWER_SECONDS = 120.0
_LOOK_SECONDS = 0.1
_STOP_SECONDS = 30.0  # For application and worker, beside what they get to end what runs.
_MEND_SECONDS = 5.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # Where to look for a server that listens everywhere.


def main(_arguments: Sequence[str]) -> int:
    """Run with the settings of the environment."""
    return run(load_settings())


def run(settings: Settings) -> int:
    """Start everything, keep it running, stop it on a signal; gives the exit code.

    Raises:
        ConfigurationError: a step failed in a way that the person can mend; the text says how.
    """
    steps = Steps(count=4)
    with ExitStack() as stack:
        stop = stack.enter_context(stopping_by_signals())
        stack.enter_context(exclusive_lock(settings.data / "run.lock", "runs there"))
        _refuse_taken_port(settings)
        require_reachable(settings)
        with steps.step("Pages"):
            bundle = ensure_frontend(steps.detail)
        with steps.step("Database"):
            database = stack.enter_context(own_database(settings))
        with steps.step("Migrations"):
            ensure_migrated(database.addresses.owner_url, database.addresses.app_url, os.environ)
        product = _product(settings, database.addresses, bundle)
        stack.callback(stop_all, [product], 2 * settings.drain_seconds + _STOP_SECONDS)
        with steps.step("Application and job worker"):
            product.start()
            _wait_for_page(settings, product, stop)
        steps.say(f"\nConvoSphere is ready after {steps.seconds:.1f} s: {settings.address}\nCtrl-C stops it.\n")
        while not stop.wait(_LOOK_SECONDS):
            _watch_database(database, steps, stop)
            product.check()
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


def _product(settings: Settings, addresses: DatabaseAddresses, bundle: Path) -> KeptProcess:
    """The application and the worker, which know the database as the app's role only."""
    environment = {
        **os.environ,
        "DATABASE_URL": addresses.app_url,
        "DATABASE_OWNER_URL": "",
        "CONVOSPHERE_DATA": str(settings.data),
        BUNDLE_VARIABLE: str(bundle),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "convosphere", "product"]
    # A second Ctrl-C is passed on: it knows best how to end its own at once.
    return KeptProcess(
        "product", lambda: start_child(command, output=PIPE, environment=environment), last_resort=signal.SIGINT
    )


def _wait_for_page(settings: Settings, product: KeptProcess, stop: Stop) -> None:
    end = time.monotonic() + _ANSWER_SECONDS
    while not _answers(settings):
        stop.check_start()
        product.check()
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
