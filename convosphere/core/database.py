"""The process's connections to PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from convosphere.core.errors import ConfigurationError, InvalidInputError, UnavailableError
from convosphere.core.i18n import t

log = structlog.get_logger()


@dataclass(frozen=True)
class Database:
    """An engine and the sessions made from it."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]


_opened: list[Database] = []


def driver_url(url: str) -> URL:
    """A PostgreSQL address for psycopg, whichever way it is written."""
    return make_url(url).set(drivername="postgresql+psycopg")


@asynccontextmanager
async def open_database(url: str, *, pool_size: int = 10) -> AsyncIterator[Database]:
    """Open the process's database; units of work inside use it.

    A connection that is not to be had within 5 s is refused rather than waited for.
    """
    # Parameters hold what people write, so that errors must not quote them into the log.
    engine = create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "application_name": "convosphere"},
    )
    database = Database(engine, async_sessionmaker(engine, expire_on_commit=False, autoflush=False))
    _opened.append(database)
    try:
        yield database
    finally:
        _opened.remove(database)
        await engine.dispose()


def current_database() -> Database:
    """The database opened last in this process.

    Raises:
        ConfigurationError: none is open.
    """
    if not _opened:
        raise ConfigurationError("No database is open in this process.")
    return _opened[-1]


@asynccontextmanager
async def failures_told() -> AsyncIterator[None]:
    """Turn what the database cannot store, and a lost or exhausted connection, into errors that people can be told.

    Raises:
        InvalidInputError: a text holds a NUL or half a character, or a number is out of range.
        UnavailableError: the database does not answer.
    """
    try:
        yield
    except (DataError, UnicodeEncodeError) as error:
        log.warning("data_refused", error=type(error).__name__)
        raise InvalidInputError(t("This holds signs or numbers that cannot be stored.")) from error
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        log.warning("database_unavailable", error=type(error).__name__, reason=str(error)[:300])
        raise UnavailableError from error
