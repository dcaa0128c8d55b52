"""The database itself keeps workspaces apart, whatever the code above it forgets."""

import psycopg
import pytest
from sqlalchemy import text

from convosphere.core.permissions import ANONYMOUS
from convosphere.core.unit_of_work import unit_of_work
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.people import People

WORKSPACE_TABLES = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND a.attname = 'workspace_id' AND c.relnamespace = 'public'::regnamespace
      AND c.relname <> 'installation'
"""


def test_row_level_security_is_forced_on_every_table_of_workspaces(addresses: DatabaseAddresses) -> None:
    with psycopg.connect(addresses.superuser_url) as connection:
        tables = dict(connection.execute(WORKSPACE_TABLES).fetchall())
    assert {"membership", "invitation", "access_grant", "conversation", "message", "document"} <= tables.keys()
    assert [name for name, is_forced in tables.items() if not is_forced] == []


def test_the_app_owns_nothing_and_cannot_bypass(addresses: DatabaseAddresses) -> None:
    with psycopg.connect(addresses.app_url) as connection:
        owned = connection.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole").fetchone()
        may = connection.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert (owned, may) == ((0,), (False,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")


async def test_without_a_workspace_nothing_is_seen(people: People) -> None:
    async with unit_of_work(ANONYMOUS) as uow:
        for table in ("workspace", "membership", "invitation", "access_grant", "conversation", "message"):
            assert await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table


async def test_a_workspace_sees_itself_alone(people: People) -> None:
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM membership")) == 3
        assert await uow.session.scalar(text("SELECT name FROM workspace")) == "Ours"
    async with unit_of_work(people.zoe) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM membership")) == 1


async def test_a_pooled_connection_forgets_the_workspace(people: People) -> None:
    with pytest.raises(RuntimeError, match="on purpose"):
        async with unit_of_work(people.bob):
            raise RuntimeError("on purpose")
    async with unit_of_work(ANONYMOUS) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM membership")) == 0
