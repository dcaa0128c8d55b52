"""Folders of documents: making, naming, nesting, filling, sharing and taking them away."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_FOLDER_DELETED, DOCUMENT_FOLDER_SHARED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files.names import clean_folder_path
from convosphere.identity.service.grants import GrantKind
from convosphere.knowledge.errors import (
    DocumentNotFoundError,
    FolderExistsError,
    FolderTooDeepError,
    NameMissingError,
    TooManyFoldersError,
)
from convosphere.knowledge.models import DocumentFolder
from convosphere.knowledge.queries import documents as document_queries
from convosphere.knowledge.queries import folders as queries
from convosphere.knowledge.queries.access import FOLDER
from convosphere.knowledge.rules.applying import enqueue_rules
from convosphere.knowledge.schemas import FolderPlace, FolderRow
from convosphere.knowledge.service.announcements import announce, announce_order

DEEPEST: Final = 20
MOST_FOLDERS: Final = 5_000
"""Of one person; a directory that is uploaded may bring many."""
MOST_TARGETS: Final = 20
MOST_AT_ONCE: Final = 200
"""Documents that are dragged together: a page of a list."""


async def list_folders(actor: Actor, opened: Sequence[UUID]) -> list[FolderRow]:
    """The outermost folders that the actor sees and those in opened ones, each below the one that it is in."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        rows = await queries.list_shown(uow, opened)
        counts = await queries.count_documents(uow, [row.id for row in rows])
    return in_order([replace(row, documents=counts.get(row.id, 0)) for row in rows])


async def get_place(actor: Actor, folder_id: UUID) -> FolderPlace:
    """Where a folder lies, as far as the actor sees.

    Raises:
        FolderNotFoundError: the actor sees no such folder.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        await queries.get_folder(uow, folder_id, "view")
        around = await queries.list_around(uow, folder_id)
        can_edit = await queries.may_edit(uow, folder_id)
    return FolderPlace(folder_id, tuple(row[1] for row in around), tuple(row[0] for row in around), can_edit)


async def find_targets(actor: Actor, text: str) -> dict[UUID, str]:
    """Folders that the actor may put something in and whose name contains a text, with the names around them."""
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        return {row[0]: row[1] for row in await queries.list_targets(uow, text.strip()[:100], MOST_TARGETS)}


async def create_folder(actor: Actor, name: str, parent_id: UUID | None = None) -> UUID:
    """Make a folder, outermost or in one that the actor may edit, to whose owner it then belongs.

    Raises:
        FolderNotFoundError: there is no such folder to put it in.
        NameMissingError, FolderExistsError, FolderTooDeepError, TooManyFoldersError: it cannot be made.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    name = _checked_name(name)
    async with unit_of_work(actor) as uow:
        owner_id = await _owner_of(uow, parent_id)
        await _take_turns(uow, owner_id)
        parent = await _parent(uow, parent_id)
        if (await queries.walk(uow, owner_id, parent_id, [name])).depth:
            raise FolderExistsError(name)
        folder = (await _add(uow, owner_id, parent, [name]))[-1]
        await announce_order(uow)
    return folder.id


async def reach_folder(uow: UnitOfWork, parent_id: UUID | None, path: str) -> DocumentFolder | None:
    """The folder that a path of names leads to, from a folder that the actor may edit or from their outermost ones.

    Those that are missing are made. It stays where it is until the unit ends; None stands for no folder at all.

    Raises:
        FolderNotFoundError: the actor may not edit such a folder.
        FolderTooDeepError, TooManyFoldersError: they cannot be made.
    """
    names = path.split("/") if path else []
    if not names:
        return await _parent(uow, parent_id)
    owner_id = await _owner_of(uow, parent_id)
    reached = await queries.walk(uow, owner_id, parent_id, names)
    if reached.depth < len(names):
        await _take_turns(uow, owner_id)
        reached = await queries.walk(uow, owner_id, parent_id, names)
    last = await _parent(uow, reached.id)
    if reached.depth == len(names):
        return last
    made = await _add(uow, owner_id, last, names[reached.depth :])
    await announce_order(uow)
    return made[-1]


async def rename_folder(actor: Actor, folder_id: UUID, name: str) -> None:
    """Call a folder something else.

    Raises:
        FolderNotFoundError: the actor may not edit such a folder.
        NameMissingError, FolderExistsError: it cannot be called so.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    name = _checked_name(name)
    async with unit_of_work(actor) as uow:
        seen = await queries.get_folder(uow, folder_id, "edit")
        await _take_turns(uow, seen.owner_id)
        folder = await queries.get_folder(uow, folder_id, "edit", lock=True)
        if await queries.has_sibling(uow, folder, folder.parent_id, name):
            raise FolderExistsError(name)
        folder.name, folder.updated_at = name, utc_now()
        await announce_order(uow)


async def move_folder(actor: Actor, folder_id: UUID, parent_id: UUID | None) -> None:
    """Put a folder with all in it into another one of the same owner, or outermost.

    Raises:
        FolderNotFoundError: the actor does not manage it, or may not edit the other one.
        InvalidInputError: it would be within itself, or belong to somebody else.
        FolderExistsError, FolderTooDeepError: it cannot lie there.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        seen = await queries.get_folder(uow, folder_id, "manage")
        await _take_turns(uow, seen.owner_id)
        folder = await queries.get_folder(uow, folder_id, "manage", lock=True)
        parent = await _parent(uow, parent_id)
        above = list(parent.path) if parent else []
        if folder_id in above or (parent and parent.owner_id != folder.owner_id):
            raise InvalidInputError(t("This folder cannot be moved there."))
        if await queries.has_sibling(uow, folder, parent_id, folder.name):
            raise FolderExistsError(folder.name)
        if len(above) + await queries.deepest_below(uow, folder_id) - len(folder.path) + 1 > DEEPEST:
            raise FolderTooDeepError(DEEPEST)
        folder.parent_id = parent_id
        folder.path = [*above, folder_id]
        await uow.session.flush()
        await queries.move_folder(uow, folder_id, above)
        await enqueue_rules(uow, await queries.list_document_ids(uow, folder_id))
        await announce_order(uow)


async def move_documents(actor: Actor, document_ids: Sequence[UUID], folder_id: UUID | None) -> int:
    """Put documents that the actor manages into a folder that they may edit, or out of all; gives how many.

    Raises:
        DocumentNotFoundError: the actor manages none of them.
        FolderNotFoundError: the actor may not edit such a folder.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        folder = await _parent(uow, folder_id)
        documents = await document_queries.list_documents(uow, document_ids, "manage")
        if not documents:
            raise DocumentNotFoundError
        ids = [document.id for document in documents]
        await queries.place_documents(uow, ids, folder)
        await enqueue_rules(uow, ids)
        await announce(uow, *ids)
        await announce_order(uow)
    return len(ids)


async def delete_folder(actor: Actor, folder_id: UUID) -> int:
    """Take a folder away with all folders in it; gives how many documents were in them.

    The documents stay: they lie in the folder around it then, or in none.

    Raises:
        FolderNotFoundError: the actor does not manage such a folder.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        seen = await queries.get_folder(uow, folder_id, "manage")
        await _take_turns(uow, seen.owner_id)
        folder = await queries.get_folder(uow, folder_id, "manage", lock=True)
        count = await queries.empty_folder(uow, folder)
        await queries.delete_folder(uow, folder_id)
        uow.session.expunge(folder)
        uow.record(DOCUMENT_FOLDER_DELETED, folder_id, label=folder.name)
        await announce(uow)
        await announce_order(uow)
    return count


def in_order(rows: Sequence[FolderRow]) -> list[FolderRow]:
    """Each folder below the one that it is in; those whose folder is not among them are left out."""
    below: dict[UUID | None, list[FolderRow]] = {}
    for row in rows:
        below.setdefault(None if row.is_outermost else row.parent_id, []).append(row)
    ordered: list[FolderRow] = []
    waiting = [(row, 0) for row in reversed(below.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        ordered.append(replace(row, depth=depth))
        waiting += [(inner, depth + 1) for inner in reversed(below.get(row.id, []))]
    return ordered


async def _parent(uow: UnitOfWork, folder_id: UUID | None) -> DocumentFolder | None:
    return await queries.get_folder(uow, folder_id, "edit", hold=True) if folder_id else None


async def _owner_of(uow: UnitOfWork, parent_id: UUID | None) -> UUID:
    """Whose a folder in another one is. Nothing is held yet: who waits for their turn holds no folder."""
    return (await queries.get_folder(uow, parent_id, "edit")).owner_id if parent_id else uow.account_id


async def _take_turns(uow: UnitOfWork, owner_id: UUID) -> None:
    """One after another: two who move folders into each other would make a ring of them."""
    await uow.take_turns(f"document_folders:{owner_id}")


async def _add(
    uow: UnitOfWork, owner_id: UUID, parent: DocumentFolder | None, names: Sequence[str]
) -> list[DocumentFolder]:
    """Make folders, each in the one before it."""
    path = list(parent.path) if parent else []
    if len(path) + len(names) > DEEPEST:
        raise FolderTooDeepError(DEEPEST)
    if await queries.count_owned(uow, owner_id) + len(names) > MOST_FOLDERS:
        raise TooManyFoldersError(MOST_FOLDERS)
    made = []
    for name in names:
        folder = DocumentFolder(
            id=new_id(), workspace_id=uow.workspace_id, owner_id=owner_id, parent_id=path[-1] if path else None,
            name=name,
        )  # fmt: skip
        path = [*path, folder.id]
        folder.path = path
        made.append(folder)
    await queries.add_folders(uow, made)
    return made


def _checked_name(name: str) -> str:
    name = clean_folder_path(name.replace("/", " ").replace("\\", " "))
    if not name:
        raise NameMissingError
    return name


async def _fetch(uow: UnitOfWork, folder_id: UUID) -> DocumentFolder:
    return await queries.get_folder(uow, folder_id, "manage", lock=True)


async def _announce(uow: UnitOfWork, folder_id: UUID) -> None:
    del folder_id
    await announce(uow)
    await announce_order(uow)


DOCUMENT_FOLDER_GRANTS = GrantKind(
    object_type=FOLDER,
    seen_with=Permission.DOCUMENT_READ,
    shared_with=Permission.DOCUMENT_SHARE,
    action=DOCUMENT_FOLDER_SHARED,
    fetch=_fetch,
    announce=_announce,
    has_file=True,
)
