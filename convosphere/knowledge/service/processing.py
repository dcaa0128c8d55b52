"""Reading a document: stored → parsed → chunked → indexed → ready.

Text, passages, vectors and the last status are written by one unit of work, which also takes the version before out of
the index, so that a run that dies leaves nothing behind and the next one starts afresh. A run holds a lease; a run
whose lease another one took over can write nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from convosphere.core.errors import ConfigurationError, ExpectedError, UnavailableError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.chunking.cutting import cut_as_wanted
from convosphere.knowledge.chunking.queries import keep_layout
from convosphere.knowledge.chunking.wanted import wanted_chunking
from convosphere.knowledge.duplicates.service import note_alike
from convosphere.knowledge.duplicates.sketches import make_sketch
from convosphere.knowledge.errors import ProcessingInterruptedError
from convosphere.knowledge.ledger import queries as ledger
from convosphere.knowledge.ledger.schemas import Stage, StageEnd, StageState, Work
from convosphere.knowledge.models import DocumentStatus
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.kinds import RECORDINGS, DocumentType
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.parsing.schemas import ParsedDocument, Progress, ReportProgress
from convosphere.knowledge.pictures.service import read_picture
from convosphere.knowledge.queries import processing as queries
from convosphere.knowledge.queries.processing import RunLostError
from convosphere.knowledge.recordings.errors import ModelPausedError
from convosphere.knowledge.recordings.queries import keep_times
from convosphere.knowledge.recordings.service import transcribe
from convosphere.knowledge.rules.applying import enqueue_rules
from convosphere.knowledge.search.index import hold_sets, index_version
from convosphere.knowledge.service.announcements import announce
from convosphere.knowledge.service.telling import (
    DOCUMENT_FAILED,
    DOCUMENT_READY,
    VERSION_FAILED,
    tell_read,
    tell_renewed,
)
from convosphere.knowledge.service.unpacking import unpack
from convosphere.knowledge.service.versions import retire

MOST_INTERRUPTIONS = 3
RENEW_SECONDS = 2.0
_MANY_PASSAGES = 200
"""From here on indexing takes long enough to be shown as a stage."""

log = structlog.get_logger()

_parsers: list[Parser] = []


@asynccontextmanager
async def reading_with(parser: Parser) -> AsyncIterator[None]:
    """Let the documents of this process be read by a parser."""
    _parsers.append(parser)
    try:
        yield
    finally:
        _parsers.remove(parser)


async def process_document(actor: Actor, document_id: UUID, version_id: UUID, *, is_last_attempt: bool) -> None:
    """Make a stored document, or its next version, one that can be asked; does nothing for what is done or gone.

    Raises:
        InUseError: another run has it now.
        UnavailableError: a part that is needed does not answer, and this is not the last attempt.
    """
    async with unit_of_work(actor) as uow:
        work = await queries.claim(uow, document_id, version_id)
        if work and work.interruptions >= MOST_INTERRUPTIONS:
            await _fail(uow, work, ProcessingInterruptedError(), StageState.QUARANTINED)
            return
    if work is None:
        return
    try:
        await _run(actor, work, is_last_attempt=is_last_attempt)
    except RunLostError:
        log.info("document_run_lost", document=str(document_id), run=str(work.run_id))
    except (UnavailableError, asyncio.CancelledError) as error:
        await _give_up(actor, work, error, is_last_attempt=is_last_attempt)
        raise
    except ExpectedError as error:
        await _note_failure(actor, work, error)
    except Exception:
        incident = str(new_id())
        log.exception("document_failed", document=str(document_id), incident=incident)
        await _note_failure(actor, work, _unknown(incident))


async def _run(actor: Actor, work: Work, *, is_last_attempt: bool) -> None:
    started = time.monotonic()
    parsed = await _parse(actor, work, is_last_attempt=is_last_attempt)
    sketch = None if work.is_attached else await asyncio.to_thread(make_sketch, parsed.text)
    read = _milliseconds_since(started)
    if len(parsed.passages) > _MANY_PASSAGES:
        async with unit_of_work(actor) as uow:
            total = len(parsed.passages)
            await queries.renew(uow, work, status=DocumentStatus.CHUNKED, done=0, total=total)
            await announce(uow, work.document_id)
    async with unit_of_work(actor) as uow:
        # First, since it fails if the run lost the document, and holds the document until all is committed.
        await queries.finish(uow, work, DocumentStatus.READY)
        await queries.store_reading(uow, work, parsed)
        if parsed.spoken:
            await keep_times(uow, work.version_id, parsed.spoken)
        await keep_layout(uow, work.version_id, parsed.layout)
        started = time.monotonic()
        sets = await hold_sets(uow)
        passages = cut_as_wanted(await wanted_chunking(uow, sets, work.document_id), parsed)
        await index_version(uow, sets, work.version_id, work.document_id, passages)
        if work.replaces:
            await retire(uow, work.replaces)
        await note_alike(uow, work.document_id, work.version_id, sketch)
        attempts = work.interruptions + 1
        ends = (
            StageEnd(Stage.READ, amount=len(parsed.text), milliseconds=read, attempts=attempts),
            StageEnd(Stage.CHUNK, amount=len(passages)),  # Whoever reads a file cuts it as well.
            StageEnd(Stage.INDEX, amount=len(passages), milliseconds=_milliseconds_since(started)),
        )
        ledger.enter(uow, work.version_id, ends)
        if not work.is_attached:
            await enqueue_rules(uow, [work.document_id])
        await announce(uow, work.document_id)
        if work.replaces:
            await tell_renewed(uow, work)
        else:
            tell_read(uow, work, DOCUMENT_READY)


async def _parse(actor: Actor, work: Work, *, is_last_attempt: bool) -> ParsedDocument:
    """Read the file, saying all the while that this run lives, until it is read or the document is lost."""
    if type_by_name(work.file_name) is DocumentType.ZIP:
        return await unpack(work, lambda progress: _show(actor, work, progress))
    progress = [Progress(0, 0)]
    reading = asyncio.create_task(_read(work, progress.append, is_last_attempt=is_last_attempt))
    try:
        while not (await asyncio.wait([reading], timeout=RENEW_SECONDS))[0]:
            await _show(actor, work, progress[-1])
        return await reading
    finally:
        reading.cancel()
        await asyncio.wait([reading])


async def _read(work: Work, report: ReportProgress, *, is_last_attempt: bool) -> ParsedDocument:
    """Read the file as its kind is read."""
    kind = type_by_name(work.file_name)
    if kind in RECORDINGS:
        return await transcribe(work, report)
    parsing = current_parser().parse(files.path_of(work.workspace_id, work.sha256), work.file_name, report)
    if kind is DocumentType.IMAGE:
        return await read_picture(work, parsing, is_last_attempt=is_last_attempt)
    return await parsing


async def _show(actor: Actor, work: Work, progress: Progress) -> None:
    is_read = 0 < progress.total <= progress.done
    status = DocumentStatus.PARSED if is_read else DocumentStatus.STORED
    async with unit_of_work(actor) as uow:
        await queries.renew(uow, work, status=status, done=progress.done, total=progress.total)
        await announce(uow, work.document_id)


async def _give_up(actor: Actor, work: Work, error: BaseException, *, is_last_attempt: bool) -> None:
    """Leave the document to a later run, or, after the last, to the person."""
    if isinstance(error, ExpectedError) and is_last_attempt:
        await _note_failure(actor, work, error.failure if isinstance(error, ModelPausedError) else error)
        return
    async with unit_of_work(actor) as uow:
        await queries.give_back(uow, work)


async def _note_failure(actor: Actor, work: Work, error: ExpectedError) -> None:
    async with unit_of_work(actor) as uow:
        await _fail(uow, work, error)


async def _fail(uow: UnitOfWork, work: Work, error: ExpectedError, state: StageState = StageState.FAILED) -> None:
    """Enter it at reading, where all that is told of files goes wrong; what fails later leaves nothing of it behind."""
    log.info("document_refused", document=str(work.document_id), code=error.code)
    await queries.finish(uow, work, DocumentStatus.FAILED, {"code": error.code, **error.message.as_dict()})
    attempts = work.interruptions + (state is StageState.FAILED)
    ledger.enter(uow, work.version_id, [StageEnd(Stage.READ, state, attempts=attempts, error=error.message)])
    await announce(uow, work.document_id)
    tell_read(uow, work, VERSION_FAILED if work.replaces else DOCUMENT_FAILED)


def _milliseconds_since(started: float) -> int:
    return round(1_000 * (time.monotonic() - started))


def _unknown(incident: str) -> ExpectedError:
    return ExpectedError(
        t("Something went wrong. If it happens again, tell your administrator this number: {id}", id=incident)
    )


def current_parser() -> Parser:
    """What reads the files of this process.

    Raises:
        ConfigurationError: nothing does.
    """
    if not _parsers:
        raise ConfigurationError("No parser is open in this process.")
    return _parsers[-1]
