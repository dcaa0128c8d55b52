"""How texts are cut: what holds now, what is in the making, and what other settings would make of a document."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from statistics import median_low
from typing import Final
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.i18n import Message
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.chunking import queries
from convosphere.knowledge.chunking.errors import LayoutUnknownError
from convosphere.knowledge.chunking.queries import SetCounts, StoredPassage
from convosphere.knowledge.chunking.schemas import (
    ChunkPreview,
    ChunkSettings,
    ChunkState,
    CutFigures,
    PreviewedPassage,
    Shadow,
    as_settings,
)
from convosphere.knowledge.chunking.switching import check_settings
from convosphere.knowledge.chunking.wanted import chunking_by, find_rules, list_choices, make_rules
from convosphere.knowledge.parsing.cutting import Cut, cut_text
from convosphere.knowledge.parsing.layout import placed_blocks
from convosphere.knowledge.parsing.schemas import CHARACTERS_OF_TOKEN, Chunking, Layout
from convosphere.knowledge.queries import documents
from convosphere.knowledge.search.embedding import current_embedder
from convosphere.knowledge.search.index import current_set, shadow_set
from convosphere.knowledge.search.models import PassageSet

LONGEST_PREVIEW: Final = 500_000
"""Characters that are cut for a preview, which takes some 70 ms; of a longer text its beginning."""
MOST_PREVIEWED: Final = 12


async def get_state(actor: Actor) -> ChunkState:
    """How texts are cut, and how far the passages are that may take the place of these."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        current, made = await current_set(uow), await shadow_set(uow)
        documents_now = (await queries.count_set(uow, current.id)).documents if current else 0
        counts = await queries.count_set(uow, made.id) if made else None
    settings = as_settings(current.settings) if current else ChunkSettings()
    shadow = await _shadow(actor, made, counts) if made and counts else None
    if shadow and shadow.settings == settings:
        shadow = replace(shadow, kept=0)  # All documents keep theirs: only their vectors are others.
    return ChunkState(settings, documents_now, current.passage_count if current else 0, shadow)


async def make_settings(actor: Actor, general: Chunking, wanted: Sequence[tuple[UUID, Chunking]]) -> ChunkSettings:
    """Settings by which documents of some collections, the first ones first, are cut in other ways than the rest."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        current = await current_set(uow)
        known = as_settings(current.settings).rules if current else ()
        return ChunkSettings(general, make_rules(known, await list_choices(uow), wanted))


async def list_collections(actor: Actor) -> list[tuple[UUID, str]]:
    """The collections that may have a way of cutting of their own."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        return [(key, name) for key, name, _ in await list_choices(uow)]


async def preview(actor: Actor, document_id: UUID, settings: ChunkSettings) -> ChunkPreview:
    """What settings would make of a document; nothing is stored.

    Raises:
        InvalidInputError: they make no sense.
        DocumentNotFoundError: the actor sees no such document.
        LayoutUnknownError: nobody can say.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    check_settings(settings)
    async with unit_of_work(actor) as uow:
        document = await documents.get_document(uow, document_id, "view")
        current = await current_set(uow)
        version_id = document.current_version_id
        stored = next(iter(await queries.list_texts(uow, [version_id])), None)
        if current is None or stored is None or stored.layout is None:
            raise LayoutUnknownError
        passages = (await queries.list_passages(uow, current.id, [version_id]))[version_id]
        place = (await find_rules(uow, settings, [document_id])).get(document_id)
    shown = await asyncio.to_thread(_preview, stored.text, stored.layout, passages, chunking_by(settings, place))
    return shown if place is None else replace(shown, rule=settings.rules[place].name)


async def _shadow(actor: Actor, made: PassageSet, counts: SetCounts) -> Shadow:
    error = Message(made.error["text"], made.error["values"]) if made.error else None
    embedder = await current_embedder(actor, named=made.embedding)
    model = embedder.embedding_model.id if embedder else made.embedding or ""
    return Shadow(
        made.id, made.state, as_settings(made.settings), counts.documents, made.passage_count, counts.vectors,
        counts.kept, error, model, made.embedding is not None, counts.trust == 0,
    )  # fmt: skip


def _preview(whole: str, layout: Layout, now: Sequence[StoredPassage], chunking: Chunking) -> ChunkPreview:
    text = whole[:LONGEST_PREVIEW]
    placed = [item for item in placed_blocks(text, layout) if item.end <= LONGEST_PREVIEW]
    cuts = cut_text(text, placed, chunking)
    until = placed[-1].end if placed else 0
    return ChunkPreview(
        tuple(_passage(number, text, cut) for number, cut in enumerate(cuts[:MOST_PREVIEWED], start=1)),
        _figures([cut.end - cut.start for cut in cuts]),
        _figures([passage.end - passage.start for passage in now if passage.end <= until]),
        is_beginning=len(whole) > LONGEST_PREVIEW,
        rule="",
    )


def _passage(number: int, text: str, cut: Cut) -> PreviewedPassage:
    tokens = _tokens(cut.end - cut.start)
    return PreviewedPassage(number, text[cut.start : cut.end], cut.fresh - cut.start, tokens, cut.page, cut.heading)


def _figures(lengths: Sequence[int]) -> CutFigures:
    if not lengths:
        return CutFigures(0, 0, 0, 0)
    return CutFigures(
        len(lengths), _tokens(min(lengths)), _tokens(median_low(lengths)), _tokens(max(lengths))
    )  # fmt: skip


def _tokens(characters: int) -> int:
    return round(characters / CHARACTERS_OF_TOKEN)
