"""An archive comes as a folder: its files become documents; what is hostile in it is left out or refuses it."""

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.parsing.detection import check_type
from convosphere.knowledge.parsing.errors import (
    DamagedFileError,
    EncryptedFileError,
    ParseError,
    TooComplexError,
    TooManyMembersError,
    UnsupportedTypeError,
)
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.members import contents_of
from convosphere.knowledge.parsing.process.unpacker import unpacking_apart
from convosphere.knowledge.parsing.schemas import Limits, Progress, WarningCode
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.queries import processing
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service import documents
from convosphere.knowledge.service.unpacking import unpack
from convosphere.knowledge.service.uploads import upload
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work, chunks


def archive(parts: dict[str, bytes], *, link: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            made.writestr(entry, "/etc/passwd")
    return target.getvalue()


PARTS = {
    "plan.md": b"# Plan\n\nRoses in May.",
    "deep/er/list.csv": b"Name,Town\nEva,Ulm\n",
    "../../escape.txt": b"It stays within.",
    "tool.exe": b"MZ",
    "nothing.txt": b"",
    "inner.zip": b"PK",
    "__MACOSX/plan.md": b"x",
    ".hidden.txt": b"x",
}


async def names_and_folders(actor: Actor) -> set[tuple[str, str]]:
    async with unit_of_work(actor) as uow:
        rows = await uow.session.execute(
            text(
                "SELECT d.name, coalesce((SELECT string_agg(f.name, '/' ORDER BY array_position(d.folder_ids, f.id))"
                " FROM document_folder f WHERE f.id = ANY(d.folder_ids)), '') FROM document d"
            )
        )
        return {(row[0], row[1]) for row in rows}


async def test_files_of_an_archive_become_documents(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.ada, "Garden.zip", archive(PARTS, link="link.txt"), is_shared=True)
    await work()
    await work()  # What has come out of it.

    detail = await documents.get_document(people.ada, uploaded.id)
    assert detail.row.status == "ready"
    told = " ".join(map(str, detail.warnings))
    assert all(f"“{name}”" in told for name in ("link.txt", "inner.zip", "/tool.exe", "/nothing.txt"))
    expected = {
        ("Garden.zip", ""),
        ("plan.md", "Garden"),
        ("list.csv", "Garden/deep/er"),
        ("escape.txt", "Garden"),
    }
    assert await names_and_folders(people.ada) == expected
    counts = await documents.count_documents(people.bob)
    assert (counts.total, counts.ready) == (4, 4)


async def nobody(_progress: Progress) -> None:
    """Listens to no progress."""


async def test_an_archive_whose_worker_was_killed_brings_nothing_twice(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "Garden.zip", archive({"a.md": b"One.", "b/c.md": b"Two."}))
    version_id = (await documents.get_document(people.bob, uploaded.id)).version_id
    async with unit_of_work(system_actor(people.bob.workspace_id)) as uow:  # pyright: ignore[reportArgumentType]
        run = await processing.claim(uow, uploaded.id, version_id)
    assert run
    await unpack(run, nobody)
    async with unit_of_work(people.bob) as uow:  # It was killed before its last step.
        await uow.session.execute(text("UPDATE document SET run_until = now() - interval '1 second'"))
    await work()

    expected = {("Garden.zip", ""), ("a.md", "Garden"), ("c.md", "Garden/b")}
    assert await names_and_folders(people.bob) == expected
    assert (await documents.count_documents(people.bob)).total == 3
    assert (await documents.get_document(people.bob, uploaded.id)).row.status == "ready"


async def test_an_archive_is_no_file_of_a_message(people: People, add: Upload) -> None:
    data = archive({"a.md": b"One."})
    with pytest.raises(UnsupportedTypeError):
        await upload(
            people.bob, chunks(data), size=len(data), name="a.zip", folder_path="", is_shared=False, is_attached=True
        )


def locked() -> bytes:
    data = bytearray(archive({"a.md": b"One."}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Ten entries that share the bytes of one."""
    data = archive({"a.bin": bytes(range(256)) * 40})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    head, entry, tail = data[:start], data[start:end], bytearray(data[end:])
    tail[8:12] = (10).to_bytes(2, "little") * 2
    tail[12:16] = (10 * len(entry)).to_bytes(4, "little")
    return head + entry * 10 + bytes(tail)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (archive({f"{n}.txt": b"" for n in range(120)}), TooManyMembersError),
        (archive({"a.txt": bytes(20_000_000)}), TooComplexError),
        (overlapping(), TooComplexError),
        (locked(), EncryptedFileError),
        (archive({"a.txt": b"One."})[:-30], DamagedFileError),
        (archive({"word/document.xml": b"<a/>"}), UnsupportedTypeError),
    ],
    ids=["many", "bomb", "overlap", "locked", "cut off", "belied"],
)
def test_hostile_archives_are_refused_whole(tmp_path: Path, data: bytes, error: type[ParseError]) -> None:
    (tmp_path / "stored").write_bytes(data)
    with pytest.raises(error):
        contents_of(tmp_path / "stored", Limits(parts=100))


def crowded(count: int, comment: int = 0) -> bytes:
    """So many empty files, each with a comment of some bytes, in an archive that says it holds three.

    Written by hand, since `zipfile` takes seconds for them.
    """
    files, directory = bytearray(), bytearray()
    for number in range(count):
        name, at = b"%06d.txt" % number, len(files)
        files += struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, comment, 0, 0, 0, at
        )
        directory += name + bytes(comment)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3, 3, len(directory), len(files), 0)
    return bytes(files + directory + end)


@pytest.mark.parametrize(("count", "comment"), [(100_000, 0), (300, 60_000)], ids=["many", "wordy"])
@pytest.mark.parametrize(
    ("kind", "error"), [(DocumentType.ZIP, TooManyMembersError), (DocumentType.DOCX, TooComplexError)]
)
def test_what_an_archive_lists_is_bounded_before_it_is_read(
    tmp_path: Path, count: int, comment: int, kind: DocumentType, error: type[ParseError]
) -> None:
    (tmp_path / "stored").write_bytes(crowded(count, comment))
    tracemalloc.start()
    try:
        with pytest.raises(error):
            check_type(Source(tmp_path / "stored"), kind)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 10_000_000


async def test_an_archive_of_a_hundred_thousand_files_is_refused_in_words(
    people: People, add: Upload, work: Work
) -> None:
    uploaded = await add(people.ada, "Crowd.zip", crowded(100_000))
    await work()

    detail = await documents.get_document(people.ada, uploaded.id)
    assert (detail.row.status, str(detail.row.error)) == (
        "failed",
        "The archive holds more than 10000 files. Please divide it.",
    )
    assert (await documents.count_documents(people.ada)).total == 1


def damaged_by_lzma() -> bytes:
    """Its file is packed by LZMA, of which the properties are damaged."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("a.md", b"One. " * 200, zipfile.ZIP_LZMA)
        made.writestr("b.md", b"Two.")
    data = bytearray(packed.getvalue())
    data[data.index(b"a.md") + 8] ^= 0xFF
    return bytes(data)


def damaged_by_place() -> bytes:
    """Its file is said to begin where the archive ends."""
    data = bytearray(archive({"a.md": b"One.", "b.md": b"Two."}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 42 : entry + 46] = (len(data) - 10).to_bytes(4, "little")
    return bytes(data)


def exploding() -> bytes:
    """Its file unpacks to far more at once than it says, and than may be in memory."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("a.md", bytes(100_000_000), zipfile.ZIP_BZIP2)
        made.writestr("b.md", b"Two.")
    data = bytearray(packed.getvalue())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (1_000).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize("make", [damaged_by_lzma, damaged_by_place, exploding])
async def test_a_hostile_file_harms_no_other(
    people: People, add: Upload, work: Work, make: Callable[[], bytes]
) -> None:
    data = make()
    uploaded = await add(people.ada, "Garden.zip", data)
    tracemalloc.start()
    try:
        await work()
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 50_000_000
    detail = await documents.get_document(people.ada, uploaded.id)
    assert detail.row.status == "ready"
    assert ["“/a.md” was left out" in str(warning) for warning in detail.warnings] == [True]
    assert await names_and_folders(people.ada) == {("Garden.zip", ""), ("b.md", "Garden")}


async def test_a_file_that_is_not_taken_whole_does_not_disturb_the_next(tmp_path: Path) -> None:
    (tmp_path / "stored").write_bytes(archive({"a.bin": bytes(2_000_000), "b.md": b"Two."}))
    async with unpacking_apart(Limits()) as unpacker:
        first, second = (await unpacker.contents(tmp_path / "stored")).members
        begun = await anext(unpacker.pieces(first))
        whole = [piece async for piece in unpacker.pieces(second)]

    assert 0 < len(begun) < 2_000_000
    assert whole == [b"Two."]


def test_archives_within_archives_are_not_opened(tmp_path: Path) -> None:
    data = b"One."
    for depth in range(10):
        data = archive({f"{depth}.zip" if depth else "a.md": data})
    (tmp_path / "stored").write_bytes(data)
    contents = contents_of(tmp_path / "stored", Limits())

    assert contents.members == ()
    assert [told.code for told in contents.warnings] == [WarningCode.ARCHIVE_LEFT_OUT]


async def test_a_newer_archive_renews_what_came_out_of_it(people: People, add: Upload, work: Work) -> None:
    first = await add(people.bob, "plans.zip", archive({"a.md": b"# A\n\nOld words.\n", "b.md": b"# B\n\nThe same.\n"}))
    for _ in range(2):
        await work()
    again = await add(people.bob, "plans.zip", archive({"a.md": b"# A\n\nNew words.\n", "b.md": b"# B\n\nThe same.\n"}))
    assert (again.id, again.version) == (first.id, 2)
    for _ in range(2):
        await work()
    page = await documents.list_documents(people.bob, DocumentQuery())
    numbers = {row.name: (await documents.get_document(people.bob, row.id)).version_number for row in page.rows}
    assert numbers == {"plans.zip": 2, "a.md": 2, "b.md": 1}
