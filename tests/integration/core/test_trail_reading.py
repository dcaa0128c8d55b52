"""What people find in the trail, take out of it, and learn of its state."""

import csv
import io
import json
from datetime import timedelta

import psycopg
import pytest

from convosphere.admin.schemas import AuditFilter
from convosphere.admin.state.audit_items import verification_item
from convosphere.core.audit import service, tasks, verifying
from convosphere.core.audit.actions import DOCUMENT_DELETED, INVITATION_CREATED, SESSION_OPENED, Outcome
from convosphere.core.audit.export import ExportFormat, export_entries
from convosphere.core.audit.schemas import EntryFilter
from convosphere.core.audit.service import get_entry, list_entries, may_read_installation
from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.jobs import do_jobs, open_jobs
from convosphere.core.model import utc_now
from convosphere.core.origin import from_browser, set_origin
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import Installation
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.people import People

LURES = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", '=1+1,"x"\n', "harmless")


async def delete_documents(actor: Actor, *names: str) -> None:
    async with unit_of_work(actor) as uow:
        for name in names:
            uow.record(DOCUMENT_DELETED, new_id(), label=name)


async def found_by(actor: Actor, **words: str) -> list[str]:
    page = await list_entries(actor, AuditFilter(**words).parsed())
    return [entry.label for entry in page.entries]


async def found_installation(people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        uow.session.add(Installation(workspace_id=uow.workspace_id))


async def exported(actor: Actor, form: ExportFormat, wanted: EntryFilter | None = None) -> str:
    return b"".join([chunk async for chunk in await export_entries(actor, wanted or EntryFilter(), form)]).decode()


async def test_entries_are_found_by_person_action_object_outcome_and_day(people: People) -> None:
    await delete_documents(people.ada, "Plan 100%", "heron.md")
    await delete_documents(people.bob, "owl.md")
    async with unit_of_work(people.ada) as uow:
        uow.record(INVITATION_CREATED, new_id(), label="invited", outcome=Outcome.FAILED)
    looking = Actor(people.eve.account_id, people.eve.workspace_id, frozenset(), name="Eve",
                    real_account_id=people.ada.account_id, real_name="Ada")  # fmt: skip
    async with unit_of_work(looking) as uow:
        uow.record(SESSION_OPENED, label="looked")
    today = utc_now().date()
    ada = people.ada
    assert await found_by(ada) == ["looked", "invited", "owl.md", "heron.md", "Plan 100%"]
    assert await found_by(ada, name=" aD ") == ["looked", "invited", "heron.md", "Plan 100%"]
    assert await found_by(ada, name="eve") == ["looked"]
    assert await found_by(ada, account=str(people.bob.account_id)) == ["owl.md"]
    assert await found_by(ada, account=str(ada.account_id), name="Not her name any more") == [
        "looked", "invited", "heron.md", "Plan 100%",
    ]  # fmt: skip
    assert await found_by(ada, action="document:delete", label=".MD") == ["owl.md", "heron.md"]
    assert await found_by(ada, label="%") == ["Plan 100%"]
    assert await found_by(ada, outcome="failed") == ["invited"]
    assert await found_by(ada, since=str(today - timedelta(days=1)), until=str(today), zone="UTC") != []
    assert await found_by(ada, until=str(today - timedelta(days=1)), zone="Pacific/Kiritimati") == []
    assert await found_by(people.zoe) == []


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"action": "x"}, InvalidInputError),
        ({"outcome": "x"}, InvalidInputError),
        ({"since": "yesterday"}, InvalidInputError),
        ({"until": "9999-12-31"}, InvalidInputError),
        ({"since": "2026-01-01", "zone": "../../etc/passwd"}, InvalidInputError),
        ({"since": "2026-01-01", "zone": "Europe"}, InvalidInputError),
        ({"account": "x"}, NotFoundError),
        ({"object": "'; DROP TABLE"}, NotFoundError),
    ],
)
def test_odd_words_are_refused(words: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        AuditFilter.from_words(words).parsed()


async def test_one_entry_is_read_by_its_number(people: People) -> None:
    await delete_documents(people.ada, "1", "2", "3")
    assert (await get_entry(people.ada, 2)).label == "2"
    for number in (0, 4, -1):
        with pytest.raises(NotFoundError):
            await get_entry(people.ada, number)
    with pytest.raises(NotFoundError):
        await get_entry(people.zoe, 2)
    with pytest.raises(ForbiddenError):
        await get_entry(people.bob, 2)


async def test_an_export_computes_nothing_and_is_recorded(people: People) -> None:
    set_origin(from_browser("192.0.2.7", "=HYPERLINK(1)"))
    await delete_documents(people.ada, *LURES)
    sheet = await exported(people.ada, ExportFormat.CSV, EntryFilter(actions=frozenset({"document:delete"})))
    assert sheet.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff"), newline="")))
    assert [row["object"] for row in rows] == [
        "harmless", "'=1+1,\"x\"", "'@SUM(A1)", "'-1", "'+1", "'=cmd|' /C calc'!A0",
    ]  # fmt: skip
    assert {row["program"] for row in rows} == {"'=HYPERLINK(1)"}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    lines = [json.loads(line) for line in (await exported(people.ada, ExportFormat.JSONL)).splitlines()]
    assert [line["action"] for line in lines] == ["audit:export"] + ["document:delete"] * 6
    assert lines[0]["after"]["action"] == "document:delete"
    assert lines[-1]["object"] == LURES[0]
    newest = (await list_entries(people.ada)).entries[0]
    assert (newest.action, newest.account_name) == ("audit:export", "Ada")
    assert newest.after is not None
    assert newest.after["format"] == "jsonl"


async def test_an_export_goes_over_all_pages_and_is_not_for_everybody(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convosphere.core.audit.export._AT_ONCE", 2)
    await delete_documents(people.ada, *"12345")
    wanted = EntryFilter(actions=frozenset({"document:delete"}))
    lines = [json.loads(line) for line in (await exported(people.ada, ExportFormat.JSONL, wanted)).splitlines()]
    assert [line["object"] for line in lines] == ["5", "4", "3", "2", "1"]
    assert await exported(people.zoe, ExportFormat.JSONL, wanted) == ""
    for actor, asked in ((people.bob, wanted), (people.zoe, EntryFilter(of_installation=True))):
        with pytest.raises(ForbiddenError):
            await exported(actor, ExportFormat.CSV, asked)


async def test_a_verification_is_an_entry_of_its_own(people: People, addresses: DatabaseAddresses) -> None:
    await found_installation(people)
    await delete_documents(people.ada, "1", "2")
    await delete_documents(people.zoe, "1")
    async with unit_of_work(ANONYMOUS) as uow:
        uow.record(SESSION_OPENED)
    assert (await may_read_installation(people.ada), await may_read_installation(people.zoe)) == (True, False)
    await service.record_heads()
    assert await verifying.last_verification(people.ada) is None
    await verify_by_worker(people.ada, addresses)
    item = verification_item(await verifying.last_verification(people.ada))
    assert (item.who, item.count, item.faults) == ("Ada", 3, [])
    assert item.newest_head
    with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.execute("UPDATE audit_entry SET label = 'other' WHERE sequence = 1")
        connection.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    await verify_by_worker(people.ada, addresses)
    found = await verifying.last_verification(people.ada)
    assert found is not None
    assert found.entry.outcome == Outcome.FAILED
    item = verification_item(found)
    assert [fault["values"] for fault in item.faults] == [{"number": 1}, {}, {"number": 1}]
    await verify_by_worker(people.zoe, addresses)
    assert len(verification_item(await verifying.last_verification(people.zoe)).faults) == 1, "others' is not told"
    with pytest.raises(ForbiddenError):
        await verifying.ask_for_verification(people.bob)


async def verify_by_worker(actor: Actor, addresses: DatabaseAddresses) -> None:
    assert tasks.verify.name == verifying.VERIFY_TASK
    await verifying.ask_for_verification(actor)
    async with open_jobs(addresses.app_url, 1):
        await do_jobs(concurrency=1, drain_seconds=5, until_idle=True)
