"""The SQL of budgets. What must be right when many ask at once is in functions of the database, see migration 0015."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.usage.models import Budget
from convosphere.usage.schemas import BudgetRow, BudgetStanding, PlannedCall, Reservation

LIFETIME = timedelta(hours=1)
"""How long what was reserved stays set aside for a call whose end nobody books. No answer takes as long."""

_RESERVE = text(
    """
    SELECT * FROM reserve_budgets(
        CAST(:account_id AS uuid), CAST(:assistant_id AS uuid), CAST(:id AS uuid), CAST(:currency AS text),
        CAST(:fixed_nanos AS bigint), CAST(:output_nanos AS numeric), CAST(:fixed_tokens AS bigint),
        CAST(:least_output AS integer), CAST(:most_output AS integer),
        CAST(:beside_id AS uuid), CAST(:beside_nanos AS bigint), CAST(:beside_tokens AS bigint), :lifetime
    )
    """
)
_RELEASE = text("DELETE FROM budget_reservation WHERE id = :id")
_RENEWS_AT = """
    (f.period_start + CASE WHEN b.period = 'day' THEN interval '1 day' ELSE interval '1 month' END)::timestamp
        AT TIME ZONE w.time_zone
"""
_HELD = """
    coalesce((
        SELECT sum(r.amount) FROM budget_reservation AS r
        WHERE r.budget_id = f.budget_id AND r.holder_id = f.holder_id AND r.period_start = f.period_start
            AND r.expires_at > now()
    ), 0)::bigint
"""
_LIST_OWN = text(
    f"""
    SELECT f.budget_id, f.holder_id, f.period_start, b.name, b.subject_type, b.is_per_person, b.period, b.unit,
        b.currency, b.amount, b.warn_at, b.is_hard,
        coalesce(p.spent, budget_spent(f.budget_id, f.holder_id, f.period_start)) AS spent, {_HELD} AS held,
        {_RENEWS_AT} AS renews_at
    FROM budgets_for(CAST(:account_id AS uuid), CAST(:assistant_id AS uuid)) AS f
    JOIN budget AS b ON b.id = f.budget_id JOIN workspace AS w ON w.id = b.workspace_id
    LEFT JOIN budget_period AS p USING (budget_id, holder_id, period_start)
    ORDER BY b.is_per_person DESC, b.period, lower(b.name)
    """  # noqa: S608  # Of constants.
)
# Of a budget that each person has for themselves, the one who has used the most.
_LIST_ALL = text(
    f"""
    SELECT f.budget_id, f.holder_id, f.period_start, b.name, b.subject_type, b.is_per_person, b.period, b.unit,
        b.currency, b.amount, b.warn_at, b.is_hard, b.subject_id, f.spent, {_HELD} AS held, {_RENEWS_AT} AS renews_at,
        coalesce(a.name, g.name, '') AS subject_name, f.people::integer AS people
    FROM (
        SELECT b.id AS budget_id, s.period_start, coalesce(most.holder_id, :nobody) AS holder_id,
            CASE WHEN most.spent IS NULL AND NOT b.is_per_person THEN budget_spent(b.id, :nobody, s.period_start)
                ELSE coalesce(most.spent, 0) END AS spent,
            (
                SELECT count(*) FROM budget_period AS p
                WHERE p.budget_id = b.id AND p.period_start = s.period_start AND p.spent >= b.amount
            ) AS people
        FROM budget AS b JOIN workspace AS w ON w.id = b.workspace_id
        CROSS JOIN LATERAL (SELECT date_trunc(b.period, now() AT TIME ZONE w.time_zone)::date AS period_start) AS s
        LEFT JOIN LATERAL (
            SELECT p.holder_id, p.spent FROM budget_period AS p
            WHERE p.budget_id = b.id AND p.period_start = s.period_start ORDER BY p.spent DESC LIMIT 1
        ) AS most ON true
        WHERE b.workspace_id = :workspace_id
    ) AS f
    JOIN budget AS b ON b.id = f.budget_id JOIN workspace AS w ON w.id = b.workspace_id
    LEFT JOIN account AS a ON b.subject_type = 'person' AND a.id = b.subject_id
    LEFT JOIN person_group AS g ON b.subject_type = 'group' AND g.id = b.subject_id
    ORDER BY (f.spent::numeric / b.amount) DESC, lower(b.name)
    """  # noqa: S608
)
_KNOWS_ZONE = text("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = :name) AS is_known")
_SET_ZONE = text("UPDATE workspace SET time_zone = :name WHERE id = :workspace_id")
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class _Reserved(BudgetStanding):
    """A row of `_RESERVE`."""

    output_tokens: int = 0
    is_refused: bool = False

    def standing(self) -> BudgetStanding:
        return BudgetStanding(**{field.name: getattr(self, field.name) for field in fields(BudgetStanding)})


@dataclass(frozen=True)
class Reserved:
    """What came of reserving: all budgets that hold, how long the answer may be, and whether one refused."""

    standings: tuple[BudgetStanding, ...]
    output_tokens: int
    is_refused: bool


async def reserve(uow: UnitOfWork, call: PlannedCall, reservation: Reservation) -> Reserved | None:
    """Set aside what a call may use of all budgets that hold for the actor, or of none; None where none holds.

    Nobody else reserves of the same budgets until the unit ends, so it should be the last statement before.
    """
    price = call.price
    given = {
        "account_id": uow.actor.account_id, "assistant_id": call.assistant_id, "id": reservation.id,
        "currency": price.currency if price else "",
        "fixed_nanos": price.nanos(call.prompt_tokens, 0) + call.flat_nanos if price else 0,
        "output_nanos": price.per_output_token if price else None, "fixed_tokens": call.prompt_tokens,
        "least_output": call.least_output, "most_output": call.most_output, "beside_id": reservation.beside_id,
        "beside_nanos": call.beside_nanos, "beside_tokens": call.beside_prompt + call.beside_output,
        "lifetime": LIFETIME,
    }  # fmt: skip
    rows = await uow.rows(_Reserved, _RESERVE, given)
    if not rows:
        return None
    return Reserved(tuple(row.standing() for row in rows), rows[0].output_tokens, rows[0].is_refused)


def release(uow: UnitOfWork, reservation_id: UUID) -> None:
    """Give back what was set aside for a call that is not made."""
    uow.defer(_RELEASE, {"id": reservation_id})


async def list_own(uow: UnitOfWork, assistant_id: UUID | None = None) -> list[BudgetStanding]:
    """The budgets that hold for the actor, their own first."""
    given = {"account_id": uow.actor.account_id, "assistant_id": assistant_id}
    return await uow.rows(BudgetStanding, _LIST_OWN, given)


async def list_all(uow: UnitOfWork) -> list[BudgetRow]:
    """All budgets of the workspace, the one that is nearest to its end first."""
    return await uow.rows(BudgetRow, _LIST_ALL, {"workspace_id": uow.workspace_id, "nobody": _NOBODY})


async def get_budget(uow: UnitOfWork, budget_id: UUID) -> Budget:
    """A budget of the workspace.

    Raises:
        NotFoundError: there is none.
    """
    budget = await uow.session.scalar(select(Budget).where(col(Budget.id) == budget_id).with_for_update())
    if budget is None:
        raise NotFoundError
    return budget


async def delete_budget(uow: UnitOfWork, budget_id: UUID) -> None:
    """Forget a budget with all that was counted for it."""
    await uow.session.execute(delete(Budget).where(col(Budget.id) == budget_id))


@dataclass(frozen=True)
class _Zone:
    time_zone: str


@dataclass(frozen=True)
class _Known:
    is_known: bool


async def get_time_zone(uow: UnitOfWork) -> str:
    """Where the workspace's days begin (IANA)."""
    statement = text("SELECT time_zone FROM workspace WHERE id = :workspace_id")
    row = await uow.row(_Zone, statement, {"workspace_id": uow.workspace_id})
    return row.time_zone if row else "UTC"


async def knows_time_zone(uow: UnitOfWork, name: str) -> bool:
    """Whether the database knows a time zone."""
    row = await uow.row(_Known, _KNOWS_ZONE, {"name": name})
    return bool(row and row.is_known)


def set_time_zone(uow: UnitOfWork, name: str) -> None:
    """Let the workspace's days begin elsewhere."""
    uow.defer(_SET_ZONE, {"name": name, "workspace_id": uow.workspace_id})


async def is_subject(uow: UnitOfWork, subject_type: str, subject_id: UUID) -> bool:
    """Whether there is such a person or group in the workspace; of assistants others know."""
    statements = {
        "person": "SELECT EXISTS (SELECT FROM membership WHERE account_id = :id) AS is_known",
        "group": "SELECT EXISTS (SELECT FROM person_group WHERE id = :id) AS is_known",
    }
    if subject_type not in statements:
        return True
    row = await uow.row(_Known, text(statements[subject_type]), {"id": subject_id})
    return bool(row and row.is_known)


def nearest_to_end(standings: Sequence[BudgetStanding]) -> BudgetStanding | None:
    """The budget of which the most is used, if it warns."""
    warning = [standing for standing in standings if standing.is_warning]
    return max(warning, key=lambda standing: standing.percent, default=None)
