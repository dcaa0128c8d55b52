"""The process's connections to PostgreSQL."""

import asyncio
import select
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
import structlog
from psycopg.errors import DiskFull
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row
from sqlalchemy import URL, NullPool, TextClause, make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from convosphere.core.errors import ConfigurationError, DatabaseAwayError, InvalidInputError, NoSpaceError
from convosphere.core.i18n import t

log = structlog.get_logger()

TURN_SECONDS = 15
"""How long a unit of work waits for a connection when very many people ask at one instant."""

_dialect = PGDialectAsync_psycopg()


@dataclass(frozen=True)
class Connection:
    """One connection of the pool: the driver's own for what is asked all the time, SQLAlchemy's around it."""

    driver: psycopg.AsyncConnection
    sqlalchemy: AsyncConnection

    @property
    def is_clean(self) -> bool:
        """Whether whoever had it left it as it was: open, in no transaction, with nothing under way."""
        return (
            not (self.driver.closed or self.sqlalchemy.invalidated or self.sqlalchemy.in_transaction())
            and self.driver.pgconn.transaction_status == TransactionStatus.IDLE
        )

    @property
    def is_alive(self) -> bool:
        """Whether the server is still there.

        An idle connection has something to read only when the server said goodbye or went away, which the system knows
        without asking: a question to the server for each unit of work would cost a third of a small one.
        """
        return not (self.driver.closed or _has_something_to_read(self.driver.fileno()))

    async def close(self) -> None:
        """Let go of it, whatever state it is in."""
        if not self.sqlalchemy.closed:
            await self.sqlalchemy.invalidate()
            await self.sqlalchemy.close()


class Database:
    """A pool of connections, of which everybody gets one in turn.

    SQLAlchemy's own would make and unmake a dozen objects around a connection for everybody who takes it, at four times
    the price of a statement, and let newcomers overtake those who wait.
    """

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._is_closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection in no transaction; whoever begins one also ends it.

        Raises:
            sqlalchemy.exc.TimeoutError: all were in use for `TURN_SECONDS`.
        """
        await self._wait_for_turn()
        try:
            connection = await self._take()
            try:
                yield connection
            finally:
                await self._give_back(connection)
        finally:
            self._turns.release()

    async def close(self) -> None:
        """Close all connections, those in use as soon as they are given back."""
        self._is_closed = True
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()

    async def _take(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_alive:
                return connection
            await connection.close()
        opened = await self._engine.connect()
        return Connection(_driver_of(opened), opened)

    async def _give_back(self, connection: Connection) -> None:
        if connection.is_clean and not self._is_closed:
            self._idle.append(connection)
        else:
            await connection.close()

    async def _wait_for_turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise PoolTimeoutError(f"No connection became free for {TURN_SECONDS} s.") from None


def _driver_of(connection: AsyncConnection) -> psycopg.AsyncConnection:
    pooled = connection.sync_connection
    if pooled is None or not isinstance(driver := pooled.connection.driver_connection, psycopg.AsyncConnection):
        raise InterfaceError("open", None, psycopg.InterfaceError("The connection is not psycopg's."))
    return driver


class _Presence:
    is_away = False


_opened: list[Database] = []


def driver_url(url: str) -> URL:
    """A PostgreSQL address for psycopg, whichever way it is written."""
    return make_url(url).set(drivername="postgresql+psycopg")


@asynccontextmanager
async def open_database(url: str, *, pool_size: int = 10) -> AsyncIterator[Database]:
    """Open the process's database; units of work inside use it.

    Connections begin no transaction by themselves: a unit of work does, and a single statement needs none. They stay
    open once they are: to open one takes longer than a question does.
    """
    # Parameters hold what people write, so that errors must not quote them into the log.
    engine = create_async_engine(
        driver_url(url),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,  # `Database` keeps them.
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "tcp_user_timeout": 20_000, "application_name": "convosphere"},
    )
    database = Database(engine, pool_size)
    _opened.append(database)
    try:
        yield database
    finally:
        _opened.remove(database)
        await database.close()


def _has_something_to_read(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def current_database() -> Database:
    """The database opened last in this process.

    Raises:
        ConfigurationError: none is open.
    """
    if not _opened:
        raise ConfigurationError("No database is open in this process.")
    return _opened[-1]


def is_database_away() -> bool:
    """Whether it is known that the database cannot be reached, so that nobody needs to wait to find out."""
    return _Presence.is_away


def note_database(*, is_away: bool) -> None:
    """Say whether it can be reached; whoever listens to it all the time does, see `EventHub`."""
    _Presence.is_away = is_away


@asynccontextmanager
async def failures_told() -> AsyncIterator[None]:
    """Turn what the database cannot store, and a lost or exhausted connection, into errors that people can be told.

    Raises:
        InvalidInputError: a text holds a NUL or half a character, or a number is out of range.
        NoSpaceError: the database's disk is full.
        DatabaseAwayError: the database does not answer.
    """
    if is_database_away():
        raise DatabaseAwayError
    try:
        yield
    except (DataError, psycopg.DataError, UnicodeEncodeError) as error:
        log.warning("data_refused", error=type(error).__name__)
        raise InvalidInputError(t("This holds signs or numbers that cannot be stored.")) from error
    except (
        OperationalError, InterfaceError, PoolTimeoutError, psycopg.OperationalError, psycopg.InterfaceError,
    ) as error:  # fmt: skip
        if (task := asyncio.current_task()) and task.cancelling():
            # Whoever is broken off twice, as when a tab leaves, finds the own connection closed by the first time.
            raise asyncio.CancelledError from error
        log.warning("database_unavailable", error=type(error).__name__, reason=str(error)[:300])
        raise (NoSpaceError if _lacks_space(error) else DatabaseAwayError) from error


def _lacks_space(error: Exception) -> bool:
    return isinstance(error.orig if isinstance(error, DBAPIError) else error, DiskFull)


@cache
def driver_text(statement: TextClause) -> bytes:
    """A statement with parameters as the driver writes them: `:name` is `%(name)s`."""
    return str(statement.compile(dialect=_dialect)).encode()


async def fetch_one(statement: TextClause, parameters: Mapping[str, object]) -> dict[str, Any] | None:
    """The first row of a statement that stands alone, outside any unit of work, so that no row of a workspace is seen.

    Raises:
        UnavailableError: the database does not answer.
    """
    async with failures_told(), current_database().connection() as connection:
        cursor = connection.driver.cursor(row_factory=dict_row)
        await cursor.execute(driver_text(statement), parameters)
        return await cursor.fetchone()
