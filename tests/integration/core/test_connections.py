"""Connections of the pool: who owns a transaction, and what happens when the server closes them."""

import asyncio
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from convosphere.core.database import Database, current_database, fetch_one, open_database
from convosphere.core.errors import DatabaseAwayError, InvalidInputError
from convosphere.core.events import AWAY, LOOK_AGAIN, EventHub
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import look, unit_of_work
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.people import People

_WORKSPACE = text("SELECT current_setting('convosphere.workspace_id', true) AS workspace, :given AS given")


async def test_connections_that_the_server_closed_are_replaced(
    database: Database, addresses: DatabaseAddresses, people: People
) -> None:
    async with unit_of_work(people.ada) as first, unit_of_work(people.bob) as second:
        for uow in (first, second):
            await uow.session.execute(text("SELECT 1"))
    with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = 'convosphere_app'"
        ).fetchone()
    assert ended is not None
    assert ended[0] >= 2
    for _ in range(3):
        async with unit_of_work(people.ada) as uow:
            assert await uow.session.scalar(text("SELECT 1")) == 1


async def test_a_unit_of_work_leaves_no_workspace_behind(people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        inside = (await uow.session.execute(_WORKSPACE, {"given": "x"})).one()
    outside = await fetch_one(_WORKSPACE, {"given": "x"})
    assert inside.workspace == str(people.ada.workspace_id)
    assert outside is not None
    assert not outside["workspace"]


async def test_a_look_sees_what_its_actor_may_and_leaves_no_workspace_behind(
    addresses: DatabaseAddresses, people: People
) -> None:
    async with open_database(addresses.app_url, pool_size=1):
        assert await look(people.ada, Name, _NAMES, {"other": "100 %; it's \\"}) == [Name("Ours")]
        assert await look(people.zoe, Name, _NAMES, {"other": ""}) == [Name("Theirs")]
        outside = await fetch_one(_WORKSPACE, {"given": "x"})
    assert outside is not None
    assert not outside["workspace"]


async def test_a_failed_unit_of_work_is_rolled_back_whole(people: People) -> None:
    with pytest.raises(DBAPIError):
        await _rename_and_fail(people.ada)
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(text("SELECT name FROM workspace")) == "Ours"


async def _rename_and_fail(actor: Actor) -> None:
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text("UPDATE workspace SET name = 'Other'"))
        await uow.session.execute(text("SELECT no_such_column"))


_END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    " AND usename = 'convosphere_app' AND query LIKE %s"
)


def database_name(addresses: DatabaseAddresses) -> str:
    return addresses.app_url.partition("@/")[2].partition("?")[0]


def administration(addresses: DatabaseAddresses) -> psycopg.Connection:
    """A connection of the superuser to another database."""
    return psycopg.connect(re.sub("@/[^?]+", "@/postgres", addresses.superuser_url), autocommit=True)


def end_connections(addresses: DatabaseAddresses, last_query: str) -> int:
    """End those that asked this last; gives how many."""
    with administration(addresses) as connection:
        return connection.execute(_END_OTHERS, [database_name(addresses), last_query]).rowcount


async def test_a_connection_cut_in_the_middle_leaves_nothing_half_done(
    people: People, addresses: DatabaseAddresses
) -> None:
    with pytest.raises(DatabaseAwayError):
        await _rename_while_cut(people.ada, addresses)
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(text("SELECT name FROM workspace")) == "Ours"


async def _rename_while_cut(actor: Actor, addresses: DatabaseAddresses) -> None:
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text("UPDATE workspace SET name = 'Other'"))
        assert end_connections(addresses, "UPDATE workspace%") == 1
        await uow.session.execute(text("SELECT 1"))


async def test_who_finds_no_free_connection_is_refused_and_does_not_hang(
    addresses: DatabaseAddresses, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convosphere.core.database.TURN_SECONDS", 0.05)
    async with open_database(addresses.app_url, pool_size=2), AsyncExitStack() as held:
        for _ in range(2):
            uow = await held.enter_async_context(unit_of_work(people.ada))
            await uow.session.execute(text("SELECT 1"))
        with pytest.raises(DatabaseAwayError):
            await fetch_one(text("SELECT 1"), {})


async def test_a_hub_that_lost_its_connection_takes_another_and_raises_no_alarm(
    addresses: DatabaseAddresses, people: People
) -> None:
    async with EventHub(addresses.app_url).running() as hub, hub.subscribe("thing:1", AWAY) as notices:
        assert await notices.get() == LOOK_AGAIN
        assert end_connections(addresses, "LISTEN%") == 1
        async with asyncio.timeout(20):
            assert await notices.get() == LOOK_AGAIN
        async with unit_of_work(people.ada) as uow:
            await uow.publish("thing:1")
        async with asyncio.timeout(20):
            assert await notices.get() == "thing:1"


async def test_a_database_that_went_away_is_told_at_once_and_refused_without_waiting(
    addresses: DatabaseAddresses, people: People
) -> None:
    async with EventHub(addresses.app_url).running() as hub, hub.subscribe(AWAY) as notices:
        assert await notices.get() == LOOK_AGAIN
        name = sql.Identifier(database_name(addresses))
        with administration(addresses) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            try:
                end_connections(addresses, "%")
                async with asyncio.timeout(20):
                    assert await notices.get() == AWAY
                with pytest.raises(DatabaseAwayError):
                    await fetch_one(text("SELECT 1"), {})
            finally:
                connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
        async with asyncio.timeout(20):
            assert await notices.get() == LOOK_AGAIN
        assert await fetch_one(text("SELECT 1 AS one"), {}) == {"one": 1}


@dataclass(frozen=True)
class Name:
    """A row of workspaces."""

    name: str


_RENAME = text("UPDATE workspace SET name = :name")
_NAMES = text("SELECT name FROM workspace WHERE name <> :other")


async def test_what_is_deferred_comes_in_order_with_the_commit(people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        for name in ("First", "100 %; it's \\ Last :name %(name)s"):
            uow.defer(_RENAME, {"name": name})
        assert await uow.rows(Name, _NAMES, {"other": ""}) == [Name("Ours")]
    async with unit_of_work(people.zoe) as uow:
        assert await uow.row(Name, _NAMES, {"other": ""}) == Name("Theirs")
    async with unit_of_work(people.ada) as uow:
        assert await uow.row(Name, _NAMES, {"other": ""}) == Name("100 %; it's \\ Last :name %(name)s")


async def test_what_cannot_be_stored_with_the_commit_undoes_the_unit(people: People) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation):
        await _defer_and_fail(people.ada)
    async with unit_of_work(people.ada) as uow:
        assert await uow.row(Name, _NAMES, {"other": ""}) == Name("Ours")


@pytest.mark.parametrize("name", ["a\x00b", "half a \ud800 character"])
async def test_what_no_text_may_hold_is_refused_whole(people: People, name: str) -> None:
    with pytest.raises(InvalidInputError):
        await _rename(people.ada, name)
    async with unit_of_work(people.ada) as uow:
        assert await uow.row(Name, _NAMES, {"other": ""}) == Name("Ours")


async def test_many_more_than_there_are_connections_get_one_in_turn(addresses: DatabaseAddresses) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        async with current_database().connection() as connection:
            served.append(number)
            await connection.driver.execute("SELECT 1")

    async with open_database(addresses.app_url, pool_size=2):
        async with current_database().connection(), current_database().connection():
            asked = [asyncio.create_task(ask(number)) for number in range(100)]
            await asyncio.sleep(0)  # All stand in line; both connections are open, so that none is late for that.
        await asyncio.gather(*asked)
    assert served == list(range(100))


async def _rename(actor: Actor, name: str) -> None:
    async with unit_of_work(actor) as uow:
        uow.defer(_RENAME, {"name": name})


async def _defer_and_fail(actor: Actor) -> None:
    async with unit_of_work(actor) as uow:
        uow.defer(_RENAME, {"name": "Other"})
        uow.defer(_RENAME, {"name": None})
