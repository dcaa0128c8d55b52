"""The SQL of what tags are used for, of documents that the actor sees."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, select, text
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.models import DocumentTag, Tag
from convosphere.knowledge.schemas import TagLabel
from convosphere.knowledge.search.visibility import visible_documents
from convosphere.knowledge.tags.queries import may_edit

# One statement, so that who sees what is asked once. {documents} are those that the actor sees. The tags of a document
# come off the index `document_tag_uses` together, and documents with the same ones are counted before anything is made
# of them: in 20,000 documents there are far fewer sets of tags, and of days on which they came, than tags that stand
# somewhere. Only the most used tags are held against one another, as all pairs of thousands would fill no picture; so
# few that those of a document are bits of a number.
_COUNT = """
    WITH filed AS MATERIALIZED (
        SELECT t.tags, t.days FROM ({documents}) AS d LEFT JOIN (
            SELECT document_id, array_agg(tag_id) AS tags,
                   array_agg(CAST(created_at AT TIME ZONE 'UTC' AS date)) AS days
            FROM document_tag GROUP BY document_id
        ) AS t ON t.document_id = d.id
    ),
    alike AS MATERIALIZED (
        SELECT tags, count(*) AS documents, row_number() OVER () AS number FROM filed GROUP BY tags
    ),
    counted AS MATERIALIZED (
        SELECT tag_id, CAST(sum(documents) AS bigint) AS documents FROM alike, unnest(tags) AS tag_id GROUP BY tag_id
    ),
    often AS MATERIALIZED (
        SELECT tag_id, 1 << CAST(row_number() OVER (ORDER BY documents DESC, tag_id) - 1 AS int) AS bit FROM counted
        ORDER BY documents DESC, tag_id LIMIT %(compared)s
    ),
    marked AS MATERIALIZED (
        SELECT bit_or(o.bit) AS bits, min(a.documents) AS documents
        FROM alike AS a CROSS JOIN unnest(a.tags) AS u (tag_id) JOIN often AS o ON o.tag_id = u.tag_id
        WHERE cardinality(a.tags) > 1 GROUP BY a.number
    ),
    together AS MATERIALIZED (
        SELECT bits, sum(documents) AS documents FROM marked GROUP BY bits
    )
    (SELECT 'tag' AS part, tag_id AS first, NULL::uuid AS second, NULL::date AS month, documents AS count
        FROM counted ORDER BY documents DESC, tag_id LIMIT %(most)s)
    UNION ALL
    (SELECT 'pair', a.tag_id, b.tag_id, NULL, CAST(sum(t.documents) AS bigint) AS times
        FROM together AS t JOIN often AS a ON t.bits & a.bit <> 0
        JOIN often AS b ON t.bits & b.bit <> 0 AND a.tag_id < b.tag_id
        GROUP BY a.tag_id, b.tag_id ORDER BY times DESC, a.tag_id, b.tag_id LIMIT %(most)s)
    UNION ALL
    SELECT 'month', NULL, NULL, CAST(date_trunc('month', day) AS date), CAST(sum(s.documents) AS bigint)
        FROM (SELECT days, count(*) AS documents FROM filed GROUP BY days) AS s CROSS JOIN unnest(s.days) AS day
        GROUP BY 4
    UNION ALL SELECT 'used', NULL, NULL, NULL, count(*) FROM counted
    UNION ALL SELECT 'documents', NULL, NULL, NULL, count(*) FROM filed
    UNION ALL SELECT 'tagged', NULL, NULL, NULL, count(tags) FROM filed
"""
# How many documents somebody sees the planner takes for one, and would look up the tags of each of 20,000 by itself:
# that takes three fifths of the time. All that is joined here is joined whole, and what is counted stays in memory. It
# holds until the transaction ends, so that whatever else is asked there comes before.
_JOIN_WHOLE = text("SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '32MB', true)")
MOST_SHOWN: Final = 15
_COMPARED: Final = 30
"""No more than there are bits in a number of four bytes without its sign."""


@dataclass(frozen=True)
class Counted:
    """How many documents have a tag, two together, or got tags in a month, as `part` says."""

    part: str
    first: UUID | None
    second: UUID | None
    month: date | None
    count: int


async def count_uses(uow: UnitOfWork) -> list[Counted]:
    """The most used tags and pairs of tags, tags that were put by month, and sums, in no order between the parts."""
    seen = visible_documents(uow)
    await uow.session.execute(_JOIN_WHOLE)
    connection = await uow.session.connection()
    given = {"most": MOST_SHOWN, "compared": _COMPARED}
    rows = await connection.exec_driver_sql(_COUNT.replace("{documents}", seen.sql), {**seen.parameters, **given})
    return [Counted(*row) for row in rows]


async def label(uow: UnitOfWork, tag_ids: Collection[UUID]) -> dict[UUID, TagLabel]:
    """Tags that stand on documents that the actor sees."""
    statement = select(col(Tag.id), col(Tag.name), col(Tag.colour)).where(col(Tag.id).in_(tag_ids))
    return {row[0]: TagLabel(*row) for row in await uow.session.execute(statement)}


async def list_unused(uow: UnitOfWork, most: int) -> list[tuple[UUID, str, str, datetime]]:
    """Tags that the actor may delete and that stand on no document of anybody, nor have others within them."""
    inner = select(col(Tag.parent_id)).where(col(Tag.parent_id).is_not(None))
    rows = await uow.session.execute(
        select(col(Tag.id), col(Tag.name), col(Tag.colour), col(Tag.created_at))
        .where(may_edit(uow), ~exists().where(col(DocumentTag.tag_id) == col(Tag.id)), col(Tag.id).not_in(inner))
        .order_by(func.lower(col(Tag.name)), col(Tag.id))
        .limit(most)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
