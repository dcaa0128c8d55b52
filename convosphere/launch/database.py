"""The installation's database, whichever of the possible ones it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import Settings
from convosphere.launch.locks import holder
from convosphere.launch.postgres import LOCK, DatabaseAddresses, addresses_of, embedded_server
from convosphere.launch.revisions import plain_url


@dataclass(frozen=True)
class OwnDatabase:
    """The database of a starter: where it is, and how to start it again if it is ours and died."""

    addresses: DatabaseAddresses
    restart_if_dead: Callable[[], bool]


@contextmanager
def own_database(settings: Settings) -> Iterator[OwnDatabase]:
    """The database that the settings name, or the embedded one, run as long as the block does.

    Raises:
        ConfigurationError: it does not answer, or somebody else runs it; the text says what to do.
    """
    if not settings.database_url:
        with embedded_server(settings.data) as server:
            yield OwnDatabase(server.addresses, server.restart_if_dead)
        return
    require_reachable(settings)
    urls = DatabaseAddresses(settings.database_url, settings.database_owner_url, settings.database_owner_url)
    yield OwnDatabase(urls, lambda: False)


@contextmanager
def reachable_database(settings: Settings) -> Iterator[DatabaseAddresses]:
    """The same for a command in a terminal: an embedded server that runs already is used and left running."""
    if not settings.database_url and holder(settings.data / LOCK) is not None:
        yield addresses_of(settings.data)
        return
    with own_database(settings) as database:
        yield database.addresses


def require_reachable(settings: Settings) -> None:
    """Check the database that the settings name, if they name one.

    Raises:
        ConfigurationError: it does not answer, or the address of its owner is missing.
    """
    if not settings.database_url:
        return
    if not settings.database_owner_url:
        raise ConfigurationError(
            "DATABASE_OWNER_URL: needed beside DATABASE_URL, to migrate the tables as the role that owns them."
        )
    _require_answer("DATABASE_URL", settings.database_url)
    _require_answer("DATABASE_OWNER_URL", settings.database_owner_url)


def _require_answer(name: str, url: str) -> None:
    try:
        psycopg.connect(plain_url(url), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise ConfigurationError(
            f"{name}: the database does not answer ({reason}). Start it, correct {name}, or leave DATABASE_URL empty "
            "to use the embedded one."
        ) from None
