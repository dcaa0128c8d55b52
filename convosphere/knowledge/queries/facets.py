"""The SQL of what documents can be told apart by, and how many there are of each."""

from dataclasses import replace
from typing import Final

from sqlalchemy import String, cast, func, select, tuple_
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.authors import author_words
from convosphere.knowledge.queries.filtering import is_shown
from convosphere.knowledge.schemas import ALL_DOCUMENTS, DocumentFilter, Facet, Facets

_AUTHORS: Final = 0b1101


async def list_facets(uow: UnitOfWork, most: int) -> Facets:
    """What the documents that the actor sees can be told apart by, the most frequent first, in one pass."""
    kind, language, owner = col(DocumentVersion.media_type), col(Document.language), col(Document.owner_id)
    author = col(Document.author)
    shown = (
        select(kind.label("kind"), language.label("language"), author.label("author"), owner.label("owner"))
        .join(DocumentVersion, col(DocumentVersion.id) == col(Document.current_version_id))
        .where(is_shown(uow, ALL_DOCUMENTS))
        .subquery()
    )
    values = shown.c
    counted = (
        select(
            func.grouping(values.kind, values.language, values.author, values.owner).label("part"),
            func.coalesce(values.kind, values.language, values.author, cast(values.owner, String)).label("key"),
            values.owner.label("owner"),
            func.count().label("count"),
        )
        .group_by(
            func.grouping_sets(
                tuple_(values.kind), tuple_(values.language), tuple_(values.author), tuple_(values.owner)
            )
        )
        .subquery("counted")
    )
    rows = await uow.session.execute(
        select(
            counted.c.part,
            counted.c.key,
            func.coalesce(col(Account.name), ""),
            counted.c.count,
            author_words("counted.key"),
        )
        .outerjoin(Account, col(Account.id) == counted.c.owner)
        .where(counted.c.key != "")
        .order_by(counted.c.count.desc(), counted.c.key)
    )
    found: dict[int, list[Facet]] = {}
    written: dict[str, list[Facet]] = {}
    for part, key, name, count, words in rows:
        facet = Facet(key, name, count)
        (written.setdefault(words or key, []) if part == _AUTHORS else found.setdefault(part, [])).append(facet)
    found[_AUTHORS] = sorted(map(_as_one, written.values()), key=lambda facet: (-facet.count, facet.key))
    # GROUPING sets a bit for each column that a row is not grouped by, the first one highest.
    parts = (tuple(found.get(part, ())[:most]) for part in (0b0111, 0b1011, _AUTHORS, 0b1110))
    due = select(func.count()).where(is_shown(uow, DocumentFilter(is_review_due=True)))
    return Facets(*parts, review_due=await uow.session.scalar(due) or 0)


def _as_one(spellings: list[Facet]) -> Facet:
    """Somebody whose name is written in several ways, by the most frequent one, which is the first."""
    return replace(spellings[0], count=sum(each.count for each in spellings))
