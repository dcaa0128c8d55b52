"""What was read of a version. The caller has fetched its document first."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select, text
from sqlalchemy.orm import defer
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.errors import PassageGoneError
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.queries.access import may_access_document
from convosphere.knowledge.schemas import PassageText
from convosphere.knowledge.search.models import Passage, PassageSet

# A version that is not searched any more has an outline instead of passages.
_STRETCHES = """
    SELECT p.start_offset, p.end_offset, p.page, p.heading
    FROM passage AS p JOIN passage_set AS s ON s.id = p.passage_set_id AND s.is_current
    WHERE p.document_version_id = :version_id
    UNION ALL
    SELECT u.* FROM version_outline AS o, unnest(o.starts, o.ends, o.pages, o.headings) AS u
    WHERE o.document_version_id = :version_id
"""
_LIST_STRETCHES = text(f'SELECT * FROM ({_STRETCHES}) AS t (start, "end", page, heading) ORDER BY start')  # noqa: S608
_LIST_PASSAGES = text("""
    SELECT p.number, p.text, p.start_offset AS start, p.end_offset AS "end", p.page, p.heading,
           r.begins[greatest(width_bucket(p.start_offset, r.starts), 1)] / 1000 AS seconds,
           coalesce(p.start_offset >= v.described_from, false) AS is_description
    FROM passage AS p JOIN passage_set AS s ON s.id = p.passage_set_id AND s.is_current
    JOIN document_version AS v ON v.id = p.document_version_id
    LEFT JOIN version_transcript AS r ON r.document_version_id = p.document_version_id
    WHERE p.document_version_id = :version_id AND p.number > :after ORDER BY p.number LIMIT :limit
""")
_PAGE = text(
    f"SELECT page FROM ({_STRETCHES}) AS t WHERE start_offset <= :start"  # noqa: S608
    " ORDER BY start_offset DESC LIMIT 1"
)
_NEWER_HAS = text("""
    SELECT position(:words IN coalesce(n.text, '')) > 0
    FROM document_version AS v JOIN document AS d ON d.id = v.document_id AND d.current_version_id <> v.id
    JOIN document_version AS n ON n.id = d.current_version_id
    WHERE v.id = :version_id
""")
_BOUNDS = text(f"""
    WITH stretches AS ({_STRETCHES})
    SELECT (SELECT min(b.start_offset) FROM (
                SELECT start_offset FROM stretches WHERE start_offset <= :start ORDER BY start_offset DESC LIMIT 2
            ) AS b),
           (SELECT max(a.end_offset) FROM (
                SELECT end_offset FROM stretches WHERE end_offset >= :end ORDER BY end_offset LIMIT 2
            ) AS a)
""")  # noqa: S608


@dataclass(frozen=True)
class Stretch:
    """A passage by its place in the text, in characters."""

    start: int
    end: int
    page: int | None
    heading: str


async def get_version(uow: UnitOfWork, version_id: UUID) -> DocumentVersion:
    """A version without its text, which may be long."""
    statement = select(DocumentVersion).where(col(DocumentVersion.id) == version_id)
    without_text = defer(DocumentVersion.text)  # pyright: ignore[reportArgumentType]  # SQLModel types it as a value.
    return (await uow.session.scalars(statement.options(without_text))).one()


async def count(uow: UnitOfWork, version_id: UUID) -> tuple[int, int]:
    """Characters and passages of a version."""
    characters = select(func.coalesce(func.length(col(DocumentVersion.text)), 0)).where(
        col(DocumentVersion.id) == version_id
    )
    passages = (
        select(func.count())
        .select_from(Passage)
        .join(PassageSet, _in_current_set())
        .where(col(Passage.document_version_id) == version_id)
    )
    row = await uow.session.execute(select(characters.scalar_subquery(), passages.scalar_subquery()))
    characters_and_passages = row.one()
    return characters_and_passages[0], characters_and_passages[1]


async def list_passages(uow: UnitOfWork, version_id: UUID, after: int, limit: int) -> list[PassageText]:
    """The passages of a version behind number `after`, in order."""
    return await uow.rows(PassageText, _LIST_PASSAGES, {"version_id": version_id, "after": after, "limit": limit})


async def find_stretch(uow: UnitOfWork, version_id: UUID, end: int) -> Row[UUID, str, str, int | None]:
    """Document id, document name, file name and where the description of a picture begins, of a version that has at
    least `end` characters.

    Raises:
        PassageGoneError: the actor sees no such version, or it is shorter.
    """
    found = await uow.session.execute(
        select(
            col(Document.id), col(Document.name), col(DocumentVersion.file_name), col(DocumentVersion.described_from)
        )
        .join(Document, col(Document.id) == col(DocumentVersion.document_id))
        .where(
            col(DocumentVersion.id) == version_id,
            may_access_document(uow, "view"),
            func.length(col(DocumentVersion.text)) >= end,
        )
    )
    if (row := found.first()) is None:
        raise PassageGoneError
    return row


async def cut(
    uow: UnitOfWork, version_id: UUID, stretch: tuple[int, int], around: tuple[int, int]
) -> Row[str, str, str]:
    """What stands before, in and behind a stretch of a version's text, within the bounds around it."""
    (start, end), (first, last) = stretch, around
    whole = col(DocumentVersion.text)
    found = await uow.session.execute(
        select(
            func.substr(whole, first + 1, start - first),
            func.substr(whole, start + 1, end - start),
            func.substr(whole, end + 1, last - end),
        ).where(col(DocumentVersion.id) == version_id)
    )
    return found.one()


async def get_stretch(uow: UnitOfWork, version_id: UUID, start: int, end: int) -> str:
    """Characters `start` to `end` of a version's text; "" if it has none there."""
    stretch = func.substr(col(DocumentVersion.text), start + 1, max(end - start, 0))
    return await uow.session.scalar(select(stretch).where(col(DocumentVersion.id) == version_id)) or ""


async def bounds_around(uow: UnitOfWork, version_id: UUID, start: int, end: int) -> tuple[int, int]:
    """Where the passage before a stretch begins, and where the one behind it ends."""
    found = await uow.session.execute(_BOUNDS, {"version_id": version_id, "start": start, "end": end})
    first, last = found.one()
    return start if first is None else first, end if last is None else last


async def get_page(uow: UnitOfWork, version_id: UUID, start: int) -> int | None:
    """The page that a passage starts on, by its offset."""
    return await uow.session.scalar(_PAGE, {"version_id": version_id, "start": start})


async def compare_with_newer(uow: UnitOfWork, version_id: UUID, words: str) -> Literal["", "same", "differs"]:
    """Whether the document has a newer version that was read, and whether some words of this one stand there too."""
    has_words = await uow.session.scalar(_NEWER_HAS, {"version_id": version_id, "words": words})
    return "" if has_words is None else "same" if has_words else "differs"


async def list_stretches(uow: UnitOfWork, version_id: UUID) -> list[Stretch]:
    """Where the passages of a version lie in its text, in order."""
    return await uow.rows(Stretch, _LIST_STRETCHES, {"version_id": version_id})


async def get_text(uow: UnitOfWork, version_id: UUID) -> str:
    """All that was read of a version; empty if it was not."""
    statement = select(func.coalesce(col(DocumentVersion.text), "")).where(col(DocumentVersion.id) == version_id)
    return await uow.session.scalar(statement) or ""


def _in_current_set() -> ColumnElement[bool]:
    return (col(PassageSet.id) == col(Passage.passage_set_id)) & col(PassageSet.is_current)
