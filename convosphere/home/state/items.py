"""Home as the browser gets it."""

from dataclasses import dataclass, field

from convosphere.core.page_routes import conversation, document
from convosphere.home.schemas import Overview
from convosphere.usage.service.figures import BudgetItem, Cost, budget_item

NANOS = 1_000_000_000


@dataclass(frozen=True)
class Line:
    """A line that leads somewhere: what it is, when that was, and by whom."""

    kind: str
    name: str
    route: str
    at: str = ""
    by: str = ""
    is_busy: bool = False
    is_unread: bool = False
    is_version: bool = False
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Use:
    """What the person used this month."""

    answers_today: int = 0
    answers: int = 0
    tokens: int = 0
    costs: list[Cost] = field(default_factory=list)


@dataclass(frozen=True)
class HomeItem:
    """All of it, as it changes together."""

    recent: list[Line] = field(default_factory=list)
    running: list[Line] = field(default_factory=list)
    shared: list[Line] = field(default_factory=list)
    documents: list[Line] = field(default_factory=list)
    budgets: list[BudgetItem] = field(default_factory=list)
    used: Use = field(default_factory=Use)


def home_item(found: Overview) -> HomeItem:
    """What was read, in lines."""
    return HomeItem(
        recent=[
            Line(
                "conversation",
                row.title,
                conversation(str(row.id)),
                row.updated_at.isoformat(),
                is_busy=row.is_streaming,
                is_unread=row.is_unread,
            )
            for row in found.recent
        ],
        running=[Line(job.kind, job.name, job.route, done=job.done, total=job.total) for job in found.running],
        shared=[
            Line(thing.object_type, thing.name, thing.route, thing.given_at.isoformat(), thing.given_by)
            for thing in found.shared
        ],
        documents=[
            Line(
                "document",
                new.name,
                document(str(new.id)),
                new.created_at.isoformat(),
                new.author_name,
                is_version=new.is_version,
            )
            for new in found.documents
        ],
        budgets=[budget_item(standing) for standing in found.budgets],
        used=_use(found),
    )


def _use(found: Overview) -> Use:
    return Use(
        answers_today=sum(row.answers_today for row in found.used),
        answers=sum(row.answers for row in found.used),
        tokens=sum(row.tokens for row in found.used),
        costs=[Cost(row.cost_nanos / NANOS, row.currency) for row in found.used if row.cost_nanos],
    )
