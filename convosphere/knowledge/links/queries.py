"""The SQL of links to documents, folders and collections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import ColumnElement, and_, any_, func, literal, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.queries.link_rules import ALLOWS_ANYONE
from convosphere.identity.service.link_rules import Scope
from convosphere.knowledge.links.schemas import Kind, LinkedDocument, LinkRow, Located, StoredLink, Visit
from convosphere.knowledge.models import Document, DocumentFolder, DocumentVersion
from convosphere.knowledge.queries.access import may_access_document
from convosphere.knowledge.queries.filtering import is_shown

COLUMNS: Final[dict[Kind, str]] = {
    "document": "document_id", "document_folder": "folder_id", "collection": "collection_id",
}  # fmt: skip
_WORKS = f"""
    l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > now())
    AND (l.scope = 'workspace' OR {ALLOWS_ANYONE})
"""  # Of constants, like all below.
_ADD: Final = {
    kind: text(
        f"""
        INSERT INTO document_link (id, workspace_id, {column}, token_hash, created_by, scope, may_download, expires_at,
                                   filter)
        VALUES (:id, :workspace_id, :target_id, :token_hash, :account_id, :scope, :may_download, :expires_at, :filter)
        """  # noqa: S608
    )
    for kind, column in COLUMNS.items()
}
_LIST: Final = {
    kind: text(
        f"""
        SELECT l.id, l.scope, l.may_download, l.uses, l.created_at, l.expires_at, coalesce(a.name, '') AS made_by,
            ({_WORKS}) AND EXISTS (SELECT FROM membership AS m WHERE m.account_id = l.created_by AND m.is_active
                AND m.workspace_id = l.workspace_id) AS works
        FROM document_link AS l LEFT JOIN account AS a ON a.id = l.created_by
        WHERE l.{column} = :target_id AND l.revoked_at IS NULL ORDER BY l.id DESC LIMIT :most
        """  # noqa: S608
    )
    for kind, column in COLUMNS.items()
}
_KIND = """
    CASE WHEN l.document_id IS NOT NULL THEN 'document' WHEN l.folder_id IS NOT NULL THEN 'document_folder'
        ELSE 'collection' END AS kind,
    coalesce(l.document_id, l.folder_id, l.collection_id) AS target_id, l.id, l.created_by, l.scope, l.may_download,
    l.filter
"""
_LOCATE = text("SELECT id, workspace_id FROM find_document_link(:token_hash)")
_GET = text(f"SELECT {_KIND} FROM document_link AS l WHERE l.id = :id AND l.revoked_at IS NULL")  # noqa: S608
_GET_OPEN = text(f"SELECT {_KIND} FROM document_link AS l WHERE l.id = :id AND {_WORKS}")  # noqa: S608
_REVOKE = text("UPDATE document_link SET revoked_at = now() WHERE id = :id AND revoked_at IS NULL")
_COUNT_USE = text("UPDATE document_link SET uses = uses + 1, used_at = now() WHERE id = :id")


@dataclass(frozen=True)
class NewLink:
    """What is kept of a link besides what it leads to."""

    id: UUID
    token_hash: bytes
    scope: Scope
    may_download: bool
    expires_at: datetime | None
    filter: Mapping[str, Any] | None
    """Of a collection as it is now: who may change that later shall not change what somebody else shares."""


def add_link(uow: UnitOfWork, kind: Kind, target_id: UUID, link: NewLink) -> None:
    """Keep a link to something that the actor may share."""
    given = {
        "id": link.id, "workspace_id": uow.workspace_id, "target_id": target_id, "token_hash": link.token_hash,
        "account_id": uow.account_id, "scope": link.scope, "may_download": link.may_download,
        "expires_at": link.expires_at, "filter": Jsonb(link.filter) if link.filter is not None else None,
    }  # fmt: skip
    uow.defer(_ADD[kind], given)


async def list_links(uow: UnitOfWork, kind: Kind, target_id: UUID, most: int) -> Sequence[LinkRow]:
    """Links to something that was fetched before, the newest first."""
    return await uow.rows(LinkRow, _LIST[kind], {"target_id": target_id, "most": most})


async def locate(uow: UnitOfWork, token_hash: bytes) -> Located | None:
    """In which workspace the link of a token is, whether it works or not."""
    return await uow.row(Located, _LOCATE, {"token_hash": token_hash})


async def get_link(uow: UnitOfWork, link_id: UUID, *, is_open: bool) -> StoredLink:
    """A link of the unit's workspace that nobody has revoked, or one that works.

    Raises:
        NotFoundError: there is none.
    """
    link = await uow.row(StoredLink, _GET_OPEN if is_open else _GET, {"id": link_id})
    if link is None:
        raise NotFoundError
    return link


def revoke(uow: UnitOfWork, link_id: UUID) -> None:
    """Let a link open nothing any more."""
    uow.defer(_REVOKE, {"id": link_id})


def count_use(uow: UnitOfWork, link_id: UUID) -> None:
    """Note that somebody opened a link."""
    uow.defer(_COUNT_USE, {"id": link_id})


async def shows_document(uow: UnitOfWork, visit: Visit, document_id: UUID) -> bool:
    """Whether a link shows a document. The unit is its maker's, whose rights are asked anew."""
    found = select(col(Document.id)).where(col(Document.id) == document_id, _is_behind(uow, visit))
    return await uow.session.scalar(found) is not None


async def list_documents(uow: UnitOfWork, visit: Visit, skip: int, most: int) -> list[LinkedDocument]:
    """What a link shows, by name. The unit is its maker's."""
    rows = await uow.session.execute(
        select(
            col(Document.id), col(Document.name), col(DocumentVersion.file_name), col(DocumentVersion.media_type),
            col(DocumentVersion.size), col(DocumentVersion.pages), _place(visit), col(Document.created_at),
        )
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(col(Document.id).in_(select(col(Document.id)).where(_is_behind(uow, visit))))
        .order_by(func.lower(col(Document.name)), col(Document.id))
        .offset(skip)
        .limit(most)
    )  # fmt: skip
    return [LinkedDocument(*row) for row in rows]


async def count_documents(uow: UnitOfWork, visit: Visit) -> int:
    """How many documents a link shows."""
    counted = select(func.count()).select_from(Document).where(_is_behind(uow, visit))
    return await uow.session.scalar(counted) or 0


def _is_behind(uow: UnitOfWork, visit: Visit) -> ColumnElement[bool]:
    """What the maker may share now: what they only may see, somebody else gives away."""
    if visit.shows is None:
        return and_(col(Document.id) == visit.link.target_id, may_access_document(uow, "manage"))
    return is_shown(uow, visit.shows, "manage")


def _place(visit: Visit) -> ColumnElement[str]:
    """Names of the folders between the shared one and a document, joined by "/"."""
    if visit.link.kind != "document_folder":
        return literal("")
    depth = func.cardinality(col(DocumentFolder.path))
    joined = (
        select(func.string_agg(col(DocumentFolder.name), aggregate_order_by(literal("/"), depth)))
        .where(
            col(DocumentFolder.id) == func.any(col(Document.folder_ids)),
            literal(visit.link.target_id) == any_(col(DocumentFolder.path)),
            col(DocumentFolder.id) != visit.link.target_id,
        )
        .correlate(Document)
        .scalar_subquery()
    )
    return func.coalesce(joined, "")
