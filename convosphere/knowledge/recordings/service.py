"""Reading recordings: cut into pieces, each written down by the model that the workspace chose, and kept.

A piece that was written down is kept at once, so that a run that dies loses at most the piece it was at, and nobody
pays for a piece twice.
"""

import asyncio
import math
import time
from contextlib import aclosing
from typing import Final

from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.booking import payer_of
from convosphere.knowledge.ledger.schemas import Work
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.errors import EmptyFileError
from convosphere.knowledge.parsing.schemas import (
    ParsedDocument,
    ParseWarning,
    Progress,
    ReportProgress,
    WarningCode,
)
from convosphere.knowledge.recordings import queries
from convosphere.knowledge.recordings.apart import cut_apart
from convosphere.knowledge.recordings.errors import ModelPausedError, SpeechModelMissingError
from convosphere.knowledge.recordings.queries import KnownPiece
from convosphere.knowledge.recordings.schemas import MOST_SECONDS, Piece
from convosphere.knowledge.recordings.writing import Written, write_down
from convosphere.llm.errors import ProviderError
from convosphere.llm.opening import open_gateway
from convosphere.llm.queries.offers import is_chosen
from convosphere.llm.speech import Sound, Transcriber, Transcript, Utterance
from convosphere.usage.schemas import CallRecord, PlannedCall, PlannedPrice
from convosphere.usage.service.calls import book_call
from convosphere.usage.service.reserving import reserved

_SECONDS_OF_MINUTE: Final = 60
_SECONDS_OF_HOUR: Final = 3_600


async def transcribe(work: Work, report: ReportProgress) -> ParsedDocument:
    """What is said in a recording, with times; progress is in minutes.

    Whoever brought it pays, by their budgets.

    Raises:
        SpeechModelMissingError: nobody was chosen to listen.
        ParseError: the file is damaged, without sound or without a word.
        ModelPausedError: the model does not answer now.
        ProviderError, BudgetUsedUpError: it will not, or may not be asked.
    """
    path = files.path_of(work.workspace_id, work.sha256)
    if not (await asyncio.to_thread(path.stat)).st_size:
        raise EmptyFileError
    transcriber, payer = await _find_transcriber(work), await payer_of(work)
    written: list[Written] = []
    total = 0.0
    async with cut_apart(path, type_by_name(work.file_name)) as pieces, aclosing(pieces):
        async for piece in pieces:
            total = max(total, piece.total)
            report(_progress(piece))
            transcript = await _write_down(payer, work, transcriber, piece)
            written.append(Written(piece.begins, piece.seconds, transcript))
    warnings = _warnings(transcriber, written, total)
    return await asyncio.to_thread(write_down, written, work.file_name, warnings)


async def _find_transcriber(work: Work) -> Transcriber:
    """The model that was chosen. Workers connect to none before one is."""
    actor = system_actor(work.workspace_id)
    async with unit_of_work(actor) as uow:
        is_wanted = await is_chosen(uow, "speech")
    transcriber = await (await open_gateway()).transcriber(actor) if is_wanted else None
    if transcriber is None:
        raise SpeechModelMissingError
    return transcriber


async def _write_down(payer: Actor, work: Work, transcriber: Transcriber, piece: Piece) -> Transcript:
    """What is said in a piece; one that the same model heard before costs nothing."""
    sha256, model = await asyncio.to_thread(lambda: piece.sha256), transcriber.model.id
    async with unit_of_work(payer) as uow:
        known = await queries.find_piece(uow, sha256, model)
    if known is None:
        transcript = await _ask(payer, work, transcriber, piece, sha256)
    else:
        transcript = Transcript(tuple(Utterance(*each) for each in known.utterances), known.is_timed)
    return transcript


async def _ask(payer: Actor, work: Work, transcriber: Transcriber, piece: Piece, sha256: str) -> Transcript:
    started, cost = time.monotonic(), transcriber.cost_nanos(piece.seconds)
    price = None if cost is None else PlannedPrice(0, 0, transcriber.currency)
    plan = PlannedCall(prompt_tokens=0, most_output=0, least_output=0, price=price, flat_nanos=cost or 0)
    try:
        async with reserved(payer, plan) as reservation_id:
            sound = Sound(await asyncio.to_thread(piece.as_wav), piece.seconds)
            transcript = await transcriber.transcribe(sound)
            known = KnownPiece([[each.begins, each.ends, each.text] for each in transcript.utterances],
                               transcript.is_timed)  # fmt: skip
            async with unit_of_work(payer) as uow:
                await queries.keep_piece(uow, work.version_id, sha256, transcriber.model.id, known)
                book_call(uow, _record(transcriber, "done", started, cost), reservation_id=reservation_id)
    except ProviderError as error:
        async with unit_of_work(payer) as uow:
            book_call(uow, _record(transcriber, "failed", started, None, error.code))
        raise ModelPausedError(error) if error.retryable else error from error
    return transcript


def _record(
    transcriber: Transcriber, status: str, started: float, cost_nanos: int | None, error_code: str = ""
) -> CallRecord:
    model = transcriber.model
    return CallRecord(
        purpose="speech", model=model.id, provider=model.provider, status=status,
        total_ms=round(1_000 * (time.monotonic() - started)), cost_nanos=cost_nanos,
        currency=transcriber.currency, error_code=error_code,
    )  # fmt: skip


def _progress(piece: Piece) -> Progress:
    total = math.ceil(min(piece.total, MOST_SECONDS) / _SECONDS_OF_MINUTE)
    return Progress(min(int(piece.begins / _SECONDS_OF_MINUTE), total - 1), total)


def _warnings(transcriber: Transcriber, written: list[Written], total: float) -> list[ParseWarning]:
    warnings = [ParseWarning(WarningCode.SPEECH_WRITTEN, part=transcriber.model.name)]
    if any(not each.transcript.is_timed and each.transcript.utterances for each in written):
        warnings.append(ParseWarning(WarningCode.TIMES_GUESSED))
    if total > MOST_SECONDS:
        warnings.append(ParseWarning(WarningCode.RECORDING_CUT, MOST_SECONDS // _SECONDS_OF_HOUR))
    return warnings
