"""The worker as the process that it is: killed, stopped, cut off from its database."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import text

from convosphere.core.events import EventHub
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.bulk import service as bulk
from convosphere.knowledge.bulk.schemas import JobRow
from convosphere.knowledge.chunking import switching
from convosphere.knowledge.chunking.making import chunking_topic
from convosphere.knowledge.chunking.schemas import ChunkSettings
from convosphere.knowledge.schemas import DocumentDetail, DocumentFilter, DocumentMatch, UploadedDocument
from convosphere.knowledge.service import documents, removal
from convosphere.knowledge.service.announcements import document_topic
from convosphere.knowledge.sources import drafts
from convosphere.knowledge.sources.schemas import SourceDraft
from convosphere.knowledge.sources.service import list_runs, sources_topic
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.documents import plant_many
from tests.fixtures.people import People
from tests.fixtures.waiting import PATIENCE
from tests.fixtures.website import html, serve_website
from tests.integration.knowledge.conftest import Upload
from tests.integration.knowledge.test_bulk import trail
from tests.integration.knowledge.test_chunking import shadow
from tests.integration.knowledge.test_embedding_model import offer, served, serving
from tests.provider.fixtures import RunningProvider, provider

__all__ = ["provider"]

ROOT = Path(__file__).resolve().parents[3]
TEXT = b"# Holidays\n\nEverybody has thirty days of holiday a year.\n"
# Takes about a second to read, which is time enough to be killed in.
LONG = "\n\n".join(f"Sentence {n} of a long report about the growth of forests." for n in range(8_000)).encode()


StartWorker = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(addresses: DatabaseAddresses) -> Iterator[StartWorker]:
    """Starts a worker process on the test's database."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": addresses.app_url,
            "CONVOSPHERE_DATA": str(get_settings().data),
            "DRAIN_SECONDS": "20",
        }
        started.append(subprocess.Popen([sys.executable, "-m", "convosphere", "worker"], cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


async def wait_for(
    addresses: DatabaseAddresses, actor: Actor, uploaded: UploadedDocument, condition: Callable[[DocumentDetail], bool]
) -> DocumentDetail:
    """The document as soon as it is as wanted."""
    async with (
        asyncio.timeout(PATIENCE),
        EventHub(addresses.app_url).running() as hub,
        hub.subscribe(document_topic(uploaded.id)) as notices,
    ):
        while not condition(detail := await documents.get_document(actor, uploaded.id)):
            await notices.get()
    return detail


def is_done(detail: DocumentDetail) -> bool:
    return detail.row.status in {"ready", "failed"}


async def count_passages(actor: Actor) -> tuple[int, int]:
    async with unit_of_work(actor) as uow:
        rows = await uow.session.scalar(text("SELECT count(*) FROM passage"))
        counted = await uow.session.scalar(text("SELECT sum(passage_count) FROM passage_set"))
    return int(rows or 0), int(counted or 0)


def pretend_time_has_passed(addresses: DatabaseAddresses) -> None:
    """The dead worker's silence and its lease are over, without waiting for them."""
    with psycopg.connect(addresses.superuser_url) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        connection.execute("UPDATE document SET run_until = now() - interval '1 hour'")


@pytest_asyncio.fixture
async def models(
    people: People, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[RunningProvider]:
    """The provider, with models for vectors that the workspace can choose."""
    async with serving(provider, monkeypatch):
        await offer(people.ada, provider)
        yield provider


@contextmanager
def storing_held(addresses: DatabaseAddresses) -> Iterator[None]:
    """Nobody can store a passage meanwhile, so that a worker comes no further than that."""
    with psycopg.connect(addresses.superuser_url) as connection:
        connection.execute("LOCK TABLE passage IN SHARE MODE")
        yield
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )


async def test_a_worker_killed_in_the_middle_leaves_one_set_of_passages(
    people: People, add: Upload, addresses: DatabaseAddresses, start_worker: StartWorker
) -> None:
    uploaded = await add(people.bob, "report.md", LONG)
    with storing_held(addresses):
        worker = start_worker()
        await until_claimed(people.bob)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert (await documents.get_document(people.bob, uploaded.id)).row.status != "ready"
        assert await count_passages(people.bob) == (0, 0)
    pretend_time_has_passed(addresses)
    start_worker()
    detail = await wait_for(addresses, people.bob, uploaded, is_done)
    assert detail.row.status == "ready"
    assert await count_passages(people.bob) == (detail.passages, detail.passages)
    await removal.delete_documents(people.bob, [uploaded.id])
    assert await count_passages(people.bob) == (0, 0)


async def test_a_worker_survives_the_loss_of_its_connections(
    people: People, add: Upload, addresses: DatabaseAddresses, start_worker: StartWorker
) -> None:
    first = await add(people.bob, "first.md", TEXT)
    worker = start_worker()
    await wait_for(addresses, people.bob, first, is_done)
    with psycopg.connect(addresses.superuser_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    second = await add(people.bob, "second.md", TEXT)
    detail = await wait_for(addresses, people.bob, second, is_done)
    assert detail.row.status == "ready"
    assert worker.poll() is None


async def test_a_stopped_worker_finishes_what_it_does(
    people: People, add: Upload, addresses: DatabaseAddresses, start_worker: StartWorker
) -> None:
    uploaded = await add(people.bob, "report.md", LONG)
    worker = start_worker()
    await until_claimed(people.bob)
    worker.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(worker.wait, PATIENCE) == 0
    assert (await documents.get_document(people.bob, uploaded.id)).row.status == "ready"


async def test_a_second_signal_ends_a_worker_at_once(
    people: People, add: Upload, addresses: DatabaseAddresses, start_worker: StartWorker
) -> None:
    uploaded = await add(people.bob, "report.md", LONG)
    with storing_held(addresses):
        worker = start_worker()
        await until_claimed(people.bob)
        worker.send_signal(signal.SIGTERM)
        worker.send_signal(signal.SIGINT)  # Two of one kind may come as one.
        assert await asyncio.to_thread(worker.wait, PATIENCE) == 1
    pretend_time_has_passed(addresses)
    start_worker()
    assert (await wait_for(addresses, people.bob, uploaded, is_done)).row.status == "ready"


async def until_claimed(actor: Actor) -> None:
    """Return once a worker has begun with a document, which is not announced."""
    claimed = 0
    async with asyncio.timeout(PATIENCE):
        while not claimed:
            await asyncio.sleep(0.02)
            async with unit_of_work(actor) as uow:
                statement = text("SELECT count(*) FROM document WHERE run_id IS NOT NULL")
                claimed = await uow.session.scalar(statement) or 0


async def test_a_worker_killed_while_it_deletes_a_thousand_documents_deletes_each_once(
    people: People, addresses: DatabaseAddresses, start_worker: StartWorker
) -> None:
    bob, data = people.bob, get_settings().data
    ids = plant_many(addresses.superuser_url, data, bob, 1_000, is_trashed=True)
    job_id = await bulk.start(bob, "delete", DocumentMatch(DocumentFilter(is_trashed=True), ids[-1]), {})
    with psycopg.connect(addresses.superuser_url) as held:
        held.execute("SELECT FROM document WHERE id = %s FOR UPDATE", [ids[600]])
        worker = start_worker()
        await until_job(addresses, bob, lambda job: job.done == 500)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    pretend_time_has_passed(addresses)
    async with unit_of_work(bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM document")) == 500, "Whole batches, and no more."
    start_worker()
    job = await until_job(addresses, bob, lambda job: job.state != "running")
    assert (job.state, job.done, job.failed, job.error) == ("done", 1_000, 0, None)
    assert job.receipt["documents"] == job.receipt["versions"] == job.receipt["bytes"] == 1_000
    assert await trail(bob, "document:delete") == dict.fromkeys(ids, 1)
    async with unit_of_work(bob) as uow:
        for table in ("document", "document_version", "stored_file", "file_reference"):
            assert await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
    assert not any(path.is_file() for path in (data / "files").rglob("*"))
    assert (await bulk.get_job(bob, job_id)).total == 1_000


async def until_job(addresses: DatabaseAddresses, actor: Actor, condition: Callable[[JobRow], bool]) -> JobRow:
    """The person's latest work on many documents as soon as it is as wanted."""
    async with (
        asyncio.timeout(PATIENCE),
        EventHub(addresses.app_url).running() as hub,
        hub.subscribe(bulk.bulk_topic(actor.account_id)) as notices,
    ):
        while not condition(job := (await bulk.list_jobs(actor, 1))[0]):
            await notices.get()
    return job


async def test_a_source_is_read_to_its_end_though_the_worker_is_killed(
    people: People, addresses: DatabaseAddresses, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_website() as site:
        monkeypatch.setenv("SOURCE_HOSTS", site.host)
        get_settings.cache_clear()
        site.pages["/"] = html("Home", "x", *(f"/{number}.html" for number in range(4)))
        site.pages |= {f"/{number}.html": html("Page", f"text {number}") for number in range(4)}
        held, free = threading.Event(), threading.Event()
        site.answer = lambda asked: (held.set(), free.wait(PATIENCE), None)[-1] if asked.path == "/2.html" else None
        options = {"url": site.address, "pages": "9", "depth": "2"}
        source_id = await drafts.save_source(people.bob, SourceDraft("site", options=options))
        await drafts.keep_source(people.bob, source_id)
        worker = start_worker()
        assert await asyncio.to_thread(held.wait, PATIENCE)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        site.answer = None
        free.set()
        pretend_time_has_passed(addresses)
        start_worker()
        async with (
            asyncio.timeout(PATIENCE),
            EventHub(addresses.app_url).running() as hub,
            hub.subscribe(sources_topic(people.bob.account_id)) as notices,
        ):
            while (run := (await list_runs(people.bob, source_id))[0]).state == "running":
                await notices.get()
    assert (run.state, run.added, run.changed, run.failed) == ("done", 5, 0, 0)
    assert (await documents.count_documents(people.bob)).total == 5


async def test_a_model_on_trial_makes_its_vectors_to_the_end_though_the_worker_is_killed(
    people: People,
    add: Upload,
    addresses: DatabaseAddresses,
    start_worker: StartWorker,
    models: RunningProvider,
) -> None:
    uploaded = await add(people.ada, "report.md", LONG[:130_000])
    worker = start_worker()
    detail = await wait_for(addresses, people.ada, uploaded, is_done)
    # The first call asks how long its vectors are; the second is answered and kept, the third never.
    assert 2 * 64 < detail.passages <= 3 * 64
    models.provider.most_vectors = 2
    await switching.start(people.ada, ChunkSettings(), "our-server/vectors-b")
    assert await asyncio.to_thread(models.wait_for, lambda: len(models.provider.records) == 3)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    half = await shadow(people.ada)
    assert (half.state, half.vectors, half.passages) == ("making", 64, detail.passages)
    models.provider.most_vectors = None
    pretend_time_has_passed(addresses)
    start_worker()
    async with (
        asyncio.timeout(PATIENCE),
        EventHub(addresses.app_url).running() as hub,
        hub.subscribe(chunking_topic(people.ada.workspace_id)) as notices,
    ):
        while (made := await shadow(people.ada)).state == "making":
            await notices.get()
    assert (made.state, made.vectors) == ("ready", detail.passages)
    assert await served(people.ada) == ["our-server/vectors-b"]
    asked = [record.body["input"] for record in models.provider.records]
    assert len(asked[1]) == 64
    assert asked.count(asked[1]) == 1, "what was stored is not made again"
    assert await count_passages(people.ada) == (2 * detail.passages, 2 * detail.passages)
