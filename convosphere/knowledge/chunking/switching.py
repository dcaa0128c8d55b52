"""Making passages anew, and what becomes of them: they take the place of those that are searched, or are dropped.

The row of each set is the lock: whoever reads or deletes a document holds it as one of many, whoever switches or drops
holds it alone. So no document falls between two sets.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, text
from sqlmodel import col

from convosphere.core.audit.actions import PASSAGES_BEGUN, PASSAGES_DROPPED, PASSAGES_REPLACED
from convosphere.core.audit.document_facts import ChunkingFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.chunking import queries
from convosphere.knowledge.chunking.errors import ShadowExistsError, ShadowMissingError, ShadowUnreadyError
from convosphere.knowledge.chunking.making import chunking_topic, cut_batch, read_batch
from convosphere.knowledge.chunking.schemas import (
    LARGEST,
    MOST_RULES,
    MOST_SHARED,
    SMALLEST,
    ChunkSettings,
    as_settings,
    as_stored,
)
from convosphere.knowledge.parsing.schemas import DEFAULT_CHUNKING, Chunking
from convosphere.knowledge.search.embedding import enqueue_embedding, search_topic
from convosphere.knowledge.search.index import CHUNKING, create_set, hold_sets, put_passages
from convosphere.knowledge.search.models import PassageSet, SetState
from convosphere.knowledge.search.weights import AVERAGE_LENGTH
from convosphere.knowledge.service.announcements import list_topic
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.service.defaults import list_vector_choices, put_vector_model, read_anew

MAKE_TASK: Final = "knowledge.make_passages"
DROP_TASK: Final = "knowledge.drop_passages"
_MOST_AT_LAST: Final = 20
"""Documents that came since a set was made and that the switch itself cuts, while others wait."""
_SEARCHES_END: Final = timedelta(seconds=10)
"""A search that began before the switch finds what it began with."""


def check_chunking(chunking: Chunking) -> Chunking:
    """A way of cutting that makes sense.

    Raises:
        InvalidInputError: it does not.
    """
    if not SMALLEST <= chunking.size <= LARGEST:
        raise InvalidInputError(
            t("A passage has from {least} to {most} tokens.", least=SMALLEST, most=LARGEST)
        )  # fmt: skip
    if not 0 <= chunking.overlap <= chunking.size // MOST_SHARED:
        raise InvalidInputError(
            t("Passages can share up to {most} tokens, half of their size.", most=chunking.size // MOST_SHARED)
        )
    return chunking


def check_settings(settings: ChunkSettings) -> ChunkSettings:
    """Settings that make sense.

    Raises:
        InvalidInputError: they do not.
    """
    for chunking in (settings.general, *(rule.chunking for rule in settings.rules)):
        check_chunking(chunking)
    if len({rule.collection_id for rule in settings.rules}) < len(settings.rules) or len(settings.rules) > MOST_RULES:
        raise InvalidInputError(t("Up to {count} collections can have settings, each once.", count=MOST_RULES))
    return settings


async def start(actor: Actor, settings: ChunkSettings, embedding: str | None = None) -> None:
    """Make all passages anew in another way, beside those that are searched. Without any it is the way at once.

    With `embedding` another model makes their vectors, "" being what the settings name. Both at once may change.

    Raises:
        InvalidInputError: the settings make no sense, or change nothing.
        ModelNotFoundError: the actor may choose no such model.
        ShadowExistsError: that is being done already.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    check_settings(settings)
    embedding = await _other_model(actor, embedding)
    async with unit_of_work(actor) as uow:
        await uow.take_turns(chunking_topic(uow.workspace_id))
        sets = await hold_sets(uow, alone=True)
        if _shadow_of(sets):
            raise ShadowExistsError
        current = next((each for each in sets if each.is_current), None)
        if embedding is None and as_settings(current.settings if current else {}) == settings:
            raise InvalidInputError(t("Texts are cut like this already."))
        is_begun = current is not None and current.passage_count > 0
        if is_begun:
            await _begin(uow, sets, settings, embedding)
        else:
            current = current or await create_set(uow)
            current.settings, current.average_length = as_stored(settings), _average_length(settings)
            uow.record(PASSAGES_REPLACED, current.id, after=_facts(settings, 0, embedding))
            await _take_model(uow, embedding)
        await uow.publish(chunking_topic(uow.workspace_id))
    if embedding is not None and not is_begun:
        read_anew(actor)


async def retry(actor: Actor, set_id: UUID) -> None:
    """Go on with a set that could not be completed.

    Raises:
        ShadowMissingError: it is gone.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        shadow = _get_shadow(await hold_sets(uow, alone=True), set_id)
        await _enqueue_making(uow, shadow)


async def switch(actor: Actor, set_id: UUID) -> None:
    """Search by the new passages from now on; the others go. A model that was chosen for them is the workspace's then.

    Raises:
        ModelNotFoundError: that model is not offered any more.
        ShadowMissingError: they are gone.
        ShadowUnreadyError: they lack documents, which they get now.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        sets = await hold_sets(uow, alone=True)
        current, shadow = next(each for each in sets if each.is_current), _get_shadow(sets, set_id)
        embedding = shadow.embedding
        if embedding is not None:
            require(actor, Permission.MODEL_MANAGE)
        is_ready = shadow.state == SetState.READY and await _complete(uow, current, shadow)
        if is_ready:
            await _take_over(uow, current, shadow)
        elif shadow.state == SetState.READY:
            await _enqueue_making(uow, shadow)
    if not is_ready:
        raise ShadowUnreadyError
    if embedding is not None:
        read_anew(actor)


async def drop(actor: Actor, set_id: UUID) -> None:
    """Go on as it is; the new passages go.

    Raises:
        ShadowMissingError: they are gone.
    """
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        shadow = _get_shadow(await hold_sets(uow, alone=True), set_id)
        shadow.state = SetState.LEAVING
        facts = _facts(as_settings(shadow.settings), shadow.passage_count, shadow.embedding)
        uow.record(PASSAGES_DROPPED, shadow.id, before=facts)
        await uow.enqueue(DROP_TASK, {"workspace_id": str(uow.workspace_id)})
        await uow.publish(chunking_topic(uow.workspace_id))


async def delete_leaving(actor: Actor) -> int:
    """Delete all passages, vectors and counts of words of sets that are left; gives how many sets.

    Raises:
        UnavailableError: something else reads them just now; trying later helps.
    """
    async with unit_of_work(actor) as uow:
        # To drop a part of a table waits for all who read the table, and lets others wait: not for long.
        await uow.session.execute(text("SET LOCAL lock_timeout = '2s'"))
        leaving = col(PassageSet.state) == SetState.LEAVING
        gone = delete(PassageSet).where(col(PassageSet.workspace_id) == uow.workspace_id, leaving)
        return len((await uow.session.scalars(gone.returning(col(PassageSet.id)))).all())


async def _other_model(actor: Actor, embedding: str | None) -> str | None:
    """The choice of another model than the workspace's, by who decides on models; None if it is the same."""
    if embedding is None:
        return None
    choices = await list_vector_choices(actor)
    if embedding == choices.chosen:
        return None
    require(actor, Permission.MODEL_MANAGE)
    if not choices.offers(embedding):
        raise ModelNotFoundError(embedding)
    return embedding


async def _begin(uow: UnitOfWork, sets: Sequence[PassageSet], settings: ChunkSettings, embedding: str | None) -> None:
    shadow = PassageSet(
        id=new_id(), workspace_id=uow.workspace_id, chunking=CHUNKING, version=max(each.version for each in sets) + 1,
        is_current=False, average_length=_average_length(settings), settings=as_stored(settings),
        embedding=embedding, state=SetState.MAKING,
    )  # fmt: skip
    uow.session.add(shadow)
    await uow.session.flush()
    uow.record(PASSAGES_BEGUN, shadow.id, after=_facts(settings, 0, embedding))
    await _enqueue_making(uow, shadow)


def _average_length(settings: ChunkSettings) -> float:
    """Terms of a passage, by which those of longer ones weigh less."""
    return AVERAGE_LENGTH * settings.general.size / DEFAULT_CHUNKING.size


async def _enqueue_making(uow: UnitOfWork, shadow: PassageSet) -> None:
    shadow.state, shadow.error = SetState.MAKING.value, None
    args = {"workspace_id": str(uow.workspace_id), "set_id": str(shadow.id)}
    await uow.enqueue(MAKE_TASK, args, lock=chunking_topic(uow.workspace_id))
    await uow.publish(chunking_topic(uow.workspace_id))


def _shadow_of(sets: Sequence[PassageSet]) -> PassageSet | None:
    return next((each for each in sets if not each.is_current and each.state != SetState.LEAVING), None)


def _get_shadow(sets: Sequence[PassageSet], set_id: UUID) -> PassageSet:
    shadow = _shadow_of(sets)
    if shadow is None or shadow.id != set_id:
        raise ShadowMissingError
    return shadow


async def _complete(uow: UnitOfWork, current: PassageSet, shadow: PassageSet) -> bool:
    """Give the new set what came since it was made; False if that is too much for now. Both are held alone."""
    lacking = await queries.list_lacking(uow, current.id, shadow.id, _MOST_AT_LAST + 1)
    if len(lacking) > _MOST_AT_LAST:
        return False
    batch = await read_batch(uow, current, shadow, lacking)
    cut = await asyncio.to_thread(cut_batch, batch, {})
    for stored in batch.texts:  # At most as many as `_MOST_AT_LAST`.
        await put_passages(uow, shadow, stored.id, stored.document_id, cut[stored.id])
    return True


async def _take_over(uow: UnitOfWork, current: PassageSet, shadow: PassageSet) -> None:
    current.is_current, current.state = False, SetState.LEAVING.value
    await uow.session.flush()  # Two are never current.
    embedding, shadow.embedding, shadow.is_current = shadow.embedding, None, True
    await uow.session.flush()
    uow.record(
        PASSAGES_REPLACED, shadow.id, before=_facts(as_settings(current.settings), current.passage_count),
        after=_facts(as_settings(shadow.settings), shadow.passage_count, embedding),
    )  # fmt: skip
    await _take_model(uow, embedding)
    await uow.enqueue(DROP_TASK, {"workspace_id": str(uow.workspace_id)}, delay=_SEARCHES_END)
    await enqueue_embedding(uow)
    workspace_id = uow.workspace_id
    await uow.publish(chunking_topic(workspace_id), search_topic(workspace_id), list_topic(workspace_id))


async def _take_model(uow: UnitOfWork, embedding: str | None) -> None:
    if embedding is not None:
        await put_vector_model(uow, embedding)


def _facts(settings: ChunkSettings, passages: int, embedding: str | None = None) -> ChunkingFacts:
    chunking = settings.general
    facts = ChunkingFacts(
        size=chunking.size, overlap=chunking.overlap, by_section=chunking.is_by_section, passages=passages
    )
    return facts if embedding is None else {**facts, "model": embedding}
