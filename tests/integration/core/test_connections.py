"""Connections of the pool: who owns a transaction, and what happens when the server closes them."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from convosphere.core.database import Database, fetch_one
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
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


async def test_a_failed_unit_of_work_is_rolled_back_whole(people: People) -> None:
    with pytest.raises(DBAPIError):
        await _rename_and_fail(people.ada)
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(text("SELECT name FROM workspace")) == "Ours"


async def _rename_and_fail(actor: Actor) -> None:
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text("UPDATE workspace SET name = 'Other'"))
        await uow.session.execute(text("SELECT no_such_column"))
