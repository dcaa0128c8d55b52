"""Folders: making, filling with instructions and documents, nesting, sharing and taking them away."""

from collections.abc import Sequence
from uuid import UUID

from convosphere.chat.errors import FolderTooDeepError, TooManyFoldersError
from convosphere.chat.folders import (
    DEEPEST,
    LONGEST_INSTRUCTIONS,
    LONGEST_NAME,
    MOST_DOCUMENTS,
    MOST_FOLDERS,
    OBJECT_TYPE,
    FolderBrief,
    FolderRow,
    in_order,
)
from convosphere.chat.models import ConversationFolder
from convosphere.chat.queries import folders as folder_queries
from convosphere.chat.service.filing import publish_filing
from convosphere.core.audit.actions import FOLDER_DELETED, FOLDER_SHARED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.grants import GrantKind
from convosphere.knowledge.service.documents import list_names


async def list_folders(actor: Actor) -> list[FolderRow]:
    """All folders that the actor sees, each below the one that it is in."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return in_order(await folder_queries.list_folders(uow))


async def create_folder(actor: Actor, name: str, parent_id: UUID | None = None) -> UUID:
    """Make a folder, outermost or in one that the actor may change, to whose owner it then belongs.

    Raises:
        InvalidInputError: it has no name.
        FolderTooDeepError, TooManyFoldersError: there is no room for it.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    name = _checked_name(name)
    async with unit_of_work(actor) as uow:
        parent = await folder_queries.get_folder(uow, parent_id, "edit", lock=True) if parent_id else None
        if parent and len(parent.path) >= DEEPEST:
            raise FolderTooDeepError
        owner_id = parent.owner_id if parent else uow.account_id
        if await folder_queries.count_owned(uow, owner_id) >= MOST_FOLDERS:
            raise TooManyFoldersError
        folder = ConversationFolder(workspace_id=uow.workspace_id, owner_id=owner_id, parent_id=parent_id, name=name)
        folder.path = [*(parent.path if parent else ()), folder.id]
        uow.session.add(folder)
        await publish_filing(uow)
    return folder.id


async def rename_folder(actor: Actor, folder_id: UUID, name: str) -> None:
    """Call a folder something else; an empty name changes nothing."""
    require(actor, Permission.CONVERSATION_WRITE)
    if not name.strip():
        return
    name = _checked_name(name)
    async with unit_of_work(actor) as uow:
        folder = await folder_queries.get_folder(uow, folder_id, "edit", lock=True)
        folder.name, folder.updated_at = name, utc_now()
        await publish_filing(uow)


async def get_brief(actor: Actor, folder_id: UUID) -> FolderBrief:
    """What a folder says to whoever answers in it. Documents that the actor does not see are not among them."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        folder = await folder_queries.get_folder(uow, folder_id)
        can_edit = await _may_edit(uow, folder_id)
        seen = folder.document_ids and actor.may(Permission.DOCUMENT_READ)
        documents = await list_names(uow, folder.document_ids) if seen else {}
    return FolderBrief(folder.id, folder.name, folder.instructions, documents, can_edit)


async def write_brief(actor: Actor, folder_id: UUID, instructions: str, document_ids: Sequence[UUID]) -> None:
    """Say what counts for all conversations of a folder; documents must be ones that the actor sees.

    Documents of others that the actor does not see stay.

    Raises:
        InvalidInputError: it is too long, or there are too many documents.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    instructions = instructions.replace("\x00", "").strip()
    if len(instructions) > LONGEST_INSTRUCTIONS:
        raise InvalidInputError(t("Instructions have at most {count} characters.", count=LONGEST_INSTRUCTIONS))
    async with unit_of_work(actor) as uow:
        folder = await folder_queries.get_folder(uow, folder_id, "edit", lock=True)
        asked = list(dict.fromkeys((*document_ids, *folder.document_ids)))
        seen = await list_names(uow, asked) if asked and actor.may(Permission.DOCUMENT_READ) else {}
        unseen = [each for each in folder.document_ids if each not in seen]
        kept = [each for each in dict.fromkeys(document_ids) if each in seen]
        if len(kept) + len(unseen) > MOST_DOCUMENTS:
            raise InvalidInputError(t("A folder has at most {count} documents.", count=MOST_DOCUMENTS))
        folder.instructions, folder.document_ids, folder.updated_at = instructions, [*unseen, *kept], utc_now()
        await publish_filing(uow)


async def move_folder(actor: Actor, folder_id: UUID, parent_id: UUID | None) -> None:
    """Put a folder into another one of the same owner, or outermost.

    Raises:
        InvalidInputError: it would be within itself, or belong to somebody else.
        FolderTooDeepError: something within it would lie too deep.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        folder = await folder_queries.get_folder(uow, folder_id, "manage", lock=True)
        parent = await folder_queries.get_folder(uow, parent_id, "edit", lock=True) if parent_id else None
        above = parent.path if parent else []
        if folder_id in above or (parent and parent.owner_id != folder.owner_id):
            raise InvalidInputError(t("This folder cannot be moved there."))
        within = await folder_queries.deepest_below(uow, folder_id) - len(folder.path) + 1
        if len(above) + within > DEEPEST:
            raise FolderTooDeepError
        await folder_queries.move_folder(uow, folder_id, above)
        folder.parent_id = parent_id
        await publish_filing(uow)


async def delete_folder(actor: Actor, folder_id: UUID) -> None:
    """Take a folder away with all within it. Conversations stay, outside of all folders."""
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        folder = await folder_queries.get_folder(uow, folder_id, "manage", lock=True)
        await folder_queries.delete_folder(uow, folder_id)
        uow.session.expunge(folder)
        uow.record(FOLDER_DELETED, folder_id, label=folder.name)
        await publish_filing(uow)


async def _may_edit(uow: UnitOfWork, folder_id: UUID) -> bool:
    return any(row.can_edit for row in await folder_queries.list_folders(uow) if row.id == folder_id)


async def _fetch(uow: UnitOfWork, folder_id: UUID) -> ConversationFolder:
    return await folder_queries.get_folder(uow, folder_id, "manage", lock=True)


async def _announce(uow: UnitOfWork, folder_id: UUID) -> None:
    await uow.publish(f"folder:{folder_id}")
    await publish_filing(uow)


FOLDER_GRANTS = GrantKind(
    object_type=OBJECT_TYPE,
    seen_with=Permission.CONVERSATION_READ,
    shared_with=Permission.CONVERSATION_SHARE,
    action=FOLDER_SHARED,
    fetch=_fetch,
    announce=_announce,
)


def _checked_name(name: str) -> str:
    name = plain_line(name)[:LONGEST_NAME].strip()
    if not name:
        raise InvalidInputError(t("Please give the folder a name."))
    return name
