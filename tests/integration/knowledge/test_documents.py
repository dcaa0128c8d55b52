"""The rules of documents, and that nobody reaches another one's."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ExpectedError, ForbiddenError, NotFoundError, SignInRequiredError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.service import count_bytes
from convosphere.knowledge.errors import (
    DocumentNotFoundError,
    FileEmptyError,
    NameMissingError,
    NotRetryableError,
    PassageGoneError,
)
from convosphere.knowledge.parsing.errors import UnsupportedTypeError
from convosphere.knowledge.previews import service as previews
from convosphere.knowledge.schemas import (
    DocumentCounts,
    DocumentCursor,
    DocumentFilter,
    DocumentQuery,
    Sort,
)
from convosphere.knowledge.service import documents, reading, removal, uploads
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

TEXT = b"# Holidays\n\nEverybody has thirty days of holiday a year.\n\nSundays do not count.\n"
TABLES = (
    "document",
    "document_version",
    "stored_file",
    "file_reference",
    "file_reservation",
    "access_grant",
    "passage",
    "document_frequency",
)


async def names(actor: Actor, query: DocumentQuery | None = None) -> list[str]:
    page = await documents.list_documents(actor, query or DocumentQuery())
    return [row.name for row in page.rows]


async def count_rows(actor: Actor) -> dict[str, int]:
    async with unit_of_work(actor) as uow:
        return {table: int(await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0) for table in TABLES}


def files_on_disk() -> int:
    return sum(path.is_file() for path in (get_settings().data / "files").rglob("*"))


async def test_a_document_is_its_owners_until_it_is_shared(people: People, add: Upload) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    assert await names(people.bob) == ["holidays.md"]
    assert await names(people.ada) == [], "Not even the owner of the workspace sees what people keep to themselves."
    await documents.share_documents(people.bob, [uploaded.id], with_everyone=True)
    assert await names(people.ada) == await names(people.eve) == ["holidays.md"]
    assert await names(people.zoe) == []
    await documents.share_documents(people.bob, [uploaded.id], with_everyone=False)
    assert await names(people.ada) == []


async def test_uploads_are_shared_from_the_start_if_asked(people: People, add: Upload) -> None:
    await add(people.bob, "holidays.md", TEXT, is_shared=True)
    row = (await documents.list_documents(people.eve, DocumentQuery())).rows[0]
    assert (row.is_shared, row.is_own, row.can_edit, row.can_manage, row.owner_name) == (
        True, False, False, False, "Bob"
    )  # fmt: skip
    own = (await documents.list_documents(people.bob, DocumentQuery())).rows[0]
    assert (own.is_shared, own.is_own, own.can_edit, own.can_manage) == (True, True, True, True)


async def test_only_owners_and_administrators_share_by_default(people: People) -> None:
    assert uploads.shares_by_default(people.ada)
    assert not uploads.shares_by_default(people.bob)


async def test_the_same_upload_again_is_the_document_that_is_there(people: People, add: Upload) -> None:
    first = await add(people.bob, "holidays.md", TEXT)
    again = await add(people.bob, "holidays.md", TEXT)
    assert (again.id, again.is_duplicate, first.is_duplicate) == (first.id, True, False)
    assert (await count_rows(people.bob))["document"] == 1


async def test_the_same_content_under_another_name_takes_no_further_space(people: People, add: Upload) -> None:
    await add(people.bob, "holidays.md", TEXT)
    other = await add(people.bob, "leave.md", TEXT)
    folder = await add(people.bob, "holidays.md", TEXT, folder_path="2026")
    somebody = await add(people.eve, "holidays.md", TEXT)
    assert not any(uploaded.is_duplicate for uploaded in (other, folder, somebody))
    assert await count_bytes(people.bob) == len(TEXT)
    assert files_on_disk() == 1


async def test_the_same_name_with_another_content_is_the_same_document(people: People, add: Upload) -> None:
    await add(people.bob, "holidays.md", TEXT)
    assert not (await add(people.bob, "holidays.md", TEXT + b"!")).is_duplicate
    assert await names(people.bob) == ["holidays.md"]


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("", TEXT, NameMissingError),
        ("..", TEXT, NameMissingError),
        ("\u202e\x00", TEXT, NameMissingError),
        ("empty.md", b"", FileEmptyError),
        ("program.exe", TEXT, UnsupportedTypeError),
        ("no ending", TEXT, UnsupportedTypeError),
    ],
)
async def test_what_cannot_be_read_is_refused_at_the_door(
    people: People, add: Upload, name: str, data: bytes, error: type[ExpectedError]
) -> None:
    with pytest.raises(error):
        await add(people.bob, name, data)
    assert set((await count_rows(people.bob)).values()) == {0}
    assert files_on_disk() == 0


async def test_names_are_data(people: People, add: Upload) -> None:
    uploaded = await add(people.bob, "../../etc/\u202epass\x00wd.md", TEXT, folder_path="../secret/./plans")
    row = (await documents.list_documents(people.bob, DocumentQuery())).rows[0]
    assert (uploaded.name, row.name, row.folder_path) == ("passwd.md", "passwd.md", "secret/plans")
    await documents.rename_document(people.bob, uploaded.id, "a/b/" + "x" * 300 + ".md")
    assert len((await names(people.bob))[0].encode()) == 255


@pytest.mark.parametrize("sort", ["newest", "oldest", "name", "name_descending"])
async def test_the_list_is_complete_page_by_page(people: People, add: Upload, sort: Sort) -> None:
    given = ["b.md", "A.md", "ä.md", "c.md", "B.md", "a.md", "c.md"]
    for number, name in enumerate(given):
        await add(people.bob, name, TEXT + bytes([number]), folder_path=str(number))
    found: list[str] = []
    after: DocumentCursor | None = None
    while True:
        page = await documents.list_documents(people.bob, DocumentQuery(sort=sort, after=after, limit=2))
        found += [row.name for row in page.rows]
        if (after := page.next) is None:
            break
    if sort in {"newest", "oldest"}:
        assert found == (given if sort == "oldest" else given[::-1])
    else:
        keys = [name.lower() for name in found]
        assert keys == sorted(keys, reverse=sort == "name_descending")
    assert sorted(found) == sorted(given)


async def test_the_list_is_searched_by_name_literally(people: People, add: Upload) -> None:
    for name in ("100%.md", "1000.md", "Straße.md", "a_b.md", "axb.md"):
        await add(people.bob, name, TEXT)
    assert await names(people.bob, DocumentQuery(DocumentFilter(text="100%"))) == ["100%.md"]
    assert await names(people.bob, DocumentQuery(DocumentFilter(text="a_b"))) == ["a_b.md"]
    assert await names(people.bob, DocumentQuery(DocumentFilter(text="STRASSE"))) == []
    assert await names(people.bob, DocumentQuery(DocumentFilter(text="sTRAß"))) == ["Straße.md"]


async def test_counts_tell_only_of_what_is_seen(people: People, add: Upload, work: Work) -> None:
    await add(people.bob, "holidays.md", TEXT, is_shared=True)
    await add(people.bob, "private.md", TEXT)
    await add(people.bob, "broken.pdf", b"%PDF-1.7 nothing more")
    assert await documents.count_documents(people.bob) == DocumentCounts(total=3, ready=0, working=3, failed=0)
    await work()
    assert await documents.count_documents(people.bob) == DocumentCounts(total=3, ready=2, working=0, failed=1)
    assert await documents.count_documents(people.eve) == DocumentCounts(total=1, ready=1, working=0, failed=0)
    assert await documents.count_documents(people.zoe) == DocumentCounts(total=0, ready=0, working=0, failed=0)


async def test_a_document_shows_what_the_machine_reads(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    await work()
    detail = await documents.get_document(people.bob, uploaded.id)
    known = detail.metadata
    assert (detail.row.status, known.title, known.language, detail.row.pages) == ("ready", "Holidays", "en", None)
    passages = await reading.list_passages(people.bob, uploaded.id)
    assert detail.passages == len(passages) > 0
    assert "thirty days" in " ".join(passage.text for passage in passages)
    assert await reading.list_passages(people.bob, uploaded.id, after=passages[-1].number) == []


async def test_a_citation_shows_its_passage_between_its_surroundings(people: People, add: Upload, work: Work) -> None:
    filler = "\n\n".join(f"Paragraph {number} says nothing of interest to anybody." for number in range(60))
    uploaded = await add(people.bob, "long.txt", f"{filler}\n\nThe key is under the mat.\n\n{filler}".encode())
    await work()
    detail = await documents.get_document(people.bob, uploaded.id)
    passages = [passage for passage in await reading.list_passages(people.bob, uploaded.id) if "mat" in passage.text]
    cited = await reading.get_cited_passage(people.bob, detail.version_id, passages[0].start, passages[0].end)
    assert cited.highlighted == passages[0].text
    assert cited.document_name == "long.txt"
    assert not cited.is_markdown
    assert cited.before.startswith("…")
    assert cited.after.endswith("…")
    await removal.delete_documents(people.bob, [uploaded.id])
    with pytest.raises(PassageGoneError):
        await reading.get_cited_passage(people.bob, detail.version_id, passages[0].start, passages[0].end)


async def test_markdown_is_cut_where_passages_begin_and_end(people: People, add: Upload, work: Work) -> None:
    text = "\n\n".join(f"## Chapter {number}\n\n" + "One of **many** words. " * 40 for number in range(8))
    uploaded = await add(people.bob, "chapters.md", text.encode())
    await work()
    detail = await documents.get_document(people.bob, uploaded.id)
    passages = await reading.list_passages(people.bob, uploaded.id)
    before, cited, behind = passages[3:6]
    start, end = cited.start + 20, cited.end - 20
    shown = await reading.get_cited_passage(people.bob, detail.version_id, start, end)
    assert shown.is_markdown
    assert shown.highlighted == cited.text[20:-20]
    assert shown.before.startswith(before.text)
    assert shown.after.endswith(behind.text)
    first = await reading.get_cited_passage(people.bob, detail.version_id, 0, passages[0].end)
    assert (first.before, first.highlighted) == ("", passages[0].text)


async def test_all_that_match_are_counted_and_listed_in_order(people: People, add: Upload) -> None:
    await add(people.ada, "alpha shared.md", TEXT + b"0", is_shared=True)
    for number in range(1, 5):
        await add(people.bob, f"Alpha {number}.md", TEXT + b"%d" % number)
    assert (await documents.count_documents(people.bob, DocumentFilter(text="alpha"))).total == 5
    page = await documents.list_documents(
        people.bob, DocumentQuery(DocumentFilter(text="alpha"), sort="oldest", skip=3, limit=1)
    )
    assert [row.name for row in page.rows] == ["Alpha 3.md"]


async def test_a_citation_of_nothing_is_gone(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    await work()
    detail = await documents.get_document(people.bob, uploaded.id)
    for start, end in ((-1, 5), (5, 5), (9, 3), (0, 10**6), (2**40, 2**40 + 1)):
        with pytest.raises(PassageGoneError):
            await reading.get_cited_passage(people.bob, detail.version_id, start, end)


async def test_a_download_keeps_the_ending_of_the_file(people: People, add: Upload) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    await documents.rename_document(people.bob, uploaded.id, "Urlaub 2026")
    assert (await previews.get_source(people.bob, uploaded.id)).name == "Urlaub 2026.md"


async def test_deleting_leaves_nothing(people: People, add: Upload, work: Work) -> None:
    ids = [(await add(people.bob, f"{n}.md", TEXT + bytes([65 + n]), is_shared=True)).id for n in range(3)]
    same = await add(people.bob, "same.md", TEXT + b"A")
    await work()
    assert await removal.delete_documents(people.bob, ids) == 3
    assert files_on_disk() == 1, "Another document has the same content."
    assert await removal.delete_documents(people.bob, [same.id]) == 1
    assert set((await count_rows(people.bob)).values()) == {0}
    assert files_on_disk() == 0


async def test_what_failed_is_tried_again_and_what_waits_is_not(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "broken.pdf", b"%PDF-1.7 nothing more")
    with pytest.raises(NotRetryableError):
        await documents.retry_document(people.bob, uploaded.id)
    await work()
    failed = await documents.get_document(people.bob, uploaded.id)
    assert failed.row.status == "failed"
    assert failed.row.error is not None
    await documents.retry_document(people.bob, uploaded.id)
    assert (await documents.get_document(people.bob, uploaded.id)).row.status == "stored"
    await work()
    assert (await documents.get_document(people.bob, uploaded.id)).row.status == "failed"


async def test_uploading_what_failed_tries_it_again(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "broken.pdf", b"%PDF-1.7 nothing more")
    await work()
    assert (await add(people.bob, "broken.pdf", b"%PDF-1.7 nothing more")).is_duplicate
    assert (await documents.get_document(people.bob, uploaded.id)).row.status == "stored"


async def test_a_bulk_act_touches_only_ones_own(people: People, add: Upload) -> None:
    own = await add(people.eve, "own.md", TEXT)
    shared = await add(people.bob, "shared.md", TEXT, is_shared=True)
    assert await removal.delete_documents(people.eve, [shared.id, own.id, new_id()]) == 1
    assert await names(people.bob) == ["shared.md"]


@dataclass(frozen=True)
class Target:
    """What somebody tries to reach."""

    document_id: UUID
    version_id: UUID


Use = Callable[[Actor, Target], Awaitable[object]]

READS: dict[str, Use] = {
    "get": lambda actor, it: documents.get_document(actor, it.document_id),
    "file": lambda actor, it: previews.get_source(actor, it.document_id),
    "passages": lambda actor, it: reading.list_passages(actor, it.document_id),
    "citation": lambda actor, it: reading.get_cited_passage(actor, it.version_id, 0, 5),
}
WRITES: dict[str, Use] = {
    "rename": lambda actor, it: documents.rename_document(actor, it.document_id, "mine.md"),
    "share": lambda actor, it: documents.share_documents(actor, [it.document_id], with_everyone=True),
    "unshare": lambda actor, it: documents.share_documents(actor, [it.document_id], with_everyone=False),
    "delete": lambda actor, it: removal.delete_documents(actor, [it.document_id]),
    "retry": lambda actor, it: documents.retry_document(actor, it.document_id),
}


async def test_somebody_elses_document_looks_like_none(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "private.md", TEXT)
    await work()
    before = await documents.get_document(people.bob, uploaded.id)
    for act in (READS | WRITES).values():
        for stranger in (people.ada, people.eve, people.zoe):
            with pytest.raises(NotFoundError) as refused:
                await act(stranger, Target(uploaded.id, before.version_id))
            with pytest.raises(NotFoundError) as missing:
                await act(stranger, Target(new_id(), new_id()))
            assert str(refused.value) == str(missing.value)
    assert await documents.get_document(people.bob, uploaded.id) == before


async def test_a_shared_document_is_changed_by_its_owner_only(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "shared.md", TEXT, is_shared=True)
    await work()
    detail = await documents.get_document(people.eve, uploaded.id)
    for act in READS.values():
        await act(people.eve, Target(uploaded.id, detail.version_id))
    for act in WRITES.values():
        with pytest.raises(DocumentNotFoundError):
            await act(people.eve, Target(uploaded.id, detail.version_id))
    assert await documents.get_document(people.eve, uploaded.id) == detail


@pytest.mark.parametrize("use", [*READS, *WRITES])
async def test_nothing_goes_without_its_permission(people: People, use: str) -> None:
    act = (READS | WRITES)[use]
    with pytest.raises(SignInRequiredError):
        await act(ANONYMOUS, Target(new_id(), new_id()))
    powerless = Actor(people.bob.account_id, people.bob.workspace_id, frozenset({Permission.ACCOUNT_USE}))
    with pytest.raises(ForbiddenError):
        await act(powerless, Target(new_id(), new_id()))


async def test_without_a_workspace_there_are_no_rows(people: People, add: Upload, work: Work) -> None:
    await add(people.bob, "shared.md", TEXT, is_shared=True)
    await work()
    seen = await count_rows(people.bob)
    assert min(count for table, count in seen.items() if table != "file_reservation") > 0
    nowhere = Actor(people.bob.account_id, None, people.bob.permissions)
    for stranger in (nowhere, people.zoe):
        assert set((await count_rows(stranger)).values()) == {0}


async def test_the_handbook_is_for_everyone(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "first-steps.md").write_text("# First steps\n\nUpload a document, then ask.")
    (tmp_path / "sharing.md").write_text("# Sharing\n\nChoose who sees a document.")
    monkeypatch.setattr(uploads, "HANDBOOK", tmp_path)
    assert not await uploads.has_handbook(people.eve)
    assert await uploads.load_handbook(people.ada) == 2
    assert await uploads.has_handbook(people.eve)
    assert await uploads.load_handbook(people.ada) == 2
    assert sorted(await names(people.eve)) == ["first-steps.md", "sharing.md"]
