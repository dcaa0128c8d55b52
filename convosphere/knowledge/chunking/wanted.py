"""By which settings a document is cut, and of which collections there may be some of their own."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import case, literal, select
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.chunking.schemas import ChunkSettings, CollectionRule, as_settings
from convosphere.knowledge.collections.queries import may_see
from convosphere.knowledge.collections.schemas import as_filter
from convosphere.knowledge.models import Collection, Document
from convosphere.knowledge.parsing.schemas import DEFAULT_CHUNKING, Chunking
from convosphere.knowledge.queries.filtering import matches
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.search.models import PassageSet


async def wanted_chunking(uow: UnitOfWork, sets: Sequence[PassageSet], document_id: UUID) -> Chunking:
    """As the passages are that are searched; `sets` is what `hold_sets` gave in this unit."""
    current = next((each for each in sets if each.is_current), None)
    if current is None:
        return DEFAULT_CHUNKING
    settings = as_settings(current.settings)
    return chunking_by(settings, (await find_rules(uow, settings, [document_id])).get(document_id))


async def find_rules(uow: UnitOfWork, settings: ChunkSettings, document_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Which rule each of some documents falls under, by its place; nothing of those that fall under none."""
    if not settings.rules:
        return {}
    under = ((matches(uow, rule.filter), literal(place)) for place, rule in enumerate(settings.rules))
    place = case(*under).label("place")
    rows = await uow.session.execute(select(col(Document.id), place).where(col(Document.id).in_(document_ids)))
    return {document_id: found for document_id, found in rows if found is not None}


def chunking_by(settings: ChunkSettings, place: int | None) -> Chunking:
    """How the documents of a rule are cut, or those of none."""
    return settings.general if place is None else settings.rules[place].chunking


async def list_choices(uow: UnitOfWork) -> list[tuple[UUID, str, DocumentFilter]]:
    """The collections that the actor sees and that may have a way of cutting of their own, by name."""
    statement = select(col(Collection.id), col(Collection.name), col(Collection.filter)).where(may_see(uow))
    rows = await uow.session.execute(statement.order_by(col(Collection.name), col(Collection.id)))
    return [(key, name, kept) for key, name, stored in rows if is_lasting(kept := as_filter(stored))]


def is_lasting(wanted: DocumentFilter) -> bool:
    """Whether a filter says what documents are, and not what becomes of them, or who looks."""
    passing = replace(
        wanted, statuses=(), causes=(), ages=(), is_favourite=False, is_review_due=False, is_uncited=False,
        is_uncited_lately=False, is_undescribed=False, is_trashed=False,
    )  # fmt: skip
    return passing == wanted


def make_rules(
    known: Sequence[CollectionRule],
    choices: Sequence[tuple[UUID, str, DocumentFilter]],
    wanted: Sequence[tuple[UUID, Chunking]],
) -> tuple[CollectionRule, ...]:
    """Rules for collections as they are now; those that one does not see, or that are gone, as they were `known`."""
    kept = {rule.collection_id: (rule.name, rule.filter) for rule in known}
    kept |= {key: (name, kept_filter) for key, name, kept_filter in choices}
    return tuple(CollectionRule(key, *kept[key], chunking) for key, chunking in wanted if key in kept)
