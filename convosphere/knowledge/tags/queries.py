"""The SQL of tags. Fetching is authorising."""

from collections.abc import Sequence
from typing import Final, Literal, cast
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, delete, exists, func, literal, or_, select, text, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import may_access
from convosphere.identity.models import AccessGrant
from convosphere.knowledge.errors import TagNotFoundError
from convosphere.knowledge.models import Document, DocumentTag, Tag, TagRefusal
from convosphere.knowledge.queries.access import Viewpoint, may_access_document
from convosphere.knowledge.schemas import TagLabel
from convosphere.knowledge.tags.schemas import TagRow

TAG: Final = "tag"
Source = Literal["person", "rule"]
Access = Literal["use", "edit"]

_MOVE = text(
    """
    UPDATE tag SET path = CAST(:above AS uuid[]) || path[array_position(path, :tag_id):], updated_at = now()
    WHERE path @> ARRAY[CAST(:tag_id AS uuid)]
    """
)
_DEEPEST = text("SELECT max(cardinality(path)) FROM tag WHERE path @> ARRAY[CAST(:tag_id AS uuid)]")
_COPY = text(
    """
    INSERT INTO document_tag (document_id, tag_id, workspace_id, source)
    SELECT document_id, :into_id, workspace_id, source FROM document_tag WHERE tag_id = :tag_id
    ON CONFLICT DO NOTHING
    """
)
# Where the other tag stands already, somebody wants it there.
_HAND_REFUSALS = text(
    """
    INSERT INTO tag_refusal (document_id, tag_id, workspace_id, account_id)
    SELECT r.document_id, :into_id, r.workspace_id, r.account_id FROM tag_refusal AS r
    WHERE r.tag_id = :tag_id AND NOT EXISTS (
        SELECT FROM document_tag AS t WHERE t.document_id = r.document_id AND t.tag_id = :into_id
    )
    ON CONFLICT DO NOTHING
    """
)
_REFUSE = text(
    """
    INSERT INTO tag_refusal (document_id, tag_id, workspace_id, account_id)
    SELECT key, :tag_id, :workspace_id, :account_id FROM unnest(CAST(:document_ids AS uuid[])) AS key
    ON CONFLICT DO NOTHING
    """
)
_HAND_RULES = text("UPDATE tag_rule SET tag_id = :into_id WHERE tag_id = :tag_id")
# A saved filter holds tags by their ids.
_HAND_FILTERS = text(
    """
    UPDATE collection SET filter = replace(CAST(filter AS text), :tag_text, :into_text)::jsonb
    WHERE strpos(CAST(filter AS text), :tag_text) > 0
    """
)


def may_use(uow: Viewpoint) -> ColumnElement[bool]:
    """True in SQL of the tags that the actor may put on documents."""
    return or_(~col(Tag.is_restricted), _is_given(uow, "use"))


def may_edit(uow: Viewpoint) -> ColumnElement[bool]:
    """True in SQL of the tags that the actor may change: own ones, given ones, and all for who runs the workspace."""
    return _is_given(uow, "edit")


def _is_given(uow: Viewpoint, level: Access) -> ColumnElement[bool]:
    if uow.actor.may(Permission.WORKSPACE_MANAGE):
        return true()
    owner_id = cast("SQLColumnExpression[UUID]", col(Tag.owner_id))  # Nobody's, once its owner has left.
    return func.coalesce(may_access(uow.actor, TAG, col(Tag.id), owner_id, level), False)


def is_seen(uow: UnitOfWork) -> ColumnElement[bool]:
    """True in SQL of the tags that the actor may use, or that stand on documents that they see."""
    on_document = (
        select(literal(1))
        .select_from(DocumentTag)
        .join(Document, col(Document.id) == col(DocumentTag.document_id))
        .where(col(DocumentTag.tag_id) == col(Tag.id), may_access_document(uow, "view"))
    )
    return or_(may_use(uow), exists(on_document))


async def get_tag(uow: UnitOfWork, tag_id: UUID, access: Access, *, lock: bool = False) -> Tag:
    """A tag that the actor may use or edit.

    Raises:
        TagNotFoundError: there is none.
    """
    condition = may_use(uow) if access == "use" else may_edit(uow)
    statement = select(Tag).where(col(Tag.id) == tag_id, condition).execution_options(populate_existing=True)
    tag = await uow.session.scalar(statement.with_for_update(of=Tag) if lock else statement)
    if tag is None:
        raise TagNotFoundError
    return tag


async def list_tags(uow: UnitOfWork, words: str, most: int) -> list[TagRow]:
    """Tags that the actor sees, by name, with the number of documents that they see under each.

    `words` are looked for in names and synonyms.
    """
    counted = (
        select(col(DocumentTag.tag_id), func.count().label("documents"))
        .join(Document, col(Document.id) == col(DocumentTag.document_id))
        .where(may_access_document(uow, "view"))
        .group_by(col(DocumentTag.tag_id))
        .subquery()
    )
    documents = func.coalesce(counted.c.documents, 0)
    rows = await uow.session.execute(
        select(Tag, may_use(uow).label("can_use"), may_edit(uow).label("can_edit"), documents)
        .outerjoin(counted, counted.c.tag_id == col(Tag.id))
        .where(or_(may_use(uow), documents > 0), is_called(words))
        .order_by(func.lower(col(Tag.name)), col(Tag.id))
        .limit(most)
    )
    return [_row(tag, can_use=can_use, can_edit=can_edit, documents=count) for tag, can_use, can_edit, count in rows]


def is_called(words: str) -> ColumnElement[bool]:
    """True in SQL of the tags whose name, or a synonym, contains some words."""
    if not words:
        return true()
    called = func.lower(func.concat_ws("\n", col(Tag.name), func.array_to_string(col(Tag.synonyms), "\n")))
    return called.contains(words.lower(), autoescape=True)


async def list_usable(uow: UnitOfWork, words: str, most: int) -> list[TagLabel]:
    """Tags that the actor may put on documents, those whose name begins with some words before others."""
    begins = func.lower(col(Tag.name)).startswith(words.lower(), autoescape=True)
    rows = await uow.session.execute(
        select(col(Tag.id), col(Tag.name), col(Tag.colour))
        .where(may_use(uow), is_called(words))
        .order_by(begins.desc(), func.lower(col(Tag.name)), col(Tag.id))
        .limit(most)
    )
    return [TagLabel(*row) for row in rows]


def _row(tag: Tag, *, can_use: bool, can_edit: bool, documents: int) -> TagRow:
    return TagRow(
        id=tag.id, name=tag.name, colour=tag.colour, description=tag.description, synonyms=tuple(tag.synonyms),
        parent_id=tag.parent_id, is_restricted=tag.is_restricted, can_use=can_use, can_edit=can_edit,
        documents=documents,
    )  # fmt: skip


async def find_named(uow: UnitOfWork, name: str) -> UUID | None:
    """The tag of the workspace with a name, whatever its case, whoever may see it."""
    return await uow.session.scalar(select(col(Tag.id)).where(func.lower(col(Tag.name)) == func.lower(name)))


async def count_tags(uow: UnitOfWork) -> int:
    """How many tags the workspace has."""
    return await uow.session.scalar(select(func.count()).select_from(Tag)) or 0


async def deepest_below(uow: UnitOfWork, tag_id: UUID) -> int:
    """How deep the deepest tag within one lies, counted from outermost."""
    return await uow.session.scalar(_DEEPEST, {"tag_id": tag_id}) or 0


async def move_tag(uow: UnitOfWork, tag_id: UUID, above: Sequence[UUID]) -> None:
    """Put a tag with all within it below others."""
    await uow.session.execute(_MOVE, {"tag_id": tag_id, "above": list(above)})


async def list_within(uow: UnitOfWork, tag_id: UUID) -> list[Tag]:
    """The tags directly within one."""
    return list(await uow.session.scalars(select(Tag).where(col(Tag.parent_id) == tag_id)))


async def hand_over_uses(uow: UnitOfWork, tag_id: UUID, into_id: UUID) -> None:
    """Put one tag in the place of another one: on documents, in rules and in saved filters.

    What was said not to fit the one does not fit the other either, unless that stands there.
    """
    await uow.session.execute(_COPY, {"tag_id": tag_id, "into_id": into_id})
    await uow.session.execute(_HAND_REFUSALS, {"tag_id": tag_id, "into_id": into_id})
    await uow.session.execute(_HAND_RULES, {"tag_id": tag_id, "into_id": into_id})
    await uow.session.execute(_HAND_FILTERS, {"tag_text": str(tag_id), "into_text": str(into_id)})


async def delete_tag(uow: UnitOfWork, tag_id: UUID) -> None:
    """Remove a tag that no other lies within, and what was granted of it."""
    is_grant = (col(AccessGrant.object_type) == TAG) & (col(AccessGrant.object_id) == tag_id)
    await uow.session.execute(delete(AccessGrant).where(is_grant))
    await uow.session.execute(delete(Tag).where(col(Tag.id) == tag_id))


async def put(uow: UnitOfWork, document_ids: Sequence[UUID], tag_id: UUID, source: Source) -> set[UUID]:
    """Put a tag on documents; gives those that did not have it."""
    rows = [
        {"document_id": key, "tag_id": tag_id, "workspace_id": uow.workspace_id, "source": source}
        for key in document_ids
    ]
    if not rows:
        return set()
    statement = insert(DocumentTag).values(rows).on_conflict_do_nothing().returning(col(DocumentTag.document_id))
    return set(await uow.session.scalars(statement))


async def refuse(uow: UnitOfWork, document_ids: Sequence[UUID], tag_id: UUID) -> None:
    """Write down that a tag does not fit documents, as the actor says."""
    told = {"document_ids": list(document_ids), "tag_id": tag_id, "workspace_id": uow.workspace_id}
    await uow.session.execute(_REFUSE, {**told, "account_id": uow.actor.account_id})


async def allow(uow: UnitOfWork, document_ids: Sequence[UUID], tag_id: UUID) -> None:
    """Forget that anybody said so."""
    await uow.session.execute(
        delete(TagRefusal).where(col(TagRefusal.document_id).in_(document_ids), col(TagRefusal.tag_id) == tag_id)
    )


async def take(
    uow: UnitOfWork, document_ids: Sequence[UUID], tag_id: UUID, source: Source | None = None
) -> dict[UUID, str]:
    """Take a tag off documents, with `source` only where a person or a rule put it.

    Gives those that had it, and who had put it there.
    """
    is_of_source = true() if source is None else col(DocumentTag.source) == source
    rows = await uow.session.execute(
        delete(DocumentTag)
        .where(col(DocumentTag.document_id).in_(document_ids), col(DocumentTag.tag_id) == tag_id, is_of_source)
        .returning(col(DocumentTag.document_id), col(DocumentTag.source))
    )
    return {row[0]: row[1] for row in rows}
