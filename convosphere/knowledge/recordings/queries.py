"""The SQL of recordings. The caller has fetched the document, or claimed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.parsing.schemas import Spoken

_FIND_PIECE = text(
    "SELECT utterances, is_timed FROM transcribed_piece WHERE sha256 = :sha256 AND model = :model LIMIT 1"
)
# Of a version that is gone by now nothing is kept.
_KEEP_PIECE = text("""
    INSERT INTO transcribed_piece (document_version_id, sha256, model, workspace_id, utterances, is_timed)
    SELECT v.id, :sha256, :model, v.workspace_id, :utterances, :is_timed
    FROM document_version AS v WHERE v.id = :version_id FOR KEY SHARE
    ON CONFLICT DO NOTHING
""").bindparams(bindparam("utterances", type_=JSONB))
_KEEP_TIMES = text("""
    INSERT INTO version_transcript (document_version_id, workspace_id, starts, begins, ends)
    VALUES (:version_id, :workspace_id, CAST(:starts AS int[]), CAST(:begins AS int[]), CAST(:ends AS int[]))
    ON CONFLICT (document_version_id) DO UPDATE
    SET starts = excluded.starts, begins = excluded.begins, ends = excluded.ends
""")
_LIST_LINES = text("""
    SELECT u.start, u.begins, u.ends, substr(
        v.text, u.start + 1, coalesce(lead(u.start) OVER (ORDER BY u.start), length(v.text)) - u.start
    ) AS text
    FROM version_transcript AS t JOIN document_version AS v ON v.id = t.document_version_id,
         unnest(t.starts, t.begins, t.ends) AS u (start, begins, ends)
    WHERE t.document_version_id = :version_id ORDER BY u.start
""")
_FIND_MOMENT = text("""
    SELECT t.begins[greatest(width_bucket(CAST(:start AS int), t.starts), 1)] / 1000 AS seconds
    FROM version_transcript AS t WHERE t.document_version_id = :version_id
""")


@dataclass(frozen=True)
class KnownPiece:
    """What a model wrote down of a piece before."""

    utterances: list[Any]
    is_timed: bool


@dataclass(frozen=True)
class Line:
    """What is said from one millisecond to another, from character `start` of the text on."""

    start: int
    begins: int
    ends: int
    text: str


@dataclass(frozen=True)
class _Moment:
    seconds: int


async def find_piece(uow: UnitOfWork, sha256: str, model: str) -> KnownPiece | None:
    """What a model wrote down of this very sound before, wherever in the workspace it was."""
    return await uow.row(KnownPiece, _FIND_PIECE, {"sha256": sha256, "model": model})


async def keep_piece(uow: UnitOfWork, version_id: UUID, sha256: str, model: str, piece: KnownPiece) -> None:
    """Keep what a model wrote down, as long as the version is there."""
    await uow.session.execute(
        _KEEP_PIECE,
        {"version_id": version_id, "sha256": sha256, "model": model, "utterances": piece.utterances,
         "is_timed": piece.is_timed},
    )  # fmt: skip


async def keep_times(uow: UnitOfWork, version_id: UUID, spoken: Sequence[Spoken]) -> None:
    """Keep when the stretches of a version's text are said."""
    await uow.session.execute(
        _KEEP_TIMES,
        {
            "version_id": version_id, "workspace_id": uow.workspace_id,
            "starts": [each.start for each in spoken],
            "begins": [round(1_000 * each.begins) for each in spoken],
            "ends": [round(1_000 * each.ends) for each in spoken],
        },
    )  # fmt: skip


async def list_lines(uow: UnitOfWork, version_id: UUID) -> list[Line]:
    """What is said in a version's recording, in order; nothing if it is none."""
    return await uow.rows(Line, _LIST_LINES, {"version_id": version_id})


async def find_moment(uow: UnitOfWork, version_id: UUID, start: int) -> int | None:
    """At which second the stretch with a character of a version's text begins; None if it is no recording."""
    found = await uow.row(_Moment, _FIND_MOMENT, {"version_id": version_id, "start": start})
    return found.seconds if found else None
