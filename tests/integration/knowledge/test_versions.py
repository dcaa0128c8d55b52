"""A document has several contents: the newest one that was read answers, and the others can be looked up."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.service import count_bytes
from convosphere.identity.grants import Level
from convosphere.identity.service.grants import GrantKinds, Subject, set_grant
from convosphere.knowledge.errors import (
    DocumentNotFoundError,
    VersionInPlaceError,
    VersionNotFoundError,
    VersionUnreadError,
)
from convosphere.knowledge.health import scanning
from convosphere.knowledge.queries import processing as queries
from convosphere.knowledge.queries.access import DOCUMENT, FOLDER
from convosphere.knowledge.queries.documents import list_documents
from convosphere.knowledge.schemas import UploadedDocument
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.service import documents, folders, processing, reading, removal, versions
from convosphere.knowledge.service.folders import DOCUMENT_FOLDER_GRANTS
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from convosphere.knowledge.service.uploads import upload
from convosphere.knowledge.versions.comparing import compare_versions
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work, chunks

GrantKinds.register(DOCUMENT_FOLDER_GRANTS)
GrantKinds.register(DOCUMENT_GRANTS)
OLD = b"# Holidays\n\nEverybody has thirty days of holiday a year.\n"
NEW = b"# Holidays\n\nEverybody has forty days of holiday a year.\n"
NEWER = b"# Holidays\n\nNobody counts the days of holiday any more.\n"
BROKEN = b"%PDF-1.7 nothing more"


async def renew(actor: Actor, document: UploadedDocument, data: bytes, name: str = "holidays.md") -> UploadedDocument:
    return await versions.add_version(actor, document.id, chunks(data), size=len(data), name=name)


async def states(actor: Actor, document: UploadedDocument) -> list[tuple[int, str]]:
    return [(row.number, row.state) for row in await versions.list_versions(actor, document.id)]


async def read(actor: Actor, document: UploadedDocument) -> str:
    return " ".join(passage.text for passage in await reading.list_passages(actor, document.id))


async def found(actor: Actor, words: str) -> str:
    return " ".join(passage.text for passage in await search_passages(actor, words))


async def share(owner: Actor, kind: str, thing: UUID, person: Actor, level: Level) -> None:
    await set_grant(owner, kind, thing, Subject("person", person.account_id), level, is_deny=False)


def system(people: People) -> Actor:
    assert people.bob.workspace_id
    return system_actor(people.bob.workspace_id)


async def test_the_old_version_answers_until_the_new_one_is_read(people: People, add: Upload, work: Work) -> None:
    document = await add(people.bob, "holidays.md", OLD)
    await work()
    assert (await renew(people.bob, document, NEW)).version == 2
    assert await states(people.bob, document) == [(2, "reading"), (1, "current")]
    detail = await documents.get_document(people.bob, document.id)
    assert (detail.row.status, detail.version_number, detail.row.is_renewing) == ("ready", 1, True)
    assert "thirty" in await found(people.bob, "days of holiday")

    await work()
    assert await states(people.bob, document) == [(2, "current"), (1, "past")]
    assert "forty" in await read(people.bob, document)
    answers = await found(people.bob, "thirty forty days of holiday")
    assert "forty" in answers and "thirty" not in answers  # noqa: PT018
    assert {each.count for each in await scanning.scan(people.ada)} == {0}


async def test_a_version_that_cannot_be_read_leaves_the_old_one(people: People, add: Upload, work: Work) -> None:
    document = await add(people.bob, "holidays.md", OLD)
    await work()
    await renew(people.bob, document, BROKEN, "holidays.pdf")
    await work()
    assert await states(people.bob, document) == [(2, "failed"), (1, "current")]
    newest = (await versions.list_versions(people.bob, document.id))[0]
    assert newest.error is not None
    assert "damaged" in str(newest.error)
    row = (await documents.get_document(people.bob, document.id)).row
    assert (row.status, row.error, row.is_renewing) == ("ready", None, False)
    assert "thirty" in await found(people.bob, "days of holiday")

    assert await versions.restore_version(people.bob, document.id, 2) == 2, "The newest is tried again as it is."
    assert await states(people.bob, document) == [(2, "reading"), (1, "current")]
    assert (await renew(people.bob, document, NEW)).version == 3
    await work()
    assert await states(people.bob, document) == [(3, "current"), (2, "failed"), (1, "past")]


async def test_a_version_mends_what_could_never_be_read(people: People, add: Upload, work: Work) -> None:
    document = await add(people.bob, "holidays.pdf", BROKEN)
    await work()
    await renew(people.bob, document, NEW)
    assert (await documents.get_document(people.bob, document.id)).row.status == "stored"
    await work()
    assert await states(people.bob, document) == [(2, "current"), (1, "failed")]
    assert "forty" in await found(people.bob, "days of holiday")


async def test_an_upload_of_the_same_name_becomes_a_version(people: People, add: Upload, work: Work) -> None:
    document = await add(people.bob, "holidays.md", OLD, folder_path="Team")
    again = await add(people.bob, "holidays.md", NEW, folder_path="Team")
    assert (again.id, again.version, again.is_duplicate) == (document.id, 2, False)
    same = await add(people.bob, "holidays.md", NEW, folder_path="Team")
    assert (same.id, same.version, same.is_duplicate) == (document.id, 2, True)
    assert (await add(people.bob, "holidays.md", NEW)).id != document.id, "Another folder."
    assert (await add(people.bob, "Holidays.md", NEW, folder_path="Team")).id != document.id, "Another name."
    kept = await upload(
        people.bob, chunks(NEWER), size=len(NEWER), name="holidays.md", folder_path="Team", is_shared=False,
        if_named_alike="keep",
    )  # fmt: skip
    assert kept.id != document.id
    await work()
    assert await states(people.bob, document) == [(2, "current"), (1, "unread")]


async def test_who_may_not_change_a_document_adds_no_version(people: People, add: Upload) -> None:
    document = await add(people.bob, "holidays.md", OLD, is_shared=True)
    for stranger in (people.eve, people.ada, people.zoe):
        with pytest.raises(DocumentNotFoundError):
            await renew(stranger, document, NEW)
        with pytest.raises(DocumentNotFoundError):
            await versions.restore_version(stranger, document.id, 1)
    with pytest.raises(DocumentNotFoundError):
        await versions.list_versions(people.zoe, document.id)
    with pytest.raises(ForbiddenError):
        await renew(replace(people.eve, permissions=frozenset()), document, NEW)
    assert (await add(people.eve, "holidays.md", NEW)).id != document.id
    await share(people.bob, DOCUMENT, document.id, people.eve, "edit")
    assert (await add(people.eve, "holidays.md", NEWER)).id != document.id, "Outside of folders names are one's own."
    assert (await renew(people.eve, document, NEW)).version == 2
    (newest, first) = await versions.list_versions(people.bob, document.id)
    assert (newest.author, first.author) == ("Eve", "Bob")
    reading_only = replace(people.eve, permissions=people.eve.permissions - {Permission.DOCUMENT_WRITE})
    rows = [(await documents.get_document(actor, document.id)).row for actor in (people.eve, reading_only)]
    assert [(row.can_edit, row.can_manage) for row in rows] == [(True, False), (False, False)]


async def test_what_one_keeps_to_oneself_becomes_no_version_of_what_others_have(people: People, add: Upload) -> None:
    document = await add(people.bob, "holidays.md", OLD, is_shared=True)
    private = await add(people.bob, "holidays.md", NEW)
    assert private.id != document.id
    assert (await add(people.bob, "holidays.md", NEWER, is_shared=True)).id == private.id, "The latest of the name."


async def test_two_who_upload_one_name_at_once_make_one_document(people: People, add: Upload, work: Work) -> None:
    folder = await folders.create_folder(people.bob, "Team")
    await share(people.bob, FOLDER, folder, people.eve, "edit")

    async def put(actor: Actor, data: bytes) -> UploadedDocument:
        return await upload(
            actor, chunks(data), size=len(data), name="holidays.md", folder_path="", is_shared=False, folder_id=folder
        )

    done: Sequence[UploadedDocument] = await asyncio.gather(
        put(people.bob, OLD), put(people.eve, NEW), put(people.bob, NEWER)
    )
    assert len({each.id for each in done}) == 1
    assert sorted(each.version for each in done) == [1, 2, 3]
    await work()
    assert [state for _, state in await states(people.bob, done[0])].count("current") == 1
    assert (await states(people.bob, done[0]))[0] == (3, "current")


async def test_a_newer_version_ends_the_run_that_reads_the_one_before(people: People, add: Upload, work: Work) -> None:
    document = await add(people.bob, "holidays.md", OLD)
    await work()
    await renew(people.bob, document, NEW)
    second = (await versions.list_versions(people.bob, document.id))[0]
    async with unit_of_work(system(people)) as uow:
        stale = await queries.claim(uow, document.id, second.id)
    assert stale is not None
    assert stale.replaces is not None
    await renew(people.bob, document, NEWER)
    with pytest.raises(queries.RunLostError):
        async with unit_of_work(system(people)) as uow:
            await queries.renew(uow, stale, status=queries.DocumentStatus.STORED, done=1, total=2)
    await work()
    assert await states(people.bob, document) == [(3, "current"), (2, "unread"), (1, "past")]
    assert "Nobody" in await read(people.bob, document)


async def test_a_killed_worker_leaves_the_old_version_and_another_goes_on(
    people: People, add: Upload, work: Work
) -> None:
    document = await add(people.bob, "holidays.md", OLD)
    await work()
    await renew(people.bob, document, NEW)
    second = (await versions.list_versions(people.bob, document.id))[0]
    for _ in range(processing.MOST_INTERRUPTIONS):
        async with unit_of_work(system(people)) as uow:
            assert await queries.claim(uow, document.id, second.id)
            await uow.session.execute(text("UPDATE document SET run_until = now() - interval '1 second'"))
        assert "thirty" in await found(people.bob, "days of holiday")
    await processing.process_document(system(people), document.id, second.id, is_last_attempt=False)
    assert await states(people.bob, document) == [(2, "failed"), (1, "current")]
    assert (await documents.get_document(people.bob, document.id)).row.status == "ready"
    await versions.restore_version(people.bob, document.id, 2)
    await work()
    assert await states(people.bob, document) == [(2, "current"), (1, "past")]


async def test_an_older_version_comes_back_as_the_newest(people: People, add: Upload, work: Work) -> None:
    document = await add(people.bob, "holidays.md", OLD)
    await work()
    await renew(people.bob, document, NEW)
    await work()
    size = await count_bytes(people.bob)
    assert size == len(OLD) + len(NEW)
    assert await versions.restore_version(people.bob, document.id, 1) == 3
    await work()
    assert await states(people.bob, document) == [(3, "current"), (2, "past"), (1, "past")]
    assert (await versions.list_versions(people.bob, document.id))[0].why == "Version 1 restored"
    assert "thirty" in await found(people.bob, "days of holiday")
    assert await count_bytes(people.bob) == size, "The same bytes take no further space."
    with pytest.raises(VersionInPlaceError):
        await versions.restore_version(people.bob, document.id, 3)
    with pytest.raises(VersionNotFoundError):
        await versions.restore_version(people.bob, document.id, 4)


async def test_all_versions_go_with_their_document(people: People, add: Upload, work: Work) -> None:
    document = await add(people.bob, "holidays.md", OLD)
    await work()
    await renew(people.bob, document, NEW)
    await work()
    await renew(people.bob, document, NEWER)
    async with unit_of_work(people.bob) as uow:
        receipt = await removal.remove_documents(uow, await list_documents(uow, [document.id], "manage"))
    assert receipt.counts() == {
        "documents": 1, "versions": 3, "characters": len(OLD) + len(NEW) - 2, "passages": 2, "vectors": 0,
        "previews": 0, "bytes": len(OLD) + len(NEW) + len(NEWER),
    }  # fmt: skip
    await removal.files.remove_unneeded(people.bob, receipt.released)
    await work()
    assert await count_bytes(people.bob) == 0
    assert {each.count for each in await scanning.scan(people.ada)} == {0}
    async with unit_of_work(people.bob) as uow:
        for table in ("document_version", "version_outline", "passage"):
            assert await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_a_document_that_is_deleted_while_its_version_is_read_stays_gone(
    people: People, add: Upload, work: Work
) -> None:
    document = await add(people.bob, "holidays.md", OLD)
    await work()
    await renew(people.bob, document, NEW)
    second = (await versions.list_versions(people.bob, document.id))[0]
    async with unit_of_work(system(people)) as uow:
        stale = await queries.claim(uow, document.id, second.id)
    assert stale is not None
    await removal.delete_documents(people.bob, [document.id])
    with pytest.raises(queries.RunLostError):
        async with unit_of_work(system(people)) as uow:
            await queries.finish(uow, stale, queries.DocumentStatus.READY)
    await work()
    assert await count_bytes(people.bob) == 0


async def test_a_citation_shows_what_was_cited_and_whether_it_still_holds(
    people: People, add: Upload, work: Work
) -> None:
    document = await add(people.bob, "holidays.md", OLD + b"\nSundays do not count.\n")
    await work()
    (passage,) = await reading.list_passages(people.bob, document.id)
    first = (await versions.list_versions(people.bob, document.id))[0].id
    whole = passage.text
    changed, kept = whole.index("Everybody"), whole.index("Sundays")

    async def cited(start: int, end: int) -> tuple[str, str]:
        shown = await reading.get_cited_passage(people.bob, first, start, end)
        return shown.highlighted, shown.newer

    assert await cited(changed, kept - 2) == ("Everybody has thirty days of holiday a year.", "")
    await renew(people.bob, document, NEW + b"\nSundays do not count.\n")
    assert (await cited(changed, kept - 2))[1] == "", "It is not read yet."
    await work()
    assert await cited(changed, kept - 2) == ("Everybody has thirty days of holiday a year.", "differs")
    assert await cited(kept, len(whole)) == ("Sundays do not count.", "same")
    shown = await reading.get_cited_passage(people.bob, first, kept, len(whole))
    assert "thirty" in shown.before, "What stands around it is of the same version."


async def test_what_changed_is_told_by_passage(people: People, add: Upload, work: Work) -> None:
    parts = [f"## Part {number}\n\n" + f"Words of part {number} go on. " * 30 + "\n\n" for number in range(4)]
    document = await add(people.bob, "parts.md", "".join(parts).encode())
    await work()
    parts[1] += "One more line.\n\n"
    await renew(people.bob, document, "".join(parts[:3]).encode(), "parts.md")
    with pytest.raises(VersionUnreadError):
        await compare_versions(people.bob, document.id, 1, 2)
    await work()
    compared = await compare_versions(people.bob, document.id, 1, 2)
    assert compared.count == len(compared.changes)
    kinds = [(change.kind, change.heading) for change in compared.changes]
    assert ("added", "Part 1") in kinds
    assert kinds[-1] == ("removed", "Part 3")
    added = [line.text for change in compared.changes for line in change.lines if line.kind == "added"]
    assert added == ["One more line."]
    assert (await compare_versions(people.bob, document.id, 2, 2)).count == 0
    with pytest.raises(DocumentNotFoundError):
        await compare_versions(people.eve, document.id, 1, 2)
    with pytest.raises(VersionNotFoundError):
        await compare_versions(people.bob, document.id, 1, 3)


async def test_who_has_to_do_with_a_document_is_told_of_its_versions(people: People, add: Upload, work: Work) -> None:
    document = await add(people.bob, "holidays.md", OLD, is_shared=True)
    await work()
    await share(people.bob, DOCUMENT, document.id, people.eve, "edit")
    async with unit_of_work(people.bob) as uow:
        statement = text(
            "INSERT INTO document_mark (account_id, document_id, workspace_id, followed_at)"
            " VALUES (:account_id, :document_id, :workspace_id, now())"
        )
        given = {"document_id": document.id, "workspace_id": uow.workspace_id, "account_id": people.ada.account_id}
        await uow.session.execute(statement, given)
        await uow.session.execute(text("DELETE FROM notification"))

    async def told() -> set[tuple[str, UUID]]:
        async with unit_of_work(system(people)) as uow:
            rows = await uow.session.execute(text("SELECT kind, account_id FROM notification"))
            return {(row[0], row[1]) for row in rows}

    await renew(people.eve, document, NEW)
    await work()
    bob, eve, ada = (each.account_id for each in (people.bob, people.eve, people.ada))
    assert await told() == {("document_ready", eve), ("document_renewed", bob), ("document_renewed", ada)}
    await renew(people.eve, document, BROKEN, "holidays.pdf")
    await work()
    assert ("version_failed", eve) in await told()
