"""Work on many documents: what it touches, what it says of each, and that nothing is lost or done twice."""

import asyncio
import csv
import io
import itertools
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from convosphere.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NoSpaceError,
    NotFoundError,
    UnavailableError,
)
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.grants import Level
from convosphere.identity.service.grants import GrantKinds, Subject, set_grant
from convosphere.knowledge.bulk import files, queries, running, service
from convosphere.knowledge.bulk.actions.trash import Trash
from convosphere.knowledge.bulk.errors import NothingAllowedError, NothingChosenError, NoUndoError
from convosphere.knowledge.bulk.names import Names
from convosphere.knowledge.bulk.schemas import ItemRow, JobRow, Parameters, Selection, Verdict
from convosphere.knowledge.errors import FolderNotFoundError
from convosphere.knowledge.health import scanning
from convosphere.knowledge.schemas import DocumentFilter, DocumentMatch, DocumentQuery
from convosphere.knowledge.service import documents, folders, trash
from convosphere.knowledge.service.folders import DOCUMENT_FOLDER_GRANTS
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from convosphere.knowledge.tags import service as tags
from convosphere.knowledge.tags.schemas import TagDraft
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.documents import plant_document, plant_many
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

TEXT = b"# Holidays\n\nEverybody has thirty days of holiday a year.\n"
GrantKinds.register(DOCUMENT_GRANTS)
GrantKinds.register(DOCUMENT_FOLDER_GRANTS)
EVERYONE = {"subject_type": "everyone"}


async def plant(actor: Actor, count: int, name: str = "plan") -> list[UUID]:
    return [await plant_document(actor, f"{name} {number}.md") for number in range(count)]


async def names(actor: Actor) -> list[str]:
    return sorted(row.name for row in (await documents.list_documents(actor, DocumentQuery())).rows)


async def share(actor: Actor, document_id: UUID, level: Level = "use") -> None:
    await set_grant(actor, "document", document_id, Subject("everyone"), level)


async def run(actor: Actor, job_id: UUID) -> JobRow:
    assert actor.workspace_id
    assert actor.account_id
    await running.run(actor.workspace_id, actor.account_id, job_id)
    return await service.get_job(actor, job_id)


async def do(actor: Actor, act: str, chosen: Selection, parameters: Parameters | None = None) -> JobRow:
    return await run(actor, await service.start(actor, act, chosen, parameters or {}))


async def outcomes(actor: Actor, job_id: UUID) -> Counter[str]:
    return Counter(outcome for outcome, _ in await items(actor, job_id))


async def items(actor: Actor, job_id: UUID) -> list[tuple[str, UUID]]:
    statement = text("SELECT outcome, document_id FROM bulk_item WHERE bulk_job_id = :id")
    async with unit_of_work(actor) as uow:
        return [(row[0], row[1]) for row in await uow.session.execute(statement, {"id": job_id})]


async def trail(actor: Actor, action: str) -> Counter[UUID]:
    """How often each document is in the trail with an action."""
    async with unit_of_work(actor) as uow:
        found = await uow.session.execute(
            text("SELECT object_id FROM audit_entry WHERE action = :action"), {"action": action}
        )
        return Counter(row[0] for row in found)


async def test_the_trash_takes_and_gives_back(people: People) -> None:
    ids = await plant(people.bob, 5)
    job = await do(people.bob, "trash", ids[:3])
    assert (job.state, job.total, job.done, job.failed, job.can_undo) == ("done", 3, 3, 0, True)
    assert await names(people.bob) == ["plan 3.md", "plan 4.md"]
    for gone in ids[:3]:
        with pytest.raises(NotFoundError):
            await documents.get_document(people.bob, gone)
    undoing = await run(people.bob, await service.undo(people.bob, job.id))
    assert (undoing.action, undoing.done, undoing.can_undo) == ("undo_trash", 3, False)
    assert len(await names(people.bob)) == 5
    with pytest.raises(NoUndoError):
        await service.undo(people.bob, job.id)


async def test_all_that_match_until_an_instant(people: People) -> None:
    await plant(people.bob, 3, "old")
    await plant(people.bob, 2, "other")
    until = new_id()
    await plant(people.bob, 1, "old later")
    job = await do(people.bob, "trash", DocumentMatch(DocumentFilter(text="old"), until))
    assert job.total == 3
    assert await names(people.bob) == ["old later 0.md", "other 0.md", "other 1.md"]


async def test_all_of_a_kind(people: People) -> None:
    ids = await plant(people.bob, 2)
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(
            text("UPDATE document_version SET media_type = 'PDF' WHERE document_id = :id"), {"id": ids[0]}
        )
    job = await do(people.bob, "trash", DocumentMatch(DocumentFilter(kinds=("PDF",), ages=("week",)), new_id()))
    assert (job.total, job.done) == (1, 1)


async def test_what_one_may_not_touch_is_named(people: People) -> None:
    own = await plant(people.eve, 2, "own")
    foreign = await plant(people.bob, 2, "shared")
    private = await plant(people.bob, 1, "private")
    for each in foreign:
        await share(people.bob, each)
    chosen = [*own, *foreign, *private]
    seen = await service.preview(people.eve, "trash", chosen)
    assert (seen.total, seen.allowed, seen.refused, seen.of_others) == (4, 2, 2, 2)
    assert seen.refused_names == ("shared 0.md", "shared 1.md")
    job = await do(people.eve, "trash", chosen)
    assert (job.total, job.done, job.failed) == (4, 4, 2)
    rows = await service.list_items(people.eve, job.id, only_in_vain=True)
    assert [(row.name, row.outcome) for row in rows] == [("shared 0.md", "refused"), ("shared 1.md", "refused")]
    assert len(await names(people.bob)) == 3
    with pytest.raises(NothingAllowedError):
        await service.start(people.eve, "trash", foreign, {})
    with pytest.raises(NothingAllowedError):
        await service.start(people.eve, "trash", private, {})
    with pytest.raises(NothingChosenError):
        await service.start(people.eve, "trash", [], {})


async def test_rights_count_when_it_is_done(people: People) -> None:
    ids = await plant(people.bob, 2)
    for each in ids:
        await share(people.bob, each, "manage")
    job_id = await service.start(people.eve, "trash", ids, {})
    await documents.share_documents(people.bob, [ids[0]], with_everyone=False)
    job = await run(people.eve, job_id)
    assert await outcomes(people.eve, job_id) == {"gone": 1, "done": 1}
    await share(people.bob, ids[0], "manage")
    again = await run(people.eve, await service.retry(people.eve, job.id))
    assert (again.total, again.failed) == (1, 0)
    assert await names(people.bob) == []


async def test_a_job_is_its_persons_alone(people: People) -> None:
    job_id = await service.start(people.bob, "trash", await plant(people.bob, 1), {})
    for stranger in (people.ada, people.zoe):
        for act in (service.get_job, service.list_items, service.cancel, service.retry, service.undo, files.open_file):
            with pytest.raises(NotFoundError):
                await act(stranger, job_id)


async def test_a_cancelled_job_does_no_more(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trash, "at_once", 2)
    ids = await plant(people.bob, 6)
    job_id = await service.start(people.bob, "trash", ids, {})
    await _interrupted(people.bob, job_id, monkeypatch, batches=2, by=_Stopped)
    await service.cancel(people.bob, job_id)
    job = await run(people.bob, job_id)
    assert (job.state, job.done, job.can_undo) == ("cancelled", 4, True)
    assert len(await names(people.bob)) == 2


class _Stopped(BaseException):
    """As when the process is gone."""


async def _interrupted(
    actor: Actor, job_id: UUID, monkeypatch: pytest.MonkeyPatch, *, batches: int, by: type[BaseException]
) -> None:
    """Run a job into what happens before the transaction of a later batch is committed."""
    whole, count = queries.set_outcomes, 0

    async def set_outcomes(uow: UnitOfWork, job: UUID, verdicts: dict[int, Verdict]) -> None:
        nonlocal count
        await whole(uow, job, verdicts)
        count += 1
        if count > batches:
            raise by

    with monkeypatch.context() as patched:
        patched.setattr(queries, "set_outcomes", set_outcomes)
        with pytest.raises(by):
            await run(actor, job_id)


@pytest.mark.parametrize("by", [_Stopped, NoSpaceError])
async def test_what_breaks_off_in_the_middle_goes_on_where_it_was(
    people: People, monkeypatch: pytest.MonkeyPatch, by: type[BaseException]
) -> None:
    """A worker that dies, or a disk that is full: whole batches are kept, the rest waits."""
    monkeypatch.setattr(Trash, "at_once", 2)
    ids = await plant(people.bob, 7)
    job_id = await service.start(people.bob, "trash", ids, {})
    await _interrupted(people.bob, job_id, monkeypatch, batches=2, by=by)
    job = await service.get_job(people.bob, job_id)
    assert (job.state, job.done) == ("running", 4)
    assert len(await names(people.bob)) == 3
    assert bool(job.error) == (by is NoSpaceError), "It is said why it waits."
    job = await run(people.bob, job_id)
    assert (job.state, job.done, job.failed, job.error) == ("done", 7, 0, None)
    assert await trail(people.bob, "document:trash") == dict.fromkeys(ids, 1)


async def test_a_lost_database_loses_nothing(
    people: People, addresses: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trash, "at_once", 2)
    ids = await plant(people.bob, 5)
    job_id = await service.start(people.bob, "trash", ids, {})
    whole, lost, batches = queries.set_outcomes, False, itertools.count()

    async def set_outcomes(uow: UnitOfWork, job: UUID, verdicts: dict[int, Verdict]) -> None:
        nonlocal lost
        if not lost and next(batches):
            lost = True
            with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid()"
                )
        await whole(uow, job, verdicts)

    monkeypatch.setattr(queries, "set_outcomes", set_outcomes)
    with pytest.raises(UnavailableError):
        await run(people.bob, job_id)
    assert lost
    job = await run(people.bob, job_id)
    assert (job.state, job.done, job.failed) == ("done", 5, 0)
    assert await trail(people.bob, "document:trash") == dict.fromkeys(ids, 1)


async def test_two_runners_of_one_job_do_it_once(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trash, "at_once", 3)
    ids = await plant(people.bob, 20)
    job_id = await service.start(people.bob, "trash", ids, {})
    await asyncio.gather(*(run(people.bob, job_id) for _ in range(3)))
    job = await service.get_job(people.bob, job_id)
    assert (job.done, job.failed) == (20, 0)
    assert await trail(people.bob, "document:trash") == dict.fromkeys(ids, 1)


async def test_two_people_at_the_same_documents(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trash, "at_once", 7)
    ids = await plant(people.bob, 40)
    await do(people.bob, "share", ids, {**EVERYONE, "level": "manage"})
    begun = [(person, await service.start(person, "trash", ids, {})) for person in (people.bob, people.eve)]
    jobs = await asyncio.gather(*(run(person, job_id) for person, job_id in begun))
    assert [job.done for job in jobs] == [40, 40]
    assert sum(job.failed for job in jobs) == 40, "Each is done by one, and the other is told."
    assert await trail(people.bob, "document:trash") == dict.fromkeys(ids, 1)


async def test_one_that_fails_spoils_nothing_for_the_others(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await plant(people.bob, 4)
    whole = trash.trash.put

    async def put(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
        if ids[2] in document_ids:
            raise ValueError("not this one")
        await whole(uow, document_ids)

    monkeypatch.setattr(trash.trash, "put", put)
    job = await do(people.bob, "trash", ids)
    assert (job.state, job.done, job.failed) == ("done", 4, 1)
    rows: list[ItemRow] = await service.list_items(people.bob, job.id, only_in_vain=True)
    assert [(row.document_id, row.outcome) for row in rows] == [(ids[2], "failed")]
    assert rows[0].error


async def test_sharing_and_taking_it_back(people: People) -> None:
    ids = await plant(people.bob, 3)
    await share(people.bob, ids[0], "edit")
    job = await do(people.bob, "share", ids, {"subject_type": "person", "subject_id": str(people.eve.account_id)})
    assert len(await names(people.eve)) == 3
    private = await do(people.bob, "unshare", ids)
    assert await names(people.eve) == []
    await run(people.bob, await service.undo(people.bob, private.id))
    assert len(await names(people.eve)) == 3
    await run(people.bob, await service.undo(people.bob, job.id))
    assert await names(people.eve) == await names(people.ada) == ["plan 0.md"]
    with pytest.raises(NotFoundError):
        await service.start(people.bob, "share", ids, {"subject_type": "person", "subject_id": str(new_id())})
    with pytest.raises(InvalidInputError):
        await service.start(people.bob, "share", ids, {**EVERYONE, "level": "own"})


async def test_another_owner_and_back(people: People) -> None:
    ids = await plant(people.bob, 2)
    job = await do(people.bob, "owner", ids, {"owner_id": str(people.eve.account_id)})
    rows = (await documents.list_documents(people.eve, DocumentQuery())).rows
    assert [row.is_own for row in rows] == [True, True]
    assert await names(people.bob) == ["plan 0.md", "plan 1.md"], "Whoever had them goes on to manage them."
    await run(people.bob, await service.undo(people.bob, job.id))
    assert await names(people.eve) == []
    with pytest.raises(NotFoundError):
        await service.start(people.bob, "owner", ids, {"owner_id": str(people.zoe.account_id)})


async def test_into_a_folder_and_back(people: People) -> None:
    bob, eve = people.bob, people.eve
    before, kept, after = [await folders.create_folder(bob, name) for name in ("Before", "Kept", "After")]
    ids = await plant(bob, 4)
    await folders.move_documents(bob, ids[:1], before)
    await folders.move_documents(bob, ids[1:2], after)
    await folders.move_documents(bob, ids[3:], kept)
    job = await do(bob, "move", ids, {"folder_id": str(after)})
    assert await outcomes(bob, job.id) == {"done": 3, "unchanged": 1}
    assert await lies_in(bob, after) == set(ids)
    await folders.delete_folder(bob, before)
    await run(bob, await service.undo(bob, job.id))
    assert await lies_in(bob, after) == {ids[1]}, "where they came from is gone, or was none"
    assert await lies_in(bob, kept) == {ids[3]}
    for somebody, folder_id in ((eve, after), (bob, new_id())):
        with pytest.raises(FolderNotFoundError):
            await service.start(somebody, "move", await plant(somebody, 1), {"folder_id": str(folder_id)})


async def test_three_people_file_and_delete_a_thousand_documents_at_once(
    people: People, addresses: DatabaseAddresses
) -> None:
    bob = people.bob
    ids = plant_many(addresses.superuser_url, get_settings().data, bob, 1_000, is_shared=True)
    folder = await folders.create_folder(bob, "Shared")
    await set_grant(bob, "document_folder", folder, Subject("everyone"), "edit")
    tag = await tags.create_tag(bob, TagDraft("All"))
    starts = (
        (bob, "trash", {}), (people.ada, "move", {"folder_id": str(folder)}), (people.eve, "tag", {"tag_id": str(tag)}),
    )  # fmt: skip
    jobs = [(actor, await service.start(actor, act, ids, told)) for actor, act, told in starts]
    ended = await asyncio.gather(*(run(actor, job_id) for actor, job_id in jobs))
    assert [(job.state, job.done) for job in ended] == [("done", 1_000)] * 3
    told = [await outcomes(actor, job_id) for actor, job_id in jobs]
    assert told[0] == {"done": 1_000}
    assert all(set(each) <= {"done", "failed", "refused", "gone"} and each.total() == 1_000 for each in told)
    assert await trail(bob, "document:trash") == dict.fromkeys(ids, 1)
    await run(bob, await service.undo(bob, jobs[0][1]))
    assert await ids_of(bob, "SELECT id FROM document WHERE folder_id IS NOT NULL AND trashed_at IS NULL") == (
        await succeeded(people.ada, jobs[1][1])
    )
    assert await ids_of(bob, "SELECT document_id FROM document_tag") == await succeeded(people.eve, jobs[2][1])
    assert len(await ids_of(bob, "SELECT id FROM document WHERE trashed_at IS NULL")) == 1_000


async def lies_in(actor: Actor, folder_id: UUID) -> set[UUID]:
    wanted = DocumentFilter(folder_id=folder_id)
    return {row.id for row in (await documents.list_documents(actor, DocumentQuery(wanted, limit=100))).rows}


async def succeeded(actor: Actor, job_id: UUID) -> set[UUID]:
    return {document_id for outcome, document_id in await items(actor, job_id) if outcome == "done"}


async def ids_of(actor: Actor, statement: str) -> set[UUID]:
    async with unit_of_work(actor) as uow:
        return set(await uow.session.scalars(text(statement)))


async def test_a_day_to_look_again_and_back(people: People) -> None:
    ids = await plant(people.bob, 2)

    async def days() -> list[str]:
        async with unit_of_work(people.bob) as uow:
            return [str(day) for day in await uow.session.scalars(text("SELECT review_on FROM document"))]

    job = await do(people.bob, "review", ids, {"review_on": "2027-03-01"})
    assert await days() == ["2027-03-01"] * 2
    assert await outcomes(people.bob, (await do(people.bob, "review", ids, {"review_on": "2027-03-01"})).id) == {
        "unchanged": 2
    }
    await run(people.bob, await service.undo(people.bob, job.id))
    assert await days() == ["None"] * 2
    with pytest.raises(InvalidInputError):
        await service.start(people.bob, "review", ids, {"review_on": "soon"})


async def test_documents_are_read_again_but_none_twice_and_no_archive(people: People, add: Upload, work: Work) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("inner.md", TEXT)
    broken = (await add(people.bob, "broken.pdf", b"%PDF-1.7 nothing more")).id
    packed_id = (await add(people.bob, "packed.zip", archive.getvalue())).id
    read = [(await add(people.bob, f"{number}.md", TEXT + b"%d" % number)).id for number in range(3)]
    await work()
    (waiting,) = await plant(people.bob, 1)
    given = [broken, packed_id, waiting, *read]
    job = await do(people.bob, "reprocess", given)
    became = {document_id: outcome for outcome, document_id in await items(people.bob, job.id)}
    assert became == dict.fromkeys([broken, *read], "done") | dict.fromkeys([packed_id, waiting], "unchanged")
    rows = {row.id: row for row in (await documents.list_documents(people.bob, DocumentQuery())).rows}
    assert rows[broken].status == "stored"
    assert [(rows[each].status, rows[each].is_renewing) for each in read] == [("ready", True)] * 3
    again = await do(people.bob, "reprocess", given)
    assert await outcomes(people.bob, again.id) == {"unchanged": len(given)}
    await work()
    assert [(await documents.get_document(people.bob, each)).version_number for each in read] == [2] * 3
    assert await trail(people.bob, "document:renew") == dict.fromkeys(read, 1)


async def test_vectors_need_a_model(people: People) -> None:
    with pytest.raises(ConflictError):
        await service.start(people.bob, "embed", await plant(people.bob, 1), {})


async def test_what_is_deleted_for_good_leaves_nothing_but_a_receipt(people: People, add: Upload, work: Work) -> None:
    ids = [(await add(people.bob, f"{n}.md", TEXT + bytes([65 + n]))).id for n in range(3)]
    await work()
    with pytest.raises(NothingAllowedError):
        await service.start(people.bob, "delete", ids, {})
    await do(people.bob, "trash", ids)
    job = await do(people.bob, "delete", ids)
    assert job.receipt["documents"] == job.receipt["versions"] == 3
    assert job.receipt["passages"] >= 3
    assert job.receipt["bytes"] == 3 * (len(TEXT) + 1)
    assert not job.can_undo
    async with unit_of_work(people.bob) as uow:
        for table in ("document", "document_version", "passage", "stored_file", "file_reference", "document_frequency"):
            assert await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
    assert not any(path.is_file() for path in (get_settings().data / "files").rglob("*"))
    assert await trail(people.bob, "document:delete") == dict.fromkeys(ids, 1)


async def test_a_look_for_remains_finds_what_is_left(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "a.md", TEXT, is_shared=True)
    await work()
    assert {finding.count for finding in await scanning.scan(people.ada)} == {0}
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("DELETE FROM document WHERE id = :id"), {"id": uploaded.id})
    found = {finding.kind: finding.count for finding in await scanning.scan(people.ada)}
    assert found["grants"] == 1
    assert found["passages"] >= 1
    with pytest.raises(ForbiddenError):
        await scanning.scan(people.bob)


async def test_the_trash_is_emptied_after_thirty_days(people: People) -> None:
    ids = await plant(people.ada, 3)
    await do(people.ada, "trash", ids[:2])
    async with unit_of_work(people.ada) as uow:
        past = {"past": timedelta(days=31), "id": ids[0]}
        await uow.session.execute(text("UPDATE document SET trashed_at = now() - :past WHERE id = :id"), past)
    assert people.ada.workspace_id
    assert await trash.empty_expired(system_actor(people.ada.workspace_id)) == 1
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM document")) == 2


async def taken(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def test_files_come_as_one_archive(people: People, add: Upload) -> None:
    ids = [(await add(people.bob, f"{number}.md", TEXT + b"%d" % number)).id for number in range(2)]
    for document_id in ids:
        await documents.rename_document(people.bob, document_id, "same.md")
    ids.append((await add(people.bob, "Plan.md", TEXT, folder_path="Team/Plans")).id)
    foreign = (await add(people.eve, "eve.md", TEXT + b"eve", is_shared=True)).id
    job_id = await service.start(people.bob, "download", [*ids, foreign], {})
    await documents.share_documents(people.eve, [foreign], with_everyone=False)
    file = await files.open_file(people.bob, job_id)
    archive = zipfile.ZipFile(io.BytesIO(await taken(file.chunks)))
    assert archive.testzip() is None
    assert sorted(archive.namelist()) == ["Team/Plans/Plan.md", "same (2).md", "same.md"]
    assert archive.read("same (2).md") == TEXT + b"1"
    job = await service.get_job(people.bob, job_id)
    assert (job.state, job.done, job.failed) == ("done", 4, 1), "Who sees it is asked as its turn comes."
    assert await trail(people.bob, "document:download") == dict.fromkeys(ids, 1)


async def test_a_table_of_documents_computes_nothing(people: People) -> None:
    ids = [await plant_document(people.bob, name) for name in ("=1+1.md", "Überblick.md")]
    for name in ("wages", "=2+2"):
        tag = await tags.create_tag(people.bob, TagDraft(name))
        await do(people.bob, "tag", ids[:1], {"tag_id": str(tag)})
    await do(people.bob, "move", ids[:1], {"folder_id": str(await folders.create_folder(people.bob, "Plans"))})
    await do(people.bob, "review", ids[:1], {"review_on": "2027-03-01"})
    file = await files.open_file(people.bob, await service.start(people.bob, "export", ids, {}))
    lines = list(csv.DictReader(io.StringIO((await taken(file.chunks)).decode("utf-8-sig"))))
    row = (await documents.get_document(people.bob, ids[0])).row
    assert lines[0] == {
        "id": str(ids[0]), "name": "'=1+1.md", "folder": "Plans", "tags": "'=2+2; wages", "status": "stored",
        "type": "Markdown", "bytes": "1", "pages": "", "language": "", "title": "", "author": "", "dated_on": "",
        "characters": "0", "version": "1", "sha256": "a" * 64, "owner": "Bob", "review_on": "2027-03-01",
        "reviewed_on": "", "created_at": row.created_at.isoformat(timespec="seconds"),
        "updated_at": row.updated_at.isoformat(timespec="seconds"),
    }  # fmt: skip
    assert [(line["name"], line["tags"]) for line in lines[1:]] == [("Überblick.md", "")]


@pytest.mark.parametrize(
    ("folder", "name", "file_name", "place"),
    [
        ("", "a.md", "a.md", "a.md"),
        ("", "Holidays 2026", "b.PDF", "Holidays 2026.PDF"),
        ("../../etc", "pass/wd.md", "x.md", "etc/pass_wd.md"),
        ("", "CON.txt", "x.txt", "_CON.txt"),
        ("a:b", "c\\d?.md", "x.md", "a_b/c_d_.md"),
        ("", "...md", "x.md", "_.md"),
    ],
)
def test_names_in_archives_are_safe(folder: str, name: str, file_name: str, place: str) -> None:
    assert Names().take(folder, name, file_name) == place


def test_names_that_some_system_takes_for_one_are_numbered() -> None:
    take: Callable[[str], str] = lambda name: given.take("", name, name)  # noqa: E731
    given = Names()
    assert [take(name) for name in ("a.md", "A.md", "a (2).md", "a.md")] == [
        "a.md", "A (2).md", "a (2) (2).md", "a (3).md",
    ]  # fmt: skip


async def test_nothing_goes_without_its_permission(people: People) -> None:
    ids = await plant(people.bob, 1)
    powerless = Actor(people.bob.account_id, people.bob.workspace_id, frozenset())
    for act in ("trash", "share", "download"):
        with pytest.raises(ForbiddenError):
            await service.start(powerless, act, ids, {})
