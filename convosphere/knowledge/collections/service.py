"""Collections: saving a filter, opening, changing, sharing and deleting it.

A collection opens nobody anything: each sees of it what they see anyway.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import COLLECTION_DELETED, COLLECTION_SHARED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.grants import GrantKind
from convosphere.knowledge.collections import queries
from convosphere.knowledge.collections.queries import COLLECTION
from convosphere.knowledge.collections.schemas import CollectionRow, OpenedCollection, as_stored
from convosphere.knowledge.errors import NameMissingError, TooManyCollectionsError
from convosphere.knowledge.models import Collection
from convosphere.knowledge.schemas import ALL_DOCUMENTS, DocumentFilter
from convosphere.knowledge.service.announcements import announce_order
from convosphere.knowledge.tags.queries import is_seen

LONGEST_NAME: Final = 80
MOST_COLLECTIONS: Final = 200
"""Of one person."""
MOST_SHOWN: Final = 300
_LONGEST_TEXT: Final = 200


async def list_collections(actor: Actor) -> list[CollectionRow]:
    """The collections that the actor sees."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        return await queries.list_rows(uow, MOST_SHOWN)


async def open_collection(actor: Actor, collection_id: UUID) -> OpenedCollection:
    """What a collection shows.

    Raises:
        CollectionNotFoundError: the actor sees no such collection.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        row, wanted = await queries.get_row(uow, collection_id)
        tags = await queries.list_tags(uow, [*wanted.any_tags, *wanted.all_tags, *wanted.no_tags], is_seen(uow))
        owners = await queries.list_owners(uow, wanted.owner_ids)
    return OpenedCollection(row, wanted, tags, owners)


async def create_collection(actor: Actor, name: str, wanted: DocumentFilter) -> UUID:
    """Save a filter under a name, as the actor's own.

    Raises:
        NameMissingError, InvalidInputError: it cannot be called so, or the filter says nothing.
        TooManyCollectionsError: the actor has as many as there may be.
    """
    require(actor, Permission.DOCUMENT_READ)
    require(actor, Permission.ACCOUNT_WRITE)
    name, stored = _checked_name(name), as_stored(_checked(wanted))
    async with unit_of_work(actor) as uow:
        await uow.take_turns(f"collections:{uow.account_id}")
        if await queries.count_owned(uow) >= MOST_COLLECTIONS:
            raise TooManyCollectionsError(MOST_COLLECTIONS)
        collection = Collection(workspace_id=uow.workspace_id, owner_id=uow.account_id, name=name, filter=stored)
        uow.session.add(collection)
        await announce_order(uow)
    return collection.id


async def rename_collection(actor: Actor, collection_id: UUID, name: str) -> None:
    """Call a collection something else.

    Raises:
        CollectionNotFoundError: the actor may not edit it.
        NameMissingError, InvalidInputError: it cannot be called so.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    name = _checked_name(name)
    async with unit_of_work(actor) as uow:
        collection = await queries.get_collection(uow, collection_id, "edit", lock=True)
        collection.name, collection.updated_at = name, utc_now()
        await announce_order(uow)


async def change_filter(actor: Actor, collection_id: UUID, wanted: DocumentFilter) -> None:
    """Let a collection show something else from now on.

    Raises:
        CollectionNotFoundError: the actor may not edit it.
        InvalidInputError: the filter says nothing.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    stored = as_stored(_checked(wanted))
    async with unit_of_work(actor) as uow:
        collection = await queries.get_collection(uow, collection_id, "edit", lock=True)
        collection.filter, collection.updated_at = stored, utc_now()
        await announce_order(uow)


async def delete_collection(actor: Actor, collection_id: UUID) -> None:
    """Take a collection away; the documents stay.

    Raises:
        CollectionNotFoundError: the actor does not manage it.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        collection = await queries.get_collection(uow, collection_id, "manage", lock=True)
        uow.record(COLLECTION_DELETED, collection.id, label=collection.name)
        await queries.delete_collection(uow, collection.id)
        await announce_order(uow)


def _checked_name(name: str) -> str:
    name = plain_line(name)
    if not name:
        raise NameMissingError
    if len(name) > LONGEST_NAME:
        raise InvalidInputError(t("The name of a collection has at most {count} characters.", count=LONGEST_NAME))
    return name


def _checked(wanted: DocumentFilter) -> DocumentFilter:
    """Without the trash, which nobody shares."""
    wanted = replace(wanted, is_trashed=False, text=plain_line(wanted.text)[:_LONGEST_TEXT])
    if wanted == ALL_DOCUMENTS:
        raise InvalidInputError(t("Filter the list first: a collection without a filter would show everything."))
    return wanted


async def _fetch(uow: UnitOfWork, collection_id: UUID) -> Collection:
    return await queries.get_collection(uow, collection_id, "manage", lock=True)


async def _announce(uow: UnitOfWork, collection_id: UUID) -> None:
    del collection_id
    await announce_order(uow)


COLLECTION_GRANTS: Final = GrantKind(
    object_type=COLLECTION,
    seen_with=Permission.DOCUMENT_READ,
    shared_with=Permission.DOCUMENT_SHARE,
    action=COLLECTION_SHARED,
    fetch=_fetch,
    announce=_announce,
    least="view",
)
