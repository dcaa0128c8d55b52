"""What a picture shows, by the model that the workspace chose to look at pictures; by nobody, if it chose none."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from convosphere.core.late_modules import LateModule
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.booking import payer_of
from convosphere.knowledge.ledger.schemas import Work
from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.cleaning import clean
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.errors import NoTextError, ParseError, RecognitionMissingError
from convosphere.knowledge.parsing.layout import joined as join
from convosphere.knowledge.parsing.layout import moved
from convosphere.knowledge.parsing.schemas import Limits, ParsedDocument, ParsedPassage, ParseWarning, WarningCode
from convosphere.knowledge.previews.apart import make
from convosphere.knowledge.previews.errors import PreviewRefusedError
from convosphere.knowledge.previews.schemas import LONGEST_SIDE
from convosphere.knowledge.recordings.errors import ModelPausedError
from convosphere.llm.booking import planned_price, record_of
from convosphere.llm.errors import ProviderError
from convosphere.llm.images import ImagePart, tokens_of
from convosphere.llm.opening import open_gateway
from convosphere.llm.pictures import MOST_TOKENS, Describer, instructions
from convosphere.llm.queries.offers import is_chosen
from convosphere.llm.schemas import Completion
from convosphere.llm.tokens import estimate_tokens
from convosphere.usage.errors import BudgetUsedUpError
from convosphere.usage.schemas import CallRecord, PlannedCall
from convosphere.usage.service.calls import book_call
from convosphere.usage.service.reserving import reserved

if TYPE_CHECKING:
    from convosphere.knowledge.parsing import documents
else:  # It brings the model that tells languages apart, which few workers need.
    documents = LateModule("convosphere.knowledge.parsing.documents")

_PICTURE_TYPE: Final = "image/jpeg"
_MOST_IMAGE_TOKENS: Final = tokens_of(LONGEST_SIDE, LONGEST_SIDE)

log = structlog.get_logger()


async def read_picture(work: Work, recognising: Awaitable[ParsedDocument], *, is_last_attempt: bool) -> ParsedDocument:
    """The text in a picture and, behind it, what the chosen model says that it shows.

    Where there is text, a model that fails for good, or a budget that is used up, costs only the description.

    Raises:
        ParseError: the file is damaged, or there is no text and nobody to describe it.
        ModelPausedError: the model does not answer now, and this is not the last attempt.
        ProviderError, BudgetUsedUpError: there is no text, and the model will not, or may not be asked.
    """
    recognised, nothing = await _recognise(recognising)
    describer = await _find_describer(work)
    if describer is None:
        if recognised is None:
            raise nothing or NoTextError(picture="yes")
        return recognised
    try:
        described = await _describe(work, describer)
    except (ProviderError, BudgetUsedUpError) as error:
        if isinstance(error, ProviderError) and error.retryable and not is_last_attempt:
            raise ModelPausedError(error) from error
        if recognised is None:
            raise
        log.warning("picture_not_described", document=str(work.document_id), code=error.code)
        warning = ParseWarning(WarningCode.PICTURE_NOT_DESCRIBED, part=describer.model.name)
        return replace(recognised, warnings=(*recognised.warnings, warning))
    return described if recognised is None else joined(recognised, described)


def joined(first: ParsedDocument, second: ParsedDocument) -> ParsedDocument:
    """One document of both, the second one's text behind an empty line."""
    offset, count = len(first.text) + 2, len(first.passages)
    passages = [
        ParsedPassage(
            each.number + count, each.text, each.start + offset, each.end + offset, None, each.heading, each.language
        )
        for each in second.passages
    ]
    return replace(
        first,
        text=f"{first.text}\n\n{second.text}",
        passages=(*first.passages, *passages),
        warnings=(*first.warnings, *second.warnings),
        described_from=offset,
        layout=join(first.layout, moved(second.layout, offset)) if first.layout and second.layout else None,
    )


async def _recognise(recognising: Awaitable[ParsedDocument]) -> tuple[ParsedDocument | None, ParseError | None]:
    """The text in a picture, or why there is none; whatever else is wrong is raised."""
    try:
        return await recognising, None
    except (NoTextError, RecognitionMissingError) as nothing:
        return None, nothing


async def _find_describer(work: Work) -> Describer | None:
    """The model that was chosen. Workers connect to none before one is."""
    actor = system_actor(work.workspace_id)
    async with unit_of_work(actor) as uow:
        is_wanted = await is_chosen(uow, "describing")
    return await (await open_gateway()).describer(actor) if is_wanted else None


async def _describe(work: Work, describer: Describer) -> ParsedDocument:
    payer = await payer_of(work)
    completion = await _ask(payer, describer, await _image_of(work))
    paragraphs = [each.strip() for each in clean(completion.text).split("\n") if each.strip()]
    warning = ParseWarning(WarningCode.PICTURE_DESCRIBED, part=describer.model.name)
    blocks = [Block(BlockKind.PARAGRAPH, each) for each in paragraphs]
    draft = Draft(blocks, warnings=[warning], is_named_by_file=True)
    document = await asyncio.to_thread(documents.finish, draft, work.file_name, Limits())
    return replace(document, described_from=0)


async def _image_of(work: Work) -> ImagePart:
    """The picture made anew where no foreign file can do harm: nothing else of it goes to a provider."""
    path = files.path_of(work.workspace_id, work.sha256)
    try:
        data = await make("images", type_by_name(work.file_name), path)
    except PreviewRefusedError:
        raise NoTextError(picture="yes") from None
    return ImagePart(work.file_name, _PICTURE_TYPE, data, _MOST_IMAGE_TOKENS)


async def _ask(payer: Actor, describer: Describer, image: ImagePart) -> Completion:
    """A description, paid by whoever brought the picture."""
    started, model = time.monotonic(), describer.model
    prompt_tokens = image.tokens + estimate_tokens(instructions(payer.locale))
    plan = PlannedCall(prompt_tokens, MOST_TOKENS, least_output=MOST_TOKENS, price=planned_price(model.price))
    try:
        async with reserved(payer, plan) as reservation_id:
            completion = await describer.describe(image, payer.locale)
            async with unit_of_work(payer) as uow:
                book_call(uow, record_of("describing", completion, _since(started)), reservation_id=reservation_id)
    except ProviderError as error:
        call = CallRecord("describing", model.id, "failed", _since(started), provider=model.provider,
                          error_code=error.code)  # fmt: skip
        async with unit_of_work(payer) as uow:
            book_call(uow, call)
        raise
    return completion


def _since(started: float) -> int:
    return round(1_000 * (time.monotonic() - started))
