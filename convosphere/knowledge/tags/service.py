"""Tags: making, naming, nesting, merging, sharing and taking them away."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import TAG_DELETED, TAG_MERGED, TAG_SHARED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.grants import GrantKind
from convosphere.knowledge.errors import NameMissingError, TagExistsError, TagTooDeepError, TooManyTagsError
from convosphere.knowledge.models import Tag
from convosphere.knowledge.schemas import TagLabel
from convosphere.knowledge.service.announcements import announce, announce_order
from convosphere.knowledge.tags import queries
from convosphere.knowledge.tags.queries import TAG
from convosphere.knowledge.tags.schemas import COLOURS, TagDraft, TagRow

DEEPEST: Final = 6
MOST_TAGS: Final = 2_000
"""Of a workspace: they stand in one list."""
MOST_SHOWN: Final = 300
MOST_FOUND: Final = 20
LONGEST_NAME: Final = 60
LONGEST_DESCRIPTION: Final = 500
MOST_SYNONYMS: Final = 20


async def list_tags(actor: Actor, words: str = "") -> list[TagRow]:
    """Tags that the actor sees, each below the one that it is within; with `words` those that are called so."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return in_order(await queries.list_tags(uow, words.strip()[:LONGEST_NAME], MOST_SHOWN))


async def find_usable(actor: Actor, words: str) -> list[TagLabel]:
    """Some tags that the actor may put on documents and that are called so."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return await queries.list_usable(uow, words.strip()[:LONGEST_NAME], MOST_FOUND)


async def create_tag(actor: Actor, draft: TagDraft) -> UUID:
    """Make a tag, which then belongs to the actor.

    Raises:
        NameMissingError, InvalidInputError: it cannot be called so.
        TagExistsError, TagTooDeepError, TooManyTagsError: there is no room for it.
        TagNotFoundError: the actor may not edit the one around it.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    draft = checked(draft)
    async with unit_of_work(actor) as uow:
        await _take_turns(uow)
        if await queries.count_tags(uow) >= MOST_TAGS:
            raise TooManyTagsError(MOST_TAGS)
        tag = Tag(workspace_id=uow.workspace_id, owner_id=uow.account_id, path=[], name=draft.name)
        tag.path = [*await _above(uow, draft.parent_id), tag.id]
        if len(tag.path) > DEEPEST:
            raise TagTooDeepError(DEEPEST)
        await _write(uow, tag, draft)
        uow.session.add(tag)
        await announce_order(uow)
    return tag.id


async def change_tag(actor: Actor, tag_id: UUID, draft: TagDraft) -> None:
    """Make a tag what the draft says, with all within it where it says.

    Raises:
        TagNotFoundError: the actor may not edit it, or the one around it.
        NameMissingError, InvalidInputError, TagExistsError, TagTooDeepError: it cannot be so.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    draft = checked(draft)
    async with unit_of_work(actor) as uow:
        await _take_turns(uow)
        tag = await queries.get_tag(uow, tag_id, "edit", lock=True)
        await _write(uow, tag, draft)
        if draft.parent_id != tag.parent_id:
            await _nest(uow, tag, draft.parent_id)
        tag.updated_at = utc_now()
        await announce_order(uow)
        await announce(uow)


async def merge_tags(actor: Actor, tag_id: UUID, into_id: UUID) -> None:
    """Put one tag in the place of another one, which becomes a synonym of it and is gone.

    Raises:
        TagNotFoundError: the actor may not edit both.
        InvalidInputError: they are one, or the other one lies within it.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        await _take_turns(uow)
        tag = await queries.get_tag(uow, tag_id, "edit", lock=True)
        into = await queries.get_tag(uow, into_id, "edit", lock=True)
        if tag_id in into.path:
            raise InvalidInputError(t("A tag cannot be merged with itself or with one within it."))
        words = [*into.synonyms, tag.name, *tag.synonyms]
        into.synonyms = _distinct(words, without=into.name)[:MOST_SYNONYMS]
        await _lift(uow, tag, into)
        await queries.hand_over_uses(uow, tag_id, into_id)
        await _remove(uow, tag)
        uow.record(TAG_MERGED, into_id, label=into.name, before={"name": tag.name})
        await announce_order(uow)
        await announce(uow)


async def delete_tag(actor: Actor, tag_id: UUID) -> None:
    """Take a tag away, from all documents too; those within it move to the one around it.

    Raises:
        TagNotFoundError: the actor may not edit it.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        await _take_turns(uow)
        tag = await queries.get_tag(uow, tag_id, "edit", lock=True)
        around = await uow.session.get(Tag, tag.parent_id) if tag.parent_id else None
        await _lift(uow, tag, around)
        await _remove(uow, tag)
        uow.record(TAG_DELETED, tag_id, label=tag.name)
        await announce_order(uow)
        await announce(uow)


def in_order(rows: Sequence[TagRow]) -> list[TagRow]:
    """Each tag below the one that it is within; one whose place is not to be seen stands outermost."""
    shown = {row.id for row in rows}
    below: dict[UUID | None, list[TagRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in shown else None, []).append(row)
    ordered: list[TagRow] = []
    waiting = [(row, 0) for row in reversed(below.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        ordered.append(replace(row, depth=depth))
        waiting += [(inner, depth + 1) for inner in reversed(below.get(row.id, []))]
    return ordered


def checked(draft: TagDraft) -> TagDraft:
    """A draft whose texts are lines of their lengths.

    Raises:
        NameMissingError: nothing is left of the name.
        InvalidInputError: the name is too long, or there is no such colour.
    """
    name = plain_line(draft.name)
    if not name:
        raise NameMissingError
    if len(name) > LONGEST_NAME:
        raise InvalidInputError(t("The name of a tag has at most {count} characters.", count=LONGEST_NAME))
    if draft.colour not in COLOURS:
        raise InvalidInputError(t("The request could not be read."))
    words = [plain_line(word)[:LONGEST_NAME] for word in draft.synonyms]
    return replace(
        draft, name=name, description=plain_line(draft.description)[:LONGEST_DESCRIPTION],
        synonyms=tuple(_distinct(words, without=name)[:MOST_SYNONYMS]),
    )  # fmt: skip


def _distinct(words: Sequence[str], *, without: str) -> list[str]:
    by_fold = {word.casefold(): word for word in words if word}
    by_fold.pop(without.casefold(), None)
    return list(by_fold.values())


async def _take_turns(uow: UnitOfWork) -> None:
    """One after another: names are the workspace's, and two who nest tags in each other would make a ring of them."""
    await uow.take_turns(f"tags:{uow.workspace_id}")


async def _above(uow: UnitOfWork, parent_id: UUID | None) -> list[UUID]:
    return list((await queries.get_tag(uow, parent_id, "edit")).path) if parent_id else []


async def _write(uow: UnitOfWork, tag: Tag, draft: TagDraft) -> None:
    if await queries.find_named(uow, draft.name) not in (None, tag.id):
        raise TagExistsError(draft.name)
    tag.name, tag.colour, tag.description = draft.name, draft.colour, draft.description
    tag.synonyms, tag.is_restricted = list(draft.synonyms), draft.is_restricted
    if len(tag.path) > 1:
        tag.parent_id = tag.path[-2]


async def _nest(uow: UnitOfWork, tag: Tag, parent_id: UUID | None) -> None:
    above = await _above(uow, parent_id)
    if tag.id in above:
        raise InvalidInputError(t("A tag cannot lie within itself."))
    if len(above) + await queries.deepest_below(uow, tag.id) - len(tag.path) + 1 > DEEPEST:
        raise TagTooDeepError(DEEPEST)
    tag.parent_id = parent_id
    await uow.session.flush()
    await queries.move_tag(uow, tag.id, above)


async def _lift(uow: UnitOfWork, tag: Tag, into: Tag | None) -> None:
    """Put what lies within a tag into another one, or outermost."""
    for inner in await queries.list_within(uow, tag.id):
        inner.parent_id = into.id if into else None
        await uow.session.flush()
        await queries.move_tag(uow, inner.id, list(into.path) if into else [])


async def _remove(uow: UnitOfWork, tag: Tag) -> None:
    await uow.session.flush()
    await queries.delete_tag(uow, tag.id)
    uow.session.expunge(tag)


async def _fetch(uow: UnitOfWork, tag_id: UUID) -> Tag:
    return await queries.get_tag(uow, tag_id, "edit", lock=True)


async def _announce(uow: UnitOfWork, tag_id: UUID) -> None:
    del tag_id
    await announce_order(uow)


TAG_GRANTS = GrantKind(
    object_type=TAG,
    seen_with=Permission.DOCUMENT_READ,
    shared_with=Permission.DOCUMENT_SHARE,
    action=TAG_SHARED,
    fetch=_fetch,  # pyright: ignore[reportArgumentType]  # Its owner may have left.
    announce=_announce,
)
