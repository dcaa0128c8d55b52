"""Who may do what with documents and their folders, as conditions in SQL, the same for lists, search and citations.

A document belongs to its owner. Others are given it, or a folder around it, which reaches all within; and whoever a
folder belongs to may do everything with what others put there. Who is kept out of either stays out.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlmodel import col

from convosphere.core.permissions import Actor
from convosphere.identity.grants import Level, grant_exists, granted_ids
from convosphere.knowledge.models import Document, DocumentFolder

DOCUMENT: Final = "document"
FOLDER: Final = "document_folder"
TAKE: Final[Level] = "use"
"""What somebody needs to get the file of a document; `view` is to see what it says, find it, ask it and cite it."""


class Viewpoint(Protocol):
    """Somebody's eyes: a unit of work has its actor's."""

    @property
    def actor(self) -> Actor:
        """Whose they are."""
        ...


@dataclass(frozen=True)
class As:
    """The eyes of somebody else than the unit's actor, for what is done on their behalf."""

    actor: Actor


def may_access_document(uow: Viewpoint, level: Level) -> ColumnElement[bool]:
    """True in SQL where the actor may do `level` with the document, and it is not in the trash."""
    return and_(may_access_anywhere(uow, level), col(Document.trashed_at).is_(None))


def may_access_trashed(uow: Viewpoint, level: Level) -> ColumnElement[bool]:
    """The same of documents in the trash."""
    return and_(may_access_anywhere(uow, level), col(Document.trashed_at).is_not(None))


def may_access_anywhere(uow: Viewpoint, level: Level) -> ColumnElement[bool]:
    """The same of all: nothing but removing them for good asks for both at once."""
    actor, owner_id, folders = uow.actor, col(Document.owner_id), col(Document.folder_ids)
    if actor.role == "system":
        return owner_id.is_not(None)
    document = partial(grant_exists, actor, DOCUMENT, col(Document.id), level)
    outermost = select(col(DocumentFolder.id)).where(
        col(DocumentFolder.owner_id) == actor.account_id, col(DocumentFolder.parent_id).is_(None)
    )
    is_given = or_(document(is_deny=False), _meets(uow, folders, level, is_deny=False), folders[1].in_(outermost))
    is_kept_out = or_(document(is_deny=True), _meets(uow, folders, level, is_deny=True))
    return or_(owner_id == actor.account_id, and_(is_given, ~is_kept_out))


def may_access_folder(
    uow: Viewpoint, level: Level, folder: type[DocumentFolder] = DocumentFolder
) -> ColumnElement[bool]:
    """True in SQL where the actor may do `level` with the folder: it is theirs, or it or one around it was given.

    `folder` is the table, or an alias of it.
    """
    path, owner_id = col(folder.path), col(folder.owner_id)
    if uow.actor.role == "system":
        return owner_id.is_not(None)
    is_given, is_kept_out = _meets(uow, path, level, is_deny=False), _meets(uow, path, level, is_deny=True)
    return or_(owner_id == uow.actor.account_id, and_(is_given, ~is_kept_out))


def _meets(uow: Viewpoint, folders: Mapped[list[UUID]], level: Level, *, is_deny: bool) -> ColumnElement[bool]:
    """True where one of some folders was given to the actor, or denied."""
    found = granted_ids(uow.actor, FOLDER, level, is_deny=is_deny)
    return folders.bool_op("&&")(func.array(found.scalar_subquery(), type_=ARRAY(Uuid)))
