"""The trail in the database: what the app's role can do to it, one chain for many writers, and what tampering shows."""

import asyncio
import stat
from uuid import UUID

import psycopg
import pytest

from convosphere.core.audit import service
from convosphere.core.audit.actions import CONVERSATION_DELETED, DOCUMENT_DELETED, INVITATION_CREATED, SESSION_OPENED
from convosphere.core.audit.keys import audit_directory, heads_path
from convosphere.core.audit.refusals import RefusalWriter, refused
from convosphere.core.audit.schemas import INSTALLATION, EntryFilter
from convosphere.core.audit.service import list_entries
from convosphere.core.audit.tasks import record_heads
from convosphere.core.audit.verification import Fault
from convosphere.core.errors import ForbiddenError
from convosphere.core.identifiers import new_id
from convosphere.core.jobs import do_jobs, jobs, open_jobs
from convosphere.core.origin import Means, from_browser, set_origin
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.people import People


async def record(actor: Actor, label: str) -> None:
    async with unit_of_work(actor) as uow:
        uow.record(DOCUMENT_DELETED, new_id(), label=label)


async def faults() -> dict[UUID, tuple[Fault, int]]:
    report = await service.verify()
    return {each.chain: (each.broken.fault, each.broken.sequence) for each in report.chains if each.broken}


def chain_of(actor: Actor) -> UUID:
    return actor.workspace_id or INSTALLATION


async def test_an_entry_says_who_did_what_from_where(people: People) -> None:
    set_origin(from_browser("192.0.2.7", "Firefox\n\x1b[2J 140"))
    async with unit_of_work(people.ada) as uow:
        uow.record(INVITATION_CREATED, object_id := new_id(), after={"role": "member", "email": "mia@example.org"})
    (entry,) = (await list_entries(people.ada)).entries
    assert (entry.sequence, entry.action, entry.object_type, entry.object_id) == (
        1, "invitation:create", "invitation", object_id,
    )  # fmt: skip
    assert (entry.account_id, entry.account_name, entry.outcome) == (people.ada.account_id, "Ada", "done")
    assert (entry.means, entry.address, entry.user_agent) == (Means.BROWSER, "192.0.2.7", "Firefox[2J 140")
    assert (entry.before, entry.after) == (None, {"role": "member", "email": "mia@example.org"})
    assert await faults() == {}


async def test_what_rolls_back_leaves_nothing(people: People) -> None:
    async def refuse() -> None:
        async with unit_of_work(people.ada) as uow:
            uow.record(DOCUMENT_DELETED, new_id())
            raise ForbiddenError

    with pytest.raises(ForbiddenError):
        await refuse()
    assert (await list_entries(people.ada)).entries == []


async def test_facts_that_are_not_declared_are_not_kept(people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        with pytest.raises(TypeError, match="password"):
            uow.record(INVITATION_CREATED, new_id(), after={"password": "secret"})  # pyright: ignore[reportArgumentType]
        with pytest.raises(TypeError, match="bytes"):
            uow.record(INVITATION_CREATED, new_id(), after={"role": b"token"})  # pyright: ignore[reportArgumentType]


async def test_twenty_writers_make_one_chain(people: People) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(record((people.ada, people.bob)[number % 2], f"{number}"))
            group.create_task(record(people.zoe, f"{number}"))
    report = await service.verify()
    assert {(each.chain, each.checked) for each in report.chains} == {
        (chain_of(people.ada), 20), (chain_of(people.zoe), 20),
    }  # fmt: skip
    assert report.is_sound


async def test_others_see_none(people: People) -> None:
    await record(people.ada, "ours")
    async with unit_of_work(ANONYMOUS) as uow:
        uow.record(SESSION_OPENED)
    assert (await list_entries(people.zoe)).entries == []
    with pytest.raises(ForbiddenError):
        await list_entries(people.bob)
    with pytest.raises(ForbiddenError):
        await list_entries(people.zoe, EntryFilter(of_installation=True))


async def test_pages_go_from_the_newest_to_the_oldest(people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        for number in range(5):
            uow.record(DOCUMENT_DELETED, new_id(), label=str(number))
        uow.record(CONVERSATION_DELETED, new_id())
    wanted, cursor, seen = EntryFilter(actions=frozenset({"document:delete"})), None, []
    while True:
        page = await list_entries(people.ada, wanted, cursor, most=2)
        seen += [entry.label for entry in page.entries]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == ["4", "3", "2", "1", "0"]
    assert (await list_entries(people.ada, EntryFilter(account_id=people.bob.account_id))).entries == []


STROKES = [
    "UPDATE audit_entry SET label = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry",
    "DROP TABLE audit_entry", "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_entry_place ON audit_entry",
    "ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY", "DROP POLICY audit_entry_seen ON audit_entry",
    "ALTER TABLE audit_entry ADD COLUMN x text", "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION audit_last(uuid) CASCADE", "UPDATE audit_chain SET id = id", "DELETE FROM audit_chain",
    "INSERT INTO audit_entry SELECT (e).* FROM (SELECT e FROM audit_entry e) AS copied",
]  # fmt: skip


async def test_the_app_can_only_add(people: People, addresses: DatabaseAddresses) -> None:
    await record(people.ada, "ours")
    for stroke in STROKES:
        with psycopg.connect(addresses.app_url) as connection:
            connection.execute(
                "SELECT set_config('convosphere.workspace_id', %s, true)", [str(people.ada.workspace_id)]
            )
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(stroke.encode())
    assert await faults() == {}


@pytest.mark.parametrize(
    "change", ["sequence = 3", "sequence = 1", "previous_hmac = hmac", "occurred_at = '2020-01-01'"]
)
async def test_an_entry_goes_nowhere_but_to_the_end(people: People, addresses: DatabaseAddresses, change: str) -> None:
    await record(people.ada, "ours")
    column, _, value = change.partition(" = ")
    values = {"sequence": "sequence + 1", "previous_hmac": "hmac", "occurred_at": "now()", column: value}
    if column == "previous_hmac":
        values["previous_hmac"] = "previous_hmac"
    with psycopg.connect(addresses.app_url) as connection:
        connection.execute("SELECT set_config('convosphere.workspace_id', %s, true)", [str(people.ada.workspace_id)])
        names = ", ".join(values)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="end of its chain"):
            connection.execute(
                f"INSERT INTO audit_entry (workspace_id, {names}, {REST}) SELECT workspace_id, "
                f"{', '.join(values.values())}, {REST} FROM audit_entry".encode()
            )


REST = "account_name, means, address, user_agent, real_name, action, object_type, label, outcome, times, key_id, hmac"


async def test_the_owner_of_the_tables_is_stopped_too(people: People, addresses: DatabaseAddresses) -> None:
    await record(people.ada, "ours")
    for stroke in STROKES[:3]:
        with (
            psycopg.connect(addresses.owner_url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"),
        ):
            connection.execute(stroke.encode())


TAMPERING = [
    ("UPDATE audit_entry SET label = 'other' WHERE sequence = 4", (Fault.CHANGED, 4)),
    ("UPDATE audit_entry SET account_name = 'Bob' WHERE sequence = 1", (Fault.CHANGED, 1)),
    ("UPDATE audit_entry SET occurred_at = occurred_at - interval '1 microsecond' WHERE sequence = 6",
     (Fault.CHANGED, 6)),
    ("UPDATE audit_entry SET after = '{\"role\": \"owner\"}' WHERE sequence = 3", (Fault.CHANGED, 3)),
    ("UPDATE audit_entry SET hmac = previous_hmac WHERE sequence = 2", (Fault.CHANGED, 2)),
    ("UPDATE audit_entry SET key_id = 'another' WHERE sequence = 2", (Fault.FOREIGN_KEY, 2)),
    ("DELETE FROM audit_entry WHERE sequence = 3", (Fault.REMOVED, 3)),
    ("DELETE FROM audit_entry WHERE sequence = 1", (Fault.REMOVED, 1)),
    ("DELETE FROM audit_entry WHERE sequence = 3; UPDATE audit_entry SET sequence = 3 WHERE sequence = 4;"
     " UPDATE audit_entry SET sequence = 4 WHERE sequence = 5; UPDATE audit_entry SET sequence = 5 WHERE sequence = 6",
     (Fault.MOVED, 3)),
    ("UPDATE audit_entry SET sequence = 99 WHERE sequence = 2; UPDATE audit_entry SET sequence = 2 WHERE sequence = 5;"
     " UPDATE audit_entry SET sequence = 5 WHERE sequence = 99", (Fault.MOVED, 2)),
    ("DELETE FROM audit_entry WHERE sequence > 4", (Fault.CUT_OFF, 5)),
    ("DELETE FROM audit_entry; DELETE FROM audit_chain", (Fault.CUT_OFF, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("stroke", "found"), TAMPERING)
async def test_tampering_is_found_and_named(
    people: People, addresses: DatabaseAddresses, stroke: str, found: tuple[Fault, int]
) -> None:
    """By whoever has the whole database, but not the key."""
    for number in range(6):
        await record(people.ada, str(number))
    assert await service.record_heads() == 1
    assert await faults() == {}
    with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
        for table in ("audit_entry", "audit_chain"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute(stroke.encode())
        for table in ("audit_entry", "audit_chain"):
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert await faults() == {chain_of(people.ada): found}


async def test_heads_are_written_when_there_is_news(people: People) -> None:
    await record(people.ada, "1")
    assert await service.record_heads() == 1
    assert await service.record_heads() == 0
    await record(people.ada, "2")
    await record(people.zoe, "1")
    assert await service.record_heads() == 2
    path = heads_path(get_settings())
    assert len(path.read_text().splitlines()) == 3
    assert {stat.S_IMODE(each.stat().st_mode) for each in audit_directory(get_settings()).iterdir()} == {0o600}
    assert (await service.verify()).is_sound


async def test_heads_that_were_touched_are_named(people: People) -> None:
    await record(people.ada, "1")
    await service.record_heads()
    path = heads_path(get_settings())
    path.write_text(path.read_text().replace('"sequence":1', '"sequence":0') + '{"chain": "cut sho')
    await record(people.ada, "2")
    await service.record_heads()
    report = await service.verify()
    assert (report.damaged_heads, report.is_sound, report.checked) == ([1, 2], False, 2)


async def test_a_refusal_is_kept_once_a_minute_with_its_count(people: People) -> None:
    set_origin(from_browser("192.0.2.7", "x"))
    writer = RefusalWriter(window_seconds=600)
    async with writer.running():
        for number in range(50):
            set_origin(from_browser("192.0.2.7", f"x{number}"))
            refused(people.bob, DOCUMENT_DELETED)
            if number == 0:
                await writer.write()
    entries = (await list_entries(people.ada)).entries
    assert [(entry.outcome, entry.account_name, entry.times) for entry in entries] == [
        ("refused", "Bob", 49), ("refused", "Bob", 1),
    ]  # fmt: skip


async def test_a_flood_of_refusals_stays_small(people: People) -> None:
    async with RefusalWriter(most_kinds=10).running():
        for number in range(500):
            set_origin(from_browser(f"192.0.2.{number}", "x"))
            refused(ANONYMOUS, SESSION_OPENED, after={"reason": "sign_in_failed"})
    report = await service.verify()
    assert [(each.chain, each.checked) for each in report.chains] == [(INSTALLATION, 11)]
    assert report.is_sound


async def test_the_worker_writes_heads(people: People, addresses: DatabaseAddresses) -> None:
    await record(people.ada, "1")
    async with unit_of_work(people.ada) as uow:
        await uow.enqueue(record_heads.name, {"timestamp": "0"})
    async with open_jobs(addresses.app_url, 1):
        await do_jobs(concurrency=1, drain_seconds=1, until_idle=True)
    assert len(heads_path(get_settings()).read_text().splitlines()) == 1
    periodic = [task.cron for task in jobs.periodic_registry.periodic_tasks.values() if task.task is record_heads]
    assert periodic == ["3 * * * *"]
