"""Starts the web server: granian with one worker, or several on one port."""

import os
from collections.abc import Sequence
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import Settings, load_settings
from convosphere.launch.frontend import BUNDLE_VARIABLE, PUBLISHED, source_hash
from convosphere.launch.processes import ROOT

_TARGET = "convosphere.launch.asgi:create"


def main(_arguments: Sequence[str]) -> int:
    """Serve with the settings of the environment."""
    serve(load_settings())
    return 0


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then let running answers end for `DRAIN_SECONDS`.

    Raises:
        ConfigurationError: there is no database address or no bundle.
    """
    if not settings.database_url:
        raise ConfigurationError("DATABASE_URL: `serve` needs a database; `run` also starts an embedded one.")
    os.environ.update(serving_environment(settings, bundle_to_serve()))
    Server(
        _TARGET,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # No browser speaks HTTP/2 without TLS, which is a proxy's part.
        factory=True,
        workers=settings.app_processes,
        respawn_failed_workers=settings.app_processes > 1,  # The others go on; a single one is started anew by `run`.
        log_level=LogLevels(settings.log_level if settings.log_level != "info" else "warning"),
        workers_kill_timeout=settings.drain_seconds + 5,
    ).serve()


def bundle_to_serve() -> Path:
    """The bundle that the starter names, else the one of the present sources."""
    bundle = Path(os.environ.get(BUNDLE_VARIABLE) or PUBLISHED / source_hash(ROOT))
    if not bundle.exists():
        raise ConfigurationError("The pages are not built for these sources. Run `python -m convosphere build` first.")
    return bundle


def serving_environment(settings: Settings, bundle: Path) -> dict[str, str]:
    """What Reflex reads from the environment to serve a finished build, compiling nothing.

    The names with two underscores are internal to the pinned version; the tests of this package start it for real.
    """
    return {
        BUNDLE_VARIABLE: str(bundle),
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(settings.data / "reflex"),
        "REFLEX_STATES_WORKDIR": str(settings.data / "reflex" / "states"),
        "REFLEX_TRUSTED_PROXY_HOPS": str(settings.trusted_proxies),
        # The State of a tab lives in the process that holds its socket, with Redis as without; see docs/decisions.
        "REFLEX_STATE_MANAGER_MODE": "memory",
    }
