"""Makes the passages of all documents anew beside those that are searched, which go on to be searched meanwhile.

Some documents at a time are cut and stored; then the whole set gets its vectors. A run that is cut off leaves its
documents, and the next one goes on from there. What is read or deleted meanwhile is out of the set at once, and comes
back by the next look for what the set lacks.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlmodel import col

from convosphere.core.errors import ExpectedError, UnavailableError
from convosphere.core.i18n import Message
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.chunking import queries
from convosphere.knowledge.chunking.cutting import cut_anew
from convosphere.knowledge.chunking.queries import StoredPassage, StoredText
from convosphere.knowledge.chunking.schemas import as_settings
from convosphere.knowledge.chunking.wanted import chunking_by, find_rules
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.errors import ParseError
from convosphere.knowledge.parsing.kinds import RECORDINGS, DocumentType
from convosphere.knowledge.parsing.schemas import Chunking, Layout
from convosphere.knowledge.search.filling import embed_passages
from convosphere.knowledge.search.index import hold_sets, put_passages
from convosphere.knowledge.search.models import PassageSet, SetState
from convosphere.knowledge.search.schemas import IndexablePassage
from convosphere.knowledge.service.processing import current_parser

_AT_ONCE: Final = 8
_OF_THEIR_OWN: Final = RECORDINGS | {DocumentType.ZIP, DocumentType.IMAGE}
"""Kinds whose files are not read again for a layout: it takes a model's work, or there is none."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Batch:
    """Texts that a set lacks, how to cut them, and their passages in the current one.

    These it gets as they are if it `stays` with the way of cutting, and only another model is tried.
    """

    texts: list[StoredText]
    chunkings: dict[UUID, Chunking]
    passages: dict[UUID, list[StoredPassage]]
    stays: bool


def chunking_topic(workspace_id: UUID) -> str:
    """The topic of how a workspace's texts are cut."""
    return f"chunking:{workspace_id}"


async def make(actor: Actor, set_id: UUID) -> None:
    """Complete a set that is being made; nothing if somebody dropped it, or it is complete.

    Raises:
        UnavailableError: a part that is needed does not answer; trying later can help.
    """
    try:
        if not await _cut_all(actor, set_id):
            return
        await embed_passages(actor, set_id)
    except UnavailableError as error:
        await _note(actor, set_id, SetState.MAKING, error.message)
        raise
    except ExpectedError as error:
        log.info("passages_not_made", passage_set=str(set_id), code=error.code)
        await _note(actor, set_id, SetState.FAILED, error.message)
        return
    await _note(actor, set_id, SetState.READY, None)


async def read_batch(uow: UnitOfWork, current: PassageSet, shadow: PassageSet, version_ids: Sequence[UUID]) -> Batch:
    """What is to be cut of some versions."""
    texts = await queries.list_texts(uow, version_ids)
    passages = await queries.list_passages(uow, current.id, version_ids)
    settings = as_settings(shadow.settings)
    rules = await find_rules(uow, settings, [stored.document_id for stored in texts])
    chunkings = {stored.id: chunking_by(settings, rules.get(stored.document_id)) for stored in texts}
    return Batch(texts, chunkings, passages, stays=as_settings(current.settings) == settings)


def cut_batch(batch: Batch, layouts: dict[UUID, Layout]) -> dict[UUID, Sequence[IndexablePassage]]:
    """The passages of each text; one without a layout keeps those that it has."""
    if batch.stays:
        return dict(batch.passages)
    cut: dict[UUID, Sequence[IndexablePassage]] = {}
    for stored in batch.texts:
        before = batch.passages[stored.id]
        layout = stored.layout or layouts.get(stored.id)
        cut[stored.id] = cut_anew(stored.text, layout, batch.chunkings[stored.id], before) if layout else before
    return cut


async def _cut_all(actor: Actor, set_id: UUID) -> bool:
    """Give the set what it lacks; False if it is not being made any more."""
    after: UUID | None = None
    while True:
        batch = await _next_batch(actor, set_id, after)
        if batch is None:
            return False
        if batch.texts:
            layouts = {} if batch.stays else await _find_layouts(actor, batch.texts)
            cut = await asyncio.to_thread(cut_batch, batch, layouts)
            await _store(actor, set_id, batch, layouts, cut)
            after = max(each.id for each in batch.texts)
        elif after is None:
            return True
        else:
            after = None  # Once more from the start: something may have come meanwhile.


async def _next_batch(actor: Actor, set_id: UUID, after: UUID | None) -> Batch | None:
    async with unit_of_work(actor) as uow:
        sets = await hold_sets(uow)
        current, shadow = _both(sets, set_id)
        if current is None or shadow is None:
            return None
        lacking = await queries.list_lacking(uow, current.id, set_id, _AT_ONCE, after)
        return await read_batch(uow, current, shadow, lacking)


async def _find_layouts(actor: Actor, texts: Sequence[StoredText]) -> dict[UUID, Layout]:
    return {each.id: layout for each in texts if (layout := await _find_layout(actor, each))}


async def _find_layout(actor: Actor, stored: StoredText) -> Layout | None:
    """The layout of a text that was read before layouts were kept, if its file still says the same."""
    if stored.kinds is not None or type_by_name(stored.file_name) in _OF_THEIR_OWN or actor.workspace_id is None:
        return None
    try:
        parsed = await current_parser().parse(files.path_of(actor.workspace_id, stored.sha256), stored.file_name)
    except (ParseError, FileNotFoundError) as error:
        log.info("layout_not_found", version=str(stored.id), reason=type(error).__name__)
        return None
    return parsed.layout if parsed.text == stored.text else None


async def _store(
    actor: Actor,
    set_id: UUID,
    batch: Batch,
    layouts: dict[UUID, Layout],
    cut: dict[UUID, Sequence[IndexablePassage]],
) -> None:
    """Store what was cut of those texts that are still searched."""
    async with unit_of_work(actor) as uow:
        held = await queries.hold_versions(uow, [stored.id for stored in batch.texts])
        _, shadow = _both(await hold_sets(uow), set_id)
        if shadow is None:
            return
        for stored in batch.texts:
            if stored.id not in held:
                continue
            if stored.id in layouts:
                await queries.keep_layout(uow, stored.id, layouts[stored.id])
            await put_passages(uow, shadow, stored.id, stored.document_id, cut[stored.id])
        await uow.publish(chunking_topic(uow.workspace_id))


def _both(sets: Sequence[PassageSet], set_id: UUID) -> tuple[PassageSet | None, PassageSet | None]:
    """The current set, and the one of an id while it is being made."""
    current = next((each for each in sets if each.is_current), None)
    is_made = (each for each in sets if each.id == set_id and each.state == SetState.MAKING)
    return current, next(is_made, None)


async def _note(actor: Actor, set_id: UUID, state: SetState, error: Message | None) -> None:
    """Note how a set fares, unless it is not being made any more."""
    told = dict(error.as_dict()) if error else None
    async with unit_of_work(actor) as uow:
        await uow.session.execute(
            update(PassageSet)
            .where(col(PassageSet.id) == set_id, col(PassageSet.state) == SetState.MAKING)
            .values(state=state, error=told)
        )
        await uow.publish(chunking_topic(uow.workspace_id))
