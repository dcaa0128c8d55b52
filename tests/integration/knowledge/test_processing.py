"""A run reads a document once, whatever happens to it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.errors import UnavailableError
from convosphere.core.events import EventHub
from convosphere.core.jobs import InUseError
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.models import DocumentStatus
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.parsing.schemas import Limits, ParsedDocument, ParsedPassage, Progress, ReportProgress
from convosphere.knowledge.queries import processing as queries
from convosphere.knowledge.schemas import DocumentDetail, UploadedDocument
from convosphere.knowledge.service import documents, processing, reading, removal
from convosphere.knowledge.service.announcements import document_topic
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

TEXT = b"# Holidays\n\nEverybody has thirty days of holiday a year.\n"


class ScriptedParser(Parser):
    """Reads nothing; waits for `release`, then gives back a fixed text or raises."""

    def __init__(self, failure: BaseException | None = None) -> None:
        super().__init__(Limits())
        self.failure = failure
        self.started = asyncio.Event()
        self.release = asyncio.Event()
        self.was_cancelled = False

    async def begin(self, running: asyncio.Task[None]) -> None:
        """Wait until a run reads; fail at once if it ends before."""
        starting = asyncio.create_task(self.started.wait())
        await asyncio.wait([starting, running], return_when=asyncio.FIRST_COMPLETED)
        assert self.started.is_set()

    async def parse(self, path: Path, name: str, report: ReportProgress = print) -> ParsedDocument:
        assert len(path.name) == 64
        assert name.endswith(".md")
        self.started.set()
        report(Progress(1, 4))
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        if self.failure:
            raise self.failure
        passages = tuple(ParsedPassage(n + 1, "abc", 4 * n, 4 * n + 3, n + 1, "", "en") for n in range(3))
        return ParsedDocument("Letters", "en", 3, "abc\nabc\nabc", passages)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "RENEW_SECONDS", 0.02)


@pytest.fixture
def run(people: People) -> Callable[..., asyncio.Task[None]]:
    """Starts a run of a document, as a worker would."""

    def start(uploaded: DocumentDetail, *, is_last_attempt: bool = False) -> asyncio.Task[None]:
        actor = system_actor(people.bob.workspace_id)  # pyright: ignore[reportArgumentType]
        return asyncio.create_task(
            processing.process_document(actor, uploaded.row.id, uploaded.version_id, is_last_attempt=is_last_attempt)
        )

    return start


Run = Callable[..., asyncio.Task[None]]


async def look(actor: Actor, uploaded: UploadedDocument) -> DocumentDetail:
    return await documents.get_document(actor, uploaded.id)


async def alter(actor: Actor, change: str) -> None:
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text(f"UPDATE document SET {change}"))


async def test_a_document_goes_through_to_ready(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    assert (await look(people.bob, uploaded)).row.status == "stored"
    await work()
    detail = await look(people.bob, uploaded)
    assert (detail.row.status, detail.row.error, detail.row.progress_total) == ("ready", None, 0)
    assert detail.passages == 1


async def test_a_file_that_cannot_be_read_says_why(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "broken.pdf", b"%PDF-1.7 nothing more")
    await work()
    row = (await look(people.bob, uploaded)).row
    assert row.status == "failed"
    assert row.error is not None
    assert "beschädigt" in row.error.in_locale("de") or "damaged" in str(row.error)


async def test_progress_is_told_while_a_document_is_read(
    people: People, add: Upload, run: Run, addresses: DatabaseAddresses
) -> None:
    uploaded = await look(people.bob, await add(people.bob, "holidays.md", TEXT))
    parser = ScriptedParser()
    topic = document_topic(uploaded.row.id)
    async with (
        EventHub(addresses.app_url).running() as hub,
        hub.subscribe(topic) as notices,
        processing.reading_with(parser),
    ):
        running = run(uploaded)
        row = uploaded.row
        while not row.progress_total:
            await asyncio.wait_for(notices.get(), 20)
            row = (await documents.get_document(people.bob, uploaded.row.id)).row
        assert (row.status, row.progress_done, row.progress_total) == ("stored", 1, 4)
        parser.release.set()
        await running
    assert (await documents.get_document(people.bob, uploaded.row.id)).row.status == "ready"


async def test_a_job_delivered_twice_has_one_effect(people: People, add: Upload, run: Run) -> None:
    uploaded = await look(people.bob, await add(people.bob, "holidays.md", TEXT))
    parser = ScriptedParser()
    async with processing.reading_with(parser):
        first = run(uploaded)
        await parser.begin(first)
        with pytest.raises(InUseError):
            await run(uploaded)
        parser.release.set()
        await first
        await run(uploaded)
    assert (await documents.get_document(people.bob, uploaded.row.id)).passages == 3


async def test_a_run_that_slept_too_long_writes_nothing(people: People, add: Upload, run: Run) -> None:
    uploaded = await look(people.bob, await add(people.bob, "holidays.md", TEXT))
    sleeper, successor = ScriptedParser(), ScriptedParser()
    sleeper.release.set()
    async with processing.reading_with(sleeper):
        async with unit_of_work(system_actor(people.bob.workspace_id)) as uow:  # pyright: ignore[reportArgumentType]
            stale = await queries.claim(uow, uploaded.row.id, uploaded.version_id)
        assert stale is not None
        await alter(people.bob, "run_until = now() - interval '1 second'")
        successor.release.set()
        async with processing.reading_with(successor):
            await run(uploaded)
        with pytest.raises(queries.RunLostError):
            async with unit_of_work(people.bob) as uow:
                await queries.finish(uow, stale, DocumentStatus.FAILED)
    detail = await documents.get_document(people.bob, uploaded.row.id)
    assert (detail.row.status, detail.passages) == ("ready", 3)


async def test_deleting_a_document_ends_the_run_that_reads_it(people: People, add: Upload, run: Run) -> None:
    uploaded = await look(people.bob, await add(people.bob, "holidays.md", TEXT))
    parser = ScriptedParser()
    async with processing.reading_with(parser):
        running = run(uploaded)
        await parser.begin(running)
        await removal.delete_documents(people.bob, [uploaded.row.id])
        await running
    assert parser.was_cancelled
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM passage")) == 0


async def test_a_run_for_a_document_that_is_gone_does_nothing(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    await removal.delete_documents(people.bob, [uploaded.id])
    await work()
    assert (await documents.count_documents(people.bob)).total == 0


async def test_what_is_missing_for_a_while_is_tried_again(people: People, add: Upload, run: Run) -> None:
    uploaded = await look(people.bob, await add(people.bob, "holidays.md", TEXT))
    parser = ScriptedParser(UnavailableError())
    parser.release.set()
    async with processing.reading_with(parser):
        for _ in range(5):
            with pytest.raises(UnavailableError):
                await run(uploaded)
            assert (await documents.get_document(people.bob, uploaded.row.id)).row.status == "stored"
        with pytest.raises(UnavailableError):
            await run(uploaded, is_last_attempt=True)
    row = (await documents.get_document(people.bob, uploaded.row.id)).row
    assert (row.status, str(row.error)) == ("failed", str(UnavailableError()))


async def test_a_bug_is_told_with_its_number(people: People, add: Upload, run: Run) -> None:
    uploaded = await look(people.bob, await add(people.bob, "holidays.md", TEXT))
    parser = ScriptedParser(ZeroDivisionError("secret words of a document"))
    parser.release.set()
    async with processing.reading_with(parser):
        await run(uploaded)
    row = (await documents.get_document(people.bob, uploaded.row.id)).row
    assert row.status == "failed"
    assert row.error is not None
    assert set(row.error.values) == {"id"}
    assert "secret" not in str(row.error)


async def test_a_document_that_ends_its_workers_is_left_alone_after_three(
    people: People, add: Upload, run: Run
) -> None:
    uploaded = await look(people.bob, await add(people.bob, "poison.md", TEXT))
    for _ in range(processing.MOST_INTERRUPTIONS):
        async with unit_of_work(system_actor(people.bob.workspace_id)) as uow:  # pyright: ignore[reportArgumentType]
            assert await queries.claim(uow, uploaded.row.id, uploaded.version_id)
        await alter(people.bob, "run_until = now() - interval '1 second'")  # It was killed.
    await run(uploaded)
    row = (await documents.get_document(people.bob, uploaded.row.id)).row
    assert row.status == "failed"
    assert "three times" in str(row.error)
    parser = ScriptedParser()
    parser.release.set()
    await documents.retry_document(people.bob, uploaded.row.id)
    async with processing.reading_with(parser):
        await run(uploaded)
    assert (await documents.get_document(people.bob, uploaded.row.id)).row.status == "ready"


async def test_a_run_that_is_stopped_leaves_the_document_for_the_next(people: People, add: Upload, run: Run) -> None:
    uploaded = await look(people.bob, await add(people.bob, "holidays.md", TEXT))
    parser = ScriptedParser()
    async with processing.reading_with(parser):
        for _ in range(processing.MOST_INTERRUPTIONS + 1):
            parser.started.clear()
            running = run(uploaded)
            await parser.begin(running)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
        parser.release.set()
        await run(uploaded)
    assert (await documents.get_document(people.bob, uploaded.row.id)).row.status == "ready"


async def test_the_text_of_a_version_never_changes(people: People, add: Upload, work: Work, database: Database) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    await work()
    with pytest.raises(Exception, match="immutable"):
        async with unit_of_work(people.bob) as uow:
            await uow.session.execute(text("UPDATE document_version SET text = 'other'"))
    assert "thirty" in (await reading.list_passages(people.bob, uploaded.id))[0].text
