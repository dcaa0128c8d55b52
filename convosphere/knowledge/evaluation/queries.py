"""The SQL of test questions. A question is seen by those who see its document."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.citing import citations
from convosphere.knowledge.evaluation.models import SearchQuestion, SearchTrial
from convosphere.knowledge.evaluation.schemas import AskedQuestion, QuestionRow
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries.access import may_access_document

RUNNING, DONE, FAILED = "running", "done", "failed"
_ABANDONED_MINUTES = 60
_NOTE_RANKS = text("""
    UPDATE search_question AS q SET current_rank = n.current_rank, shadow_rank = n.shadow_rank
    FROM unnest(CAST(:ids AS uuid[]), CAST(:current AS int[]), CAST(:shadow AS int[]))
        AS n (id, current_rank, shadow_rank)
    WHERE q.id = n.id
""")


async def list_rows(uow: UnitOfWork, most: int) -> list[QuestionRow]:
    """The questions whose documents the actor sees, the oldest first."""
    rows = await uow.session.execute(_rows(uow).order_by(col(SearchQuestion.id)).limit(most))
    return [QuestionRow(*row) for row in rows]


async def count_all(uow: UnitOfWork) -> int:
    """How many the workspace has."""
    counted = select(func.count()).select_from(SearchQuestion)
    return await uow.session.scalar(counted.where(col(SearchQuestion.workspace_id) == uow.workspace_id)) or 0


async def delete_question(uow: UnitOfWork, question_id: UUID) -> bool:
    """Forget a question that the actor sees; False if there is none."""
    seen = select(col(SearchQuestion.id)).select_from(SearchQuestion).join(Document, _of_document()).where(_seen(uow))
    gone = delete(SearchQuestion).where(col(SearchQuestion.id) == question_id, col(SearchQuestion.id).in_(seen))
    return await uow.session.scalar(gone.returning(col(SearchQuestion.id))) is not None


async def begin_trial(uow: UnitOfWork, trial_id: UUID, current_id: UUID, shadow_id: UUID | None) -> bool:
    """Note that the questions are asked; False while somebody else has them asked."""
    row = {
        "workspace_id": uow.workspace_id, "id": trial_id, "account_id": uow.account_id, "state": RUNNING,
        "current_id": current_id, "shadow_id": shadow_id, "by_words": False, "started_at": func.now(), "ended_at": None,
    }  # fmt: skip
    is_over = or_(
        col(SearchTrial.state) != RUNNING,
        col(SearchTrial.started_at) < func.now() - func.make_interval(0, 0, 0, 0, 0, _ABANDONED_MINUTES),
    )
    new = insert(SearchTrial).values(row)
    kept = {name: new.excluded[name] for name in row if name != "workspace_id"}
    began = new.on_conflict_do_update(index_elements=["workspace_id"], set_=kept, where=is_over)
    return await uow.session.scalar(began.returning(col(SearchTrial.id))) is not None


async def get_trial(uow: UnitOfWork) -> SearchTrial | None:
    """The latest trial."""
    return await uow.session.scalar(select(SearchTrial).where(col(SearchTrial.workspace_id) == uow.workspace_id))


async def end_trial(uow: UnitOfWork, trial_id: UUID, state: str, *, by_words: bool) -> None:
    """Note how a trial ended, unless a later one took its place."""
    values = {"state": state, "by_words": by_words, "ended_at": func.now()}
    await uow.session.execute(update(SearchTrial).where(col(SearchTrial.id) == trial_id).values(values))


async def note_ranks(uow: UnitOfWork, ranks: Mapping[UUID, tuple[int, int | None]]) -> None:
    """Note where each question found its document, in the current set and in the other one."""
    current, shadow = [now for now, _ in ranks.values()], [new for _, new in ranks.values()]
    await uow.session.execute(_NOTE_RANKS, {"ids": list(ranks), "current": current, "shadow": shadow})


async def list_asked(uow: UnitOfWork, most: int) -> list[AskedQuestion]:
    """What the actor asked last and an answer cites a document for that they still see."""
    asked = citations().asked(uow.account_id).subquery()
    rows = await uow.session.execute(
        select(asked.c.question, col(Document.id), col(Document.name))
        .join(Document, col(Document.id) == asked.c.document_id)
        .where(may_access_document(uow, "view"), ~col(Document.is_attached))
        .order_by(asked.c.id.desc())
        .limit(most)
    )
    return [AskedQuestion(*row) for row in rows]


def _rows(uow: UnitOfWork) -> Select[UUID, str, str, UUID, str, int | None, int | None]:
    return (
        select(
            col(SearchQuestion.id), col(SearchQuestion.question), col(SearchQuestion.words), col(Document.id),
            col(Document.name), col(SearchQuestion.current_rank), col(SearchQuestion.shadow_rank),
        )
        .join(Document, _of_document())
        .where(_seen(uow))
    )  # fmt: skip


def _of_document() -> ColumnElement[bool]:
    return col(Document.id) == col(SearchQuestion.document_id)


def _seen(uow: UnitOfWork) -> ColumnElement[bool]:
    return may_access_document(uow, "view")
