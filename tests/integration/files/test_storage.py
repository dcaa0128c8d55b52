"""Contents on disk and their rows."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.settings import Settings, get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service, storage
from convosphere.files.errors import (
    FileTooLargeError,
    LengthRequiredError,
    QuotaExceededError,
    StorageFullError,
    UploadIncompleteError,
)
from convosphere.files.models import FileReference, FileReservation, StoredFile
from tests.fixtures.people import People

pytestmark = pytest.mark.usefixtures("database")


async def chunks(data: bytes, *, each: int = 64 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(data), each):
        yield data[start : start + each]


async def store(actor: Actor, data: bytes) -> tuple[str, object]:
    holder = new_id()
    async with service.receive(actor, chunks(data), len(data)) as incoming, unit_of_work(actor) as uow:
        await service.lock_content(uow, incoming.sha256)
        await service.keep(uow, incoming, holder)
    return incoming.sha256, holder


async def count_rows(actor: Actor) -> tuple[int, int, int]:
    async with unit_of_work(actor) as uow:
        return tuple(
            [
                await uow.session.scalar(select(func.count()).select_from(table)) or 0
                for table in (StoredFile, FileReference, FileReservation)
            ]
        )  # pyright: ignore[reportReturnType]


def files_on_disk() -> list[Path]:
    return [path for path in (get_settings().data / "files").rglob("*") if path.is_file()]


@pytest.fixture
def small_quota(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTA_MEGABYTES", "1")
    get_settings.cache_clear()


async def test_a_content_is_kept_under_its_hash_and_read_by_nobody_else(people: People) -> None:
    sha256, _ = await store(people.ada, b"hello" * 100_000)
    path = service.path_of(people.ada.workspace_id, sha256)
    assert path.parts[-3:] == (str(people.ada.workspace_id), sha256[:2], sha256)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


async def test_equal_contents_are_stored_once_and_go_with_their_last_reference(people: People) -> None:
    sha256, first = await store(people.ada, b"same")
    again, second = await store(people.bob, b"same")
    assert again == sha256
    assert await count_rows(people.ada) == (1, 2, 0)
    for holder, left in ((first, 1), (second, 0)):
        async with unit_of_work(people.ada) as uow:
            released = await service.release(uow, [holder])
        await service.remove_unneeded(people.ada, released)
        assert len(files_on_disk()) == left
    assert await count_rows(people.ada) == (0, 0, 0)


async def test_another_workspace_has_its_own_copy(people: People) -> None:
    sha256, _ = await store(people.ada, b"same")
    await store(people.zoe, b"same")
    assert len(files_on_disk()) == 2
    await service.remove_unneeded(people.zoe, {sha256})
    assert len(files_on_disk()) == 2
    assert await service.count_bytes(people.zoe) == 4


@pytest.mark.parametrize("size", [3, 7, 5_000_000])
async def test_other_than_the_declared_bytes_leave_nothing(people: People, size: int) -> None:
    with pytest.raises(UploadIncompleteError):
        async with service.receive(people.ada, chunks(b"hello"), size):
            pytest.fail("Incomplete bytes were handed on.")
    assert await count_rows(people.ada) == (0, 0, 0)
    assert files_on_disk() == []


async def test_a_sender_who_breaks_off_leaves_nothing(people: People) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 3_000_000
        raise UploadIncompleteError

    with pytest.raises(UploadIncompleteError):
        async with service.receive(people.ada, broken(), 4_000_000):
            pytest.fail("Incomplete bytes were handed on.")
    assert await count_rows(people.ada) == (0, 0, 0)
    assert files_on_disk() == []


async def test_what_is_not_kept_is_gone(people: People) -> None:
    async with service.receive(people.ada, chunks(b"hello"), 5) as incoming:
        assert incoming.path.exists()
    assert await count_rows(people.ada) == (0, 0, 0)
    assert files_on_disk() == []


async def test_size_is_checked_before_a_byte_is_read(people: People) -> None:
    async def unread() -> AsyncIterator[bytes]:
        pytest.fail("The body was read.")
        yield b""

    too_large = get_settings().upload_megabytes * service.MEGABYTE + 1
    for size, error in ((None, LengthRequiredError), (too_large, FileTooLargeError)):
        with pytest.raises(error):
            async with service.receive(people.ada, unread(), size):
                pytest.fail("It was taken.")


@pytest.mark.usefixtures("small_quota")
async def test_parallel_uploads_never_exceed_the_quota(people: People) -> None:
    size = 100_000

    async def upload(number: int) -> bool:
        try:
            await store(people.ada, bytes([number]) * size)
        except QuotaExceededError:
            return False
        return True

    stored = await asyncio.gather(*(upload(number) for number in range(20)))
    assert sum(stored) == service.MEGABYTE // size
    assert await service.count_bytes(people.ada) == sum(stored) * size
    assert len(files_on_disk()) == sum(stored)
    assert await count_rows(people.ada) == (sum(stored), sum(stored), 0)


@pytest.mark.usefixtures("small_quota")
async def test_space_is_promised_while_a_file_arrives(people: People) -> None:
    data = b"x" * 600_000
    async with service.receive(people.ada, chunks(data), len(data)):
        with pytest.raises(QuotaExceededError):
            await store(people.bob, data)
        await store(people.zoe, data)
    await store(people.bob, data)


async def test_an_upload_meets_the_deletion_of_the_same_content(people: People) -> None:
    for _ in range(10):
        sha256, holder = await store(people.ada, b"same")
        async with unit_of_work(people.ada) as uow:
            released = await service.release(uow, [holder])
        (_, newer), _ = await asyncio.gather(store(people.bob, b"same"), service.remove_unneeded(people.ada, released))
        assert service.path_of(people.ada.workspace_id, sha256).read_bytes() == b"same"
        async with unit_of_work(people.bob) as uow:
            released = await service.release(uow, [newer])
        await service.remove_unneeded(people.bob, released)
        assert files_on_disk() == []


async def test_the_sweep_finds_what_killed_processes_left(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, _ = await store(people.ada, b"needed")
    await store(people.ada, b"row and bytes without reference")
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(FileReference.__table__.delete().where(FileReference.sha256 != kept))
    stray = storage.path_of(people.ada.workspace_id, "a" * 64)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"bytes without row")
    (stray.parents[1] / "incoming" / "half").write_bytes(b"half an upload")
    assert len(files_on_disk()) == 4
    await service.sweep_all()
    assert len(files_on_disk()) == 4, "What is young may be in the making."
    monkeypatch.setattr(service, "_SWEEP_AFTER_SECONDS", -1)
    await service.sweep_all()
    assert [path.name for path in files_on_disk()] == [kept]
    assert await count_rows(people.ada) == (1, 1, 0)


async def test_nobody_sees_rows_without_a_workspace(people: People) -> None:
    await store(people.ada, b"hello")
    assert await count_rows(people.zoe) == (0, 0, 0)
    nobody = Actor(people.ada.account_id, None, people.ada.permissions)
    assert await count_rows(nobody) == (0, 0, 0)


async def test_a_full_disk_is_told_and_leaves_nothing(people: People, tiny_disk: Path) -> None:
    data = b"x" * 3_000_000
    with pytest.raises(StorageFullError):
        await store(people.ada, data)
    assert await count_rows(people.ada) == (0, 0, 0)
    assert files_on_disk() == []
    await store(people.ada, b"small")
