"""Which tags may fit documents, and what people say to that."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.queries.documents import list_documents
from convosphere.knowledge.search.index import current_set
from convosphere.knowledge.service.announcements import announce
from convosphere.knowledge.suggestions import queries
from convosphere.knowledge.suggestions.likeness import MOST_SUGGESTED, neighbours, shares, telling_terms
from convosphere.knowledge.suggestions.schemas import Suggestion
from convosphere.knowledge.tags import queries as tag_queries

MOST_DOCUMENTS: Final = 50


async def suggest(actor: Actor, document_ids: Sequence[UUID]) -> list[Suggestion]:
    """Tags for some documents, at most `MOST_DOCUMENTS`, that the actor may tag, each with those that it may fit.

    They are learned from documents that the actor sees, and are tags that they may use. What somebody dismissed or
    took off does not come again.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        names = await queries.list_editable(uow, document_ids[:MOST_DOCUMENTS])
        passage_set = await current_set(uow) if names else None
        if passage_set is None:
            return []
        counts = await queries.count_terms(uow, passage_set, list(names))
        dimensions = {term.dimension for terms in counts.values() for term in terms}
        known = await queries.count_passages_with(uow, passage_set, dimensions)
        telling = {key: telling_terms(terms, known, passage_set.passage_count) for key, terms in counts.items()}
        if not telling:
            return []
        scores = await queries.score_tagged(uow, passage_set, telling)
        near = {key: neighbours(found) for key, found in scores.items()}
        tags_of, labels = await queries.list_tags_of(uow, {other for found in near.values() for other in found})
        settled = await queries.list_settled(uow, list(names))
    fitting: defaultdict[UUID, dict[UUID, float]] = defaultdict(dict)
    for key, found in near.items():
        told = ((tag, share) for tag, share in shares(found, tags_of).items() if (key, tag) not in settled)
        for tag_id, share in islice(told, MOST_SUGGESTED):
            fitting[tag_id][key] = share
    return sorted(
        (
            Suggestion(labels[tag_id], round(100 * max(of.values())), tuple((key, names[key]) for key in of))
            for tag_id, of in fitting.items()
        ),
        key=lambda each: (-len(each.documents), -each.percent, each.tag.name.casefold()),
    )


async def accept(actor: Actor, document_id: UUID, tag_id: UUID) -> None:
    """Put a tag on a document.

    Raises:
        TagNotFoundError: the actor may not use such a tag.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        ids = await _held(uow, [document_id], tag_id)
        await tag_queries.put(uow, ids, tag_id, "person")
        await tag_queries.allow(uow, ids, tag_id)
        await announce(uow, *ids)


async def dismiss(actor: Actor, document_ids: Sequence[UUID], tag_id: UUID) -> None:
    """Say that a tag does not fit documents; it is not suggested for them any more, and no rule puts it there.

    Raises:
        TagNotFoundError: the actor may not use such a tag.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        await tag_queries.refuse(uow, await _held(uow, document_ids, tag_id), tag_id)


async def _held(uow: UnitOfWork, document_ids: Sequence[UUID], tag_id: UUID) -> list[UUID]:
    """Those of some documents that the actor may tag, locked as by all who tag them."""
    await tag_queries.get_tag(uow, tag_id, "use")
    return [document.id for document in await list_documents(uow, document_ids[:MOST_DOCUMENTS], "edit")]
