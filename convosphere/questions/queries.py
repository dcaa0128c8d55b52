"""The SQL of questions that documents did not answer.

What somebody asked stands in their conversation alone and is read there: nothing of it is left once that is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.questions.errors import QuestionNotFoundError
from convosphere.questions.schemas import QuestionRow, State

LONGEST_WORDS: Final = 300
OTHER_WORDINGS: Final = 3

_KEEPS = "coalesce((SELECT r.keeps_questions FROM question_rule AS r), true)"
# Of a temporary conversation nothing is kept, nor where there are no documents that could answer.
_FIND_ASKED = text(
    f"""
    SELECT m.parent_id AS id FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    WHERE m.id = :answer_id AND m.parent_id IS NOT NULL AND c.expires_at IS NULL AND c.deleted_at IS NULL AND {_KEEPS}
        AND EXISTS (SELECT FROM document AS d WHERE d.status = 'ready' AND NOT d.is_attached)
    """  # noqa: S608  # Of constants.
)
# What was answered and is asked again in vain is news; what was dismissed stays so.
_FIND_ALIKE = text(
    """
    SELECT g.id FROM question_group AS g CROSS JOIN LATERAL (
        SELECT count(*)::float AS common FROM unnest(g.stems) AS s WHERE s = ANY(CAST(:stems AS text[]))
    ) AS l
    WHERE g.state <> 'answered' AND g.stems && CAST(:stems AS text[])
        AND l.common / (cardinality(g.stems) + cardinality(CAST(:stems AS text[])) - l.common) >= :least
    ORDER BY l.common / (cardinality(g.stems) + cardinality(CAST(:stems AS text[])) - l.common) DESC, g.id LIMIT 1
    """
)
_ADD_GROUP = text("INSERT INTO question_group (id, workspace_id, stems) VALUES (:id, :workspace_id, :stems)")
_ADD = text(
    """
    INSERT INTO unanswered_question (question_id, workspace_id, account_id, group_id)
    VALUES (:question_id, :workspace_id, :account_id, :group_id)
    ON CONFLICT (question_id) DO UPDATE SET asked_at = now(), group_id = excluded.group_id
    """
)
_REMOVE = text(
    """
    DELETE FROM unanswered_question AS u USING message AS m, question_group AS g
    WHERE m.id = :answer_id AND u.question_id = m.parent_id AND g.id = u.group_id AND g.state = 'open'
    """
)
_MAY = "(:manages OR g.owner_id = :account_id)"
_ASKED = """
    unanswered_question AS u JOIN message AS m ON m.id = u.question_id
    JOIN conversation AS c ON c.id = m.conversation_id AND c.deleted_at IS NULL
"""
_WORDS = """
    left((SELECT string_agg(p ->> 'text', ' ') FROM jsonb_array_elements(m.parts) AS p WHERE p ->> 'type' = 'text'),
         :longest)
"""
_LIST = text(
    f"""
    WITH page AS (
        SELECT g.id, g.state, g.owner_id, g.document_id, count(DISTINCT u.account_id)::int AS askers,
            count(*)::int AS times, max(u.asked_at) AS last_at
        FROM question_group AS g JOIN {_ASKED} ON u.group_id = g.id
        WHERE g.state = :state AND {_MAY}
        GROUP BY g.id ORDER BY askers DESC, last_at DESC, g.id OFFSET :skip LIMIT :most
    )
    SELECT page.*, coalesce(a.name, '') AS owner_name, w.words
    FROM page LEFT JOIN account AS a ON a.id = page.owner_id
    CROSS JOIN LATERAL (
        SELECT array_agg(latest.words ORDER BY latest.asked_at DESC) AS words FROM (
            SELECT {_WORDS} AS words, u.asked_at FROM {_ASKED} WHERE u.group_id = page.id
            ORDER BY u.asked_at DESC LIMIT :wordings
        ) AS latest
    ) AS w
    ORDER BY askers DESC, last_at DESC, page.id
    """  # noqa: S608
)
_COUNT = text(
    f"""
    SELECT g.state, count(*)::int AS count FROM question_group AS g
    WHERE {_MAY} AND EXISTS (SELECT FROM {_ASKED} WHERE u.group_id = g.id) GROUP BY g.state
    """  # noqa: S608
)
_GET = text(f"SELECT g.id, g.state, g.owner_id FROM question_group AS g WHERE g.id = :id AND {_MAY} FOR UPDATE")  # noqa: S608
_ASSIGN = text("UPDATE question_group SET owner_id = :owner_id, updated_at = now() WHERE id = :id")
_SETTLE = text(
    """
    UPDATE question_group SET state = :state, document_id = :document_id, settled_by = :account_id, updated_at = now()
    WHERE id = :id
    """
)
_LIST_ASKERS = text(f"SELECT DISTINCT u.account_id AS id FROM {_ASKED} WHERE u.group_id = :id")  # noqa: S608
_NAME = text(
    f"""
    SELECT DISTINCT ON (g.id) g.id, g.state = 'answered' AND u.account_id = :account_id AS is_answer, u.question_id,
        {_WORDS} AS words
    FROM question_group AS g JOIN {_ASKED} ON u.group_id = g.id
    WHERE g.id = ANY(CAST(:ids AS uuid[])) AND ({_MAY} OR (g.state = 'answered' AND u.account_id = :account_id))
    ORDER BY g.id, u.account_id = :account_id DESC, u.asked_at DESC
    """  # noqa: S608
)
_GET_RULE = text(f"SELECT {_KEEPS} AS keeps")
_SET_RULE = text(
    """
    INSERT INTO question_rule (workspace_id, keeps_questions) VALUES (:workspace_id, :keeps)
    ON CONFLICT (workspace_id) DO UPDATE SET keeps_questions = excluded.keeps_questions
    """
)
_FORGET_ALL = text("DELETE FROM question_group")


@dataclass(frozen=True)
class _Id:
    id: UUID


@dataclass(frozen=True)
class Group:
    """Questions that are alike, held until the unit ends."""

    id: UUID
    state: State
    owner_id: UUID | None


@dataclass(frozen=True)
class Named:
    """What a person is told of questions: their own wording where they asked, and whether there `is_answer` now."""

    id: UUID
    is_answer: bool
    question_id: UUID
    words: str


@dataclass(frozen=True)
class _Listed:
    id: UUID
    state: State
    owner_id: UUID | None
    document_id: UUID | None
    askers: int
    times: int
    last_at: datetime
    owner_name: str
    words: list[str]


@dataclass(frozen=True)
class _Count:
    state: str
    count: int


@dataclass(frozen=True)
class _Rule:
    keeps: bool


async def find_asked(uow: UnitOfWork, answer_id: UUID) -> UUID | None:
    """The question that was answered so, if it is one that is kept."""
    row = await uow.row(_Id, _FIND_ASKED, {"answer_id": answer_id})
    return row.id if row else None


async def find_alike(uow: UnitOfWork, stems: Sequence[str], least: float) -> UUID | None:
    """The questions that one with these stems is most like."""
    row = await uow.row(_Id, _FIND_ALIKE, {"stems": list(stems), "least": least})
    return row.id if row else None


def add_group(uow: UnitOfWork, stems: Sequence[str]) -> UUID:
    """Begin a group of questions."""
    group_id = new_id()
    uow.defer(_ADD_GROUP, {"id": group_id, "workspace_id": uow.workspace_id, "stems": list(stems)})
    return group_id


def add_question(uow: UnitOfWork, question_id: UUID, group_id: UUID) -> None:
    """Keep a question that the actor asked."""
    uow.defer(
        _ADD,
        {"question_id": question_id, "workspace_id": uow.workspace_id, "account_id": uow.account_id,
         "group_id": group_id},
    )  # fmt: skip


def remove_answered(uow: UnitOfWork, answer_id: UUID) -> None:
    """Forget a question that documents answered at last."""
    uow.defer(_REMOVE, {"answer_id": answer_id})


async def list_groups(uow: UnitOfWork, state: State, skip: int, most: int) -> list[QuestionRow]:
    """Questions that the actor looks after, those that most people asked first."""
    given = {
        "state": state, "skip": skip, "most": most, "longest": LONGEST_WORDS, "wordings": OTHER_WORDINGS + 1,
        **_who(uow),
    }  # fmt: skip
    return [
        QuestionRow(
            row.id, row.state, row.words[0], tuple(dict.fromkeys(row.words[1:])), row.askers, row.times, row.last_at,
            row.owner_id, row.owner_name, row.document_id, "",
        )
        for row in await uow.rows(_Listed, _LIST, given)
    ]  # fmt: skip


async def count_groups(uow: UnitOfWork) -> dict[str, int]:
    """How many groups of questions the actor looks after, by state."""
    return {row.state: row.count for row in await uow.rows(_Count, _COUNT, _who(uow))}


async def get_group(uow: UnitOfWork, group_id: UUID) -> Group:
    """Questions that the actor looks after.

    Raises:
        QuestionNotFoundError: there are none.
    """
    row = await uow.row(Group, _GET, {"id": group_id, **_who(uow)})
    if row is None:
        raise QuestionNotFoundError
    return row


def assign(uow: UnitOfWork, group_id: UUID, owner_id: UUID | None) -> None:
    """Say who looks after questions."""
    uow.defer(_ASSIGN, {"id": group_id, "owner_id": owner_id})


def settle(uow: UnitOfWork, group_id: UUID, state: State, document_id: UUID | None = None) -> None:
    """Say what became of questions."""
    given = {"id": group_id, "state": state, "document_id": document_id, "account_id": uow.account_id}
    uow.defer(_SETTLE, given)


async def list_askers(uow: UnitOfWork, group_id: UUID) -> list[UUID]:
    """Who asked; nobody but notifications is told."""
    return [row.id for row in await uow.rows(_Id, _LIST_ASKERS, {"id": group_id})]


async def list_named(uow: UnitOfWork, group_ids: Sequence[UUID], longest: int) -> list[Named]:
    """Those of some groups that the actor looks after, or that answer what they asked."""
    return await uow.rows(Named, _NAME, {"ids": list(group_ids), "longest": longest, **_who(uow)})


async def keeps_questions(uow: UnitOfWork) -> bool:
    """Whether the workspace keeps questions."""
    row = await uow.row(_Rule, _GET_RULE, {})
    return row is None or row.keeps


def set_rule(uow: UnitOfWork, *, keeps: bool) -> None:
    """Say whether the workspace keeps questions; without, none is left."""
    uow.defer(_SET_RULE, {"workspace_id": uow.workspace_id, "keeps": keeps})
    if not keeps:
        uow.defer(_FORGET_ALL, {})


def _who(uow: UnitOfWork) -> dict[str, object]:
    return {"manages": uow.actor.may(Permission.KNOWLEDGE_MANAGE), "account_id": uow.actor.account_id}
