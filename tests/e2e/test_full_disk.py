"""No room left where the database, the files and the log are: refused in words, nothing half stored, and on again as
soon as there is room."""

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import LiteralString, cast
from uuid import UUID

import httpx
import psycopg
import pytest

from convosphere.core.permissions import Actor
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.launch.postgres import addresses_of
from tests.e2e.attackers import client, database, fingerprint, handler_name
from tests.e2e.conftest import Product, start_product
from tests.e2e.raw_tab import ROOT_STATE, Opener, RawTab, raw_tabs, toasts
from tests.fixtures.documents import plant_many
from tests.fixtures.waiting import wait_until
from tests.provider.fixtures import start_provider

SEND = f"{ROOT_STATE}.convosphere___chat___state___conversation_state____conversation_state.send"
NO_SPACE = "The server has no space left, so nothing was saved. Please tell an administrator."
OWNER = {"workspace": "W", "name": "Ada", "email": "ada@example.org", "password": "correct horse battery"}
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of 300 MB."""
    place = tmp_path_factory.mktemp("disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("no right to mount a small disk here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture(scope="module")
def small(small_disk: Path) -> Iterator[Product]:
    """An installation on it, log included."""
    with start_provider() as provider, start_product(small_disk, provider) as running:
        yield running
        (small_disk / "ballast").unlink(missing_ok=True)
        wait_for_health(running)


@pytest.fixture(scope="module")
def cookie(small: Product) -> str:
    """The owner's cookie."""
    token = small.set_up_link.partition("token=")[2]
    with client(small) as browser:
        answer = browser.post("/auth/set-up", json={**OWNER, "token": token})
    assert answer.status_code == 200, answer.text
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.fixture
def tabs(small: Product) -> Iterator[Opener]:
    with raw_tabs(small.url) as opener:
        yield opener


def fill(disk: Path) -> Path:
    """Take all the room that there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (MEGABYTE, 4096, 1):
            with pytest.raises(OSError, match="No space left"):
                write_for_ever(file, b"\xff" * size)
    return ballast


def write_for_ever(file: FileIO, content: bytes) -> None:
    while True:
        file.write(content)


def wait_for_health(product: Product, status: int = 200, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if httpx.get(f"{product.url}/health", timeout=10).status_code == status:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, (product.data / "product.log").read_text()[-5000:]
        time.sleep(0.2)


def ask(tab: RawTab, text: str) -> str:
    """Ask in a new conversation; gives its id, if it comes to be."""
    key = str(uuid.uuid4())
    tab.send(SEND, text=text, key=key, conversation_id="")
    return key


def ask_much(tab: RawTab) -> list[str]:
    """Ask what no page has room for; gives what is said to it."""
    tab.settle()
    ask(tab, "[[text=short]] " + "".join(uuid.uuid4().hex for _ in range(800)))
    said = toasts(tab.settle())
    tab.close()
    return said


def stored(product: Product) -> dict[str, object]:
    """All that people gave and got."""
    tables = ("account", "conversation", "message", "document", "document_version", "stored_file", "file_reference")
    rows = {table: database(product, f"SELECT t::text FROM {table} AS t ORDER BY 1") for table in tables}
    return {**rows, "files": sorted(path.name for path in (product.data / "files").glob("*/??/*"))}


def documents_of(product: Product) -> dict[str, object]:
    """What there is of documents; answers of earlier tests may still grow."""
    everything = stored(product)
    return {
        name: everything[name] for name in ("document", "document_version", "stored_file", "file_reference", "files")
    }


def upload(product: Product, cookie: str, content: bytes, name: str = "notes.md") -> httpx.Response:
    headers = {"x-requested-with": "convosphere", "x-file-name": name, "x-share": "me"}
    with client(product, cookie) as browser:
        return browser.post("/api/files", content=content, headers=headers)


def test_what_finds_no_room_is_refused_whole_and_reading_goes_on(
    small: Product, small_disk: Path, cookie: str, tabs: Opener
) -> None:
    tab = tabs(cookie)
    first = ask(tab, "[[text=the-first-answer]] Hello")
    tab.wait_for('"status": "done"')
    content = b"# Notes\n\nBefore the disk was full.\n"
    document = upload(small, cookie, content).json()["id"]
    wait_until(lambda: not database(small, "SELECT id FROM document WHERE status <> 'ready'"), "the documents")
    database(small, "CHECKPOINT")
    database(small, "SELECT pg_switch_wal()")  # A fresh segment of 16 MB, so that only tables lack room.
    before = stored(small)
    ballast = fill(small_disk)
    try:
        refused = upload(small, cookie, b"x" * MEGABYTE)
        assert (refused.status_code, refused.json()["code"]) in {(507, "storage_full"), (507, "no_space")}
        assert any(NO_SPACE in ask_much(tabs(cookie)) for _ in range(20))  # A few find room in pages that are there.
        reading = tabs(cookie, path=f"/chat/{first}")
        reading.wait_for("the-first-answer")
        with client(small, cookie) as browser:
            assert browser.get(f"/api/documents/{document}/file").content == content
            assert browser.get("/health").status_code == 200
        assert list(small.data.glob("files/*/incoming/*")) == []
    finally:
        ballast.unlink()
    again = tabs(cookie)
    again.settle()
    ask(again, "[[text=the-last-answer]] Hello again")
    again.wait_for("the-last-answer")
    again.wait_for('"status": "done"')
    assert upload(small, cookie, b"# Later\n\nThere is room.\n", "later.md").status_code == 201
    after = stored(small)
    for name, rows in before.items():
        assert set(rows) <= set(after[name]), name  # pyright: ignore[reportArgumentType, reportCallIssue]
    assert len(after["files"]) == len(after["stored_file"]) == len(before["files"]) + 1  # pyright: ignore[reportArgumentType]
    read_all(small)


def test_a_database_that_cannot_go_on_comes_back_when_there_is_room(
    small: Product, small_disk: Path, cookie: str, tabs: Opener
) -> None:
    before = stored(small)
    ballast = fill(small_disk)
    try:
        # Without room for its journal the server cannot but stop, and cannot start either.
        with pytest.raises(psycopg.OperationalError):
            use_up_journal(small)
        wait_for_health(small, 503)
        with client(small, cookie) as browser:
            answer = browser.get("/api/documents/x/file")
        assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
        assert small.process.poll() is None
    finally:
        ballast.unlink()
    wait_for_health(small)
    assert set(before) == set(stored(small))
    read_all(small)
    tab = tabs(cookie)
    ask(tab, "[[text=all-is-well]] And now?")
    tab.wait_for("all-is-well")


def test_much_work_goes_on_where_a_full_disk_and_a_killed_server_stopped_it(
    small: Product, small_disk: Path, cookie: str, tabs: Opener
) -> None:
    """Of a thousand documents that are deleted for good each goes once, with its file; nothing else goes."""
    before, url = documents_of(small), addresses_of(small.data).superuser_url
    ((workspace_id, owner_id),) = database(small, "SELECT workspace_id, account_id FROM membership")
    owner = Actor(cast("UUID", owner_id), cast("UUID", workspace_id), frozenset())
    ids = plant_many(url, small.data, owner, 1_000, is_trashed=True)
    with holding(url, ids[600]) as later:
        with holding(url, ids[400]):
            tab = tabs(cookie, path="/knowledge/trash")
            tab.send(handler_name(BulkState.ask_in_trash), act="delete", document_ids=[str(each) for each in ids])
            tab.send(handler_name(BulkState.begin), form={})
            wait_until(lambda: job_is(later, "done = 250"), "the first batch")
            database(small, "CHECKPOINT")
            database(small, "SELECT pg_switch_wal()")
            ballast = fill(small_disk)
        try:
            wait_until(lambda: job_is(later, "error->>'text' LIKE '%no space left%'"), "word of the full disk")
        finally:
            ballast.unlink()
        wait_until(lambda: job_is(later, "done = 500"), "the second batch")
        server = int((small.data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(server, signal.SIGKILL)
    wait_for_health(small)
    # A worker that is gone is missed after a while, and work that failed before pauses longer each time.
    wait_until(lambda: database(small, "SELECT 1 FROM bulk_job WHERE state <> 'running'"), "the end of the work", 240)
    assert database(small, "SELECT state, done, failed, error FROM bulk_job") == [("done", 1_000, 0, None)]
    said = "SELECT object_id FROM audit_entry WHERE action = 'document:delete' ORDER BY 1"
    assert [each for (each,) in database(small, said)] == ids
    assert documents_of(small) == before
    read_all(small)


@contextmanager
def holding(url: str, document_id: UUID) -> Iterator[psycopg.Connection]:
    """Nobody can delete the document meanwhile."""
    connection = psycopg.connect(url)
    connection.execute("SELECT FROM document WHERE id = %s FOR UPDATE", [document_id])
    try:
        yield connection
    finally:
        connection.close()


def job_is(connection: psycopg.Connection, condition: LiteralString) -> bool:
    """By a connection that is there already: where the disk is full no new one comes about."""
    return bool(connection.execute(f"SELECT FROM bulk_job WHERE {condition}").rowcount)


def use_up_journal(product: Product) -> None:
    for _ in range(20):
        database(product, "SELECT pg_switch_wal()")
        database(product, "CREATE TEMPORARY TABLE t AS SELECT 1")


def read_all(product: Product) -> None:
    """Read every page, whose checksum the server compares, and build every index anew, unique ones included."""
    assert database(product, "SHOW data_checksums") == [("on",)]
    fingerprint(product)
    database(product, "REINDEX SCHEMA public")
