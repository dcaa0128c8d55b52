"""The application and the job worker, forked from a process that has imported the code of both.

What they have alike is in memory once, and a start takes the time of one import; see docs/decisions/forked-from-one.md.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from convosphere.core.memory import keep_for_good
from convosphere.core.settings import Settings, load_settings
from convosphere.launch.keeper import GAVE_UP, GaveUpError, KeptProcess, stop_all
from convosphere.launch.processes import fork_child
from convosphere.launch.serving import bundle_to_serve, serving_environment
from convosphere.launch.stopping import Stop, stopping_by_signals

# Composition roots; imported by name, as this package lies below them.
_COMMANDS = "convosphere.__main__"
_IMPORTED = ("convosphere.launch.asgi", "convosphere.convosphere", "convosphere.worker", _COMMANDS)
_LOOK_SECONDS = 0.1


def main(_arguments: Sequence[str]) -> int:
    """Keep both running until a signal; gives the exit code."""
    settings = load_settings()
    with stopping_by_signals() as stop:
        _import_all(settings)
        processes = [_forked("application", "serve"), _forked("job worker", "worker")]
        try:
            _keep(processes, stop)
        except GaveUpError as error:
            sys.stderr.write(f"\n{error}\n")
            return GAVE_UP
        finally:
            stop_all(processes, settings.drain_seconds + 10.0)
    return 0


def _import_all(settings: Settings) -> None:
    os.environ.update(serving_environment(settings, bundle_to_serve()))  # Reflex reads it when it is imported.
    for module in _IMPORTED:
        import_module(module)
    keep_for_good()


def _forked(name: str, command: str) -> KeptProcess:
    run = import_module(_COMMANDS).main
    return KeptProcess(name, lambda: fork_child(name, lambda: run([command])))


def _keep(processes: Sequence[KeptProcess], stop: Stop) -> None:
    for process in processes:
        process.start()
    stop.check_start()
    while not stop.wait(_LOOK_SECONDS):
        for process in processes:
            process.check()
