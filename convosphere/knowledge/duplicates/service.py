"""Documents that are the same, or nearly: found as they come, shown to whoever sees both, and settled one by one.

Nobody learns from it that somebody else has a file: a pair is shown to whoever sees either of its documents by itself.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.duplicates import queries
from convosphere.knowledge.duplicates.schemas import AlikeDocument, AlikeGroup, AlikeGroups, AlikeUpload, Choice
from convosphere.knowledge.duplicates.sketches import Sketch, percent_alike
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries.documents import get_document, list_documents
from convosphere.knowledge.service.announcements import announce
from convosphere.knowledge.service.trash import put_into_trash
from convosphere.knowledge.service.versions import join_into

LEAST_PERCENT: Final = 80
MOST_AT_ONCE: Final = 500
MOST_UPLOADS: Final = 200
_MOST_PAIRS: Final = 1_000
MOST_GROUPS: Final = 50


async def note_alike(uow: UnitOfWork, document_id: UUID, version_id: UUID, sketch: Sketch | None) -> None:
    """Note which documents a version is like that has just been read, and let others find it.

    Called where runs of the workspace take turns, so that of two that end at once the second sees the first.
    """
    if sketch is None:
        return
    percents = {
        candidate.version_id: percent_alike(sketch.minima, candidate.minima)
        for candidate in await queries.list_candidates(uow, document_id, sketch)
    }
    best = sorted(percents.items(), key=lambda item: -item[1])[: queries.MOST_ALIKE]
    if alike := {key: percent for key, percent in best if percent >= LEAST_PERCENT}:
        queries.add_likenesses(uow, version_id, alike)
    queries.add_sketch(uow, version_id, sketch)


async def note_same_files(uow: UnitOfWork, document_id: UUID, version_id: UUID, sha256: str) -> list[queries.SameFile]:
    """Note which documents have the very file of a new one; gives those that the actor sees."""
    same = await queries.list_same_files(uow, document_id, sha256)
    if same:
        queries.add_likenesses(uow, version_id, {each.version_id: 100 for each in same}, is_same_file=True)
    return [each for each in same if each.is_seen]


async def list_groups(actor: Actor) -> AlikeGroups:
    """Groups of documents that are alike, of those that the actor sees."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        found = await queries.list_pairs(uow, _MOST_PAIRS)
        groups = _groups(found)
        seen = await queries.list_seen(uow, [key for group in groups[:MOST_GROUPS] for key in group])
    shown = tuple(_group(actor, [seen[key] for key in group if key in seen], found) for group in groups[:MOST_GROUPS])
    has_more = len(groups) > MOST_GROUPS or len(found) == _MOST_PAIRS
    return AlikeGroups(tuple(group for group in shown if len(group.documents) > 1), has_more)


async def list_alike_uploads(actor: Actor, document_ids: Sequence[UUID]) -> list[AlikeUpload]:
    """What the actor has to settle of what they uploaded: texts nearly the same as those of documents they see.

    At most `MOST_UPLOADS` are looked at, the last ones.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        return await queries.list_alike_uploads(uow, document_ids[-MOST_UPLOADS:])


async def list_alike(uow: UnitOfWork, document: Document) -> list[tuple[str, int]]:
    """The documents that one is like, of those that the actor sees: name and percent, the most alike first."""
    pairs = await queries.list_pairs_of(uow, document)
    seen = await queries.list_seen(uow, [pair.second for pair in pairs]) if pairs else {}
    return [(seen[pair.second].name, pair.percent) for pair in pairs if pair.second in seen]


async def settle_many(actor: Actor, pairs: Sequence[tuple[UUID, UUID]], choice: Choice) -> int:
    """Do the same for many pairs, one after another; gives for how many it was done. Those that are gone are passed."""
    count = 0
    for document_id, other_id in pairs[:MOST_AT_ONCE]:
        with suppress(NotFoundError):
            await settle(actor, document_id, other_id, choice)
            count += 1
    return count


async def settle(actor: Actor, document_id: UUID, other_id: UUID, choice: Choice) -> None:
    """Do what somebody chose for a document and another one that it is like.

    What goes lies in the trash. What is kept is shown no more with anything that the actor sees now. A version takes
    nothing but the file along: the other document keeps name and rights.

    Raises:
        DocumentNotFoundError: the actor does not see both, or may not do this with them.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        if choice in {"skip", "replace"}:
            gone, stays = (document_id, other_id) if choice == "skip" else (other_id, document_id)
            await get_document(uow, stays, "view")
            await put_into_trash(uow, [await get_document(uow, gone, "manage", lock=True)])
            return
        await get_document(uow, document_id, "manage" if choice == "version" else "view")
        documents = {each.id: each for each in await list_documents(uow, [document_id, other_id], "view")}
        if len(documents) < 2 or any(each.is_attached for each in documents.values()):
            raise DocumentNotFoundError
        document, other = documents[document_id], documents[other_id]
        if choice == "version":
            await get_document(uow, other_id, "edit")
            await join_into(uow, document, other)
            await put_into_trash(uow, [document])
        else:
            if not await list_documents(uow, [document_id, other_id], "edit"):
                raise DocumentNotFoundError
            pairs = await queries.list_pairs_of(uow, document, _MOST_PAIRS)
            seen = await queries.list_seen(uow, [pair.second for pair in pairs])
            await queries.keep_pairs(uow, document, seen.keys())
            await announce(uow, document_id, other_id)


def _groups(pairs: Sequence[queries.Pair]) -> list[list[UUID]]:
    """What hangs together by pairs, in the order of their first pairs."""
    group_of: dict[UUID, list[UUID]] = {}
    groups: dict[int, list[UUID]] = {}
    for pair in pairs:
        first, second = group_of.get(pair.first, [pair.first]), group_of.get(pair.second, [pair.second])
        if first is second:
            continue
        groups.pop(id(second), None)
        first.extend(second)
        groups.setdefault(id(first), first)
        group_of.update(dict.fromkeys(first, first))
    return list(groups.values())


def _group(actor: Actor, documents: Sequence[queries.SeenDocument], pairs: Sequence[queries.Pair]) -> AlikeGroup:
    """The oldest first, and how much the others have in common with it, or with whichever they are most like."""
    ordered = sorted(documents, key=lambda document: (document.created_at, document.id))
    likeness: dict[UUID, tuple[bool, int, bool]] = {}
    for pair in pairs:
        for key, other in ((pair.first, pair.second), (pair.second, pair.first)):
            told = (bool(ordered) and other == ordered[0].id, pair.percent, pair.is_same_file)
            likeness[key] = max(likeness.get(key, told), told)
    return AlikeGroup(
        tuple(
            AlikeDocument(
                each.id, each.name, each.owner_name, each.owner_id == actor.account_id, each.created_at, each.size,
                each.can_edit, each.can_manage, *likeness[each.id][1:],
            )
            for each in ordered
        )
    )  # fmt: skip
