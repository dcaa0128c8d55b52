"""The SQL of what documents can be told apart by, and how many there are of each."""

from sqlalchemy import String, cast, func, select, tuple_
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.filtering import is_shown
from convosphere.knowledge.schemas import ALL_DOCUMENTS, Facet, Facets


async def list_facets(uow: UnitOfWork, most: int) -> Facets:
    """Kinds, languages and owners of the documents that the actor sees, the most frequent first, in one pass."""
    kind, language, owner = col(DocumentVersion.media_type), col(DocumentVersion.language), col(Document.owner_id)
    shown = (
        select(kind.label("kind"), language.label("language"), owner.label("owner"))
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(is_shown(uow, ALL_DOCUMENTS))
        .subquery()
    )
    values = shown.c
    counted = (
        select(
            func.grouping(values.kind, values.language, values.owner).label("part"),
            func.coalesce(values.kind, values.language, cast(values.owner, String)).label("key"),
            values.owner.label("owner"),
            func.count().label("count"),
        )
        .group_by(func.grouping_sets(tuple_(values.kind), tuple_(values.language), tuple_(values.owner)))
        .subquery()
    )
    rows = await uow.session.execute(
        select(counted.c.part, counted.c.key, func.coalesce(col(Account.name), ""), counted.c.count)
        .outerjoin(Account, col(Account.id) == counted.c.owner)
        .where(counted.c.key != "")
        .order_by(counted.c.count.desc(), counted.c.key)
    )
    found: dict[int, list[Facet]] = {}
    for part, key, name, count in rows:
        found.setdefault(part, []).append(Facet(key, name, count))
    # GROUPING sets a bit for each column that a row is not grouped by, the first one highest.
    kinds, languages, owners = (tuple(found.get(part, ())[:most]) for part in (0b011, 0b101, 0b110))
    return Facets(kinds, languages, owners)
