"""What a list shows of a document, in one statement: its version, its owner, its folders, tags and marks."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import AccessGrant, Account
from convosphere.knowledge.models import Document, DocumentFolder, DocumentMark, DocumentTag, DocumentVersion, Tag
from convosphere.knowledge.queries.access import DOCUMENT, FOLDER, TAKE, may_access_anywhere, may_access_folder

DocumentColumns = Row[
    Document, int, str, int | None, str, bool, bool, bool, bool, list[list[str]] | None, list[list[str]] | None, bool,
    bool, bool,
]  # fmt: skip
"""A document, its version's size, media type and pages, its owner's name, whether everyone or somebody else has it,
whether it may be changed and managed, id and name of its folders that the actor sees, the outermost first, id, name and
colour of its tags, whether the actor marked it as a favourite or follows it, and whether they may have its file."""


def document_rows(uow: UnitOfWork) -> Select[*tuple[Any, ...]]:
    """A select of `DocumentColumns`. Which documents, and whether the actor sees them, is for the caller to say."""
    is_for_everyone = col(AccessGrant.subject_type) == "everyone"
    return (
        select(
            Document,
            col(DocumentVersion.size),
            col(DocumentVersion.media_type),
            col(DocumentVersion.pages),
            col(Account.name).label("owner_name"),
            is_given().where(is_for_everyone).label("is_shared"),
            is_given().where(~is_for_everyone).label("is_shared_with_some"),
            may_access_anywhere(uow, "edit").label("can_edit"),
            may_access_anywhere(uow, "manage").label("can_manage"),
            _folders(uow).label("folders"),
            _tags().label("tags"),
            col(DocumentMark.favoured_at).is_not(None).label("is_favourite"),
            col(DocumentMark.followed_at).is_not(None).label("is_followed"),
            may_access_anywhere(uow, TAKE).label("can_take"),
        )
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .join(Account, col(Account.id) == col(Document.owner_id))
        .outerjoin(
            DocumentMark,
            and_(
                col(DocumentMark.document_id) == col(Document.id),
                col(DocumentMark.account_id) == uow.actor.account_id,
            ),
        )
    )


def is_given() -> Any:  # noqa: ANN401  # SQLAlchemy's `Exists` takes further conditions.
    """True in SQL where something of the document, or of a folder around it, is granted to somebody."""
    of_document = and_(col(AccessGrant.object_type) == DOCUMENT, col(AccessGrant.object_id) == col(Document.id))
    of_folder = and_(
        col(AccessGrant.object_type) == FOLDER, col(AccessGrant.object_id) == func.any(col(Document.folder_ids))
    )
    return exists().where(or_(of_document, of_folder), ~col(AccessGrant.is_deny))


def _folders(uow: UnitOfWork) -> ColumnElement[list[list[str]] | None]:
    depth = func.cardinality(col(DocumentFolder.path))
    named = func.jsonb_build_array(col(DocumentFolder.id), col(DocumentFolder.name))
    return (
        select(func.jsonb_agg(aggregate_order_by(named, depth)))
        .where(col(DocumentFolder.id) == func.any(col(Document.folder_ids)), may_access_folder(uow, "view"))
        .correlate(Document)
        .scalar_subquery()
    )


def _tags() -> ColumnElement[list[list[str]] | None]:
    named = func.jsonb_build_array(col(Tag.id), col(Tag.name), col(Tag.colour))
    return (
        select(func.jsonb_agg(aggregate_order_by(named, func.lower(col(Tag.name)))))
        .select_from(DocumentTag)
        .join(Tag, col(Tag.id) == col(DocumentTag.tag_id))
        .where(col(DocumentTag.document_id) == col(Document.id))
        .correlate(Document)
        .scalar_subquery()
    )
