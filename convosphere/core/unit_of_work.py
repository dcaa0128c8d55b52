"""One use case, one transaction: data, jobs and events are committed together or not at all."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import LiteralString, TypeVar
from uuid import UUID

from psycopg import AsyncClientCursor
from psycopg.rows import class_row
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from convosphere.core.audit.actions import Action, Facts, Outcome
from convosphere.core.audit.appending import chain_of, link
from convosphere.core.audit.queries import ADD, LAST, Last, values_of
from convosphere.core.audit.schemas import Event, describe
from convosphere.core.database import Connection, current_database, driver_text, failures_told
from convosphere.core.errors import SignInRequiredError
from convosphere.core.permissions import Actor

EVENT_CHANNEL: LiteralString = "convosphere_events"

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, :priority, :lock, :queueing_lock,"
    " CAST(:args AS jsonb), now() + CAST(:delay AS interval))::procrastinate_job_to_defer_v1])"
)
_DEFER_MANY = text(
    "SELECT procrastinate_defer_jobs_v1(array_agg(ROW(:queue, :task, 0, NULL, NULL, CAST(args AS jsonb), NULL)"
    "::procrastinate_job_to_defer_v1)) FROM unnest(CAST(:args AS text[])) AS args"
)
_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_NOTIFY = text("SELECT pg_notify(:channel, topic) FROM unnest(CAST(:topics AS text[])) AS topic")


Row = TypeVar("Row")


class UnitOfWork:
    """A transaction on behalf of an actor, whose workspace row-level security enforces.

    `session` is for statements that SQLAlchemy builds and for rows as objects. What every question, event or document
    needs is written as text and goes straight to the driver, at an eighth of the time: `rows`, `row`, `write`, and
    `defer` for what is written and waited for by nothing.
    """

    def __init__(self, actor: Actor, connection: Connection) -> None:
        self.actor = actor
        self._connection = connection
        self._session: AsyncSession | None = None
        self._deferred: list[str] = []
        self._events: list[Event] = []

    @property
    def session(self) -> AsyncSession:
        """SQLAlchemy's session in this transaction."""
        if self._session is None:
            self._session = AsyncSession(self._connection.sqlalchemy, expire_on_commit=False, autoflush=False)
        return self._session

    @property
    def workspace_id(self) -> UUID:
        """The actor's workspace.

        Raises:
            SignInRequiredError: the actor is in none.
        """
        if self.actor.workspace_id is None:
            raise SignInRequiredError
        return self.actor.workspace_id

    @property
    def account_id(self) -> UUID:
        """The acting person.

        Raises:
            SignInRequiredError: no person is acting.
        """
        if self.actor.account_id is None:
            raise SignInRequiredError
        return self.actor.account_id

    async def enqueue(
        self,
        task: str,
        args: Mapping[str, str],
        *,
        queue: str = "default",
        lock: str | None = None,
        priority: int = 0,
        delay: timedelta | None = None,
    ) -> None:
        """Start a job when this unit commits, or `delay` later. Jobs of one `lock` run one after another."""
        self.defer(
            _DEFER,
            {"queue": queue, "task": task, "priority": priority, "lock": lock, "queueing_lock": None,
             "args": json.dumps(dict(args)), "delay": delay},
        )  # fmt: skip

    async def enqueue_many(self, task: str, args: Sequence[Mapping[str, str]], *, queue: str = "default") -> None:
        """Start many jobs of one kind when this unit commits, in one statement."""
        if args:
            values = {"queue": queue, "task": task, "args": [json.dumps(dict(each)) for each in args]}
            self.defer(_DEFER_MANY, values)

    async def take_turns(self, name: str) -> None:
        """Wait until no other unit of work under this name is open, and keep others waiting until this one ends."""
        await self.write(_TAKE_TURNS, {"name": name})

    async def publish(self, *topics: str) -> None:
        """Tell all processes, when this unit commits, that something changed. Topics carry ids only, never content."""
        self.defer(_NOTIFY, {"channel": EVENT_CHANNEL, "topics": list(topics)})

    async def rows(self, kind: type[Row], statement: TextClause, parameters: Mapping[str, object]) -> list[Row]:
        """What a statement finds, each row as a `kind`, whose fields have the names of its columns."""
        cursor = self._connection.driver.cursor(row_factory=class_row(kind))
        await cursor.execute(driver_text(statement), parameters)
        return await cursor.fetchall()

    async def row(self, kind: type[Row], statement: TextClause, parameters: Mapping[str, object]) -> Row | None:
        """The first row that a statement finds, if there is one."""
        rows = await self.rows(kind, statement, parameters)
        return rows[0] if rows else None

    async def write(self, statement: TextClause, parameters: Mapping[str, object]) -> None:
        """Run a statement whose rows, if it gives any, nobody needs."""
        await self._connection.driver.execute(driver_text(statement), parameters)

    def defer(self, statement: TextClause, parameters: Mapping[str, object]) -> None:
        """Run a statement at the end of this unit, in the commit's own message to the server.

        For what is written and not read again: it waits for nothing, and holds its locks for the shortest time.
        """
        cursor = AsyncClientCursor(self._connection.driver)
        self._deferred.append(cursor.mogrify(driver_text(statement), parameters))

    def record(
        self,
        action: Action[Facts],
        object_id: UUID | None = None,
        *,
        label: str = "",
        before: Facts | None = None,
        after: Facts | None = None,
        outcome: Outcome = Outcome.DONE,
        by: Actor | None = None,
    ) -> None:
        """Tell the audit trail, when this unit commits, what was done to an object that people call `label`.

        `by` names who did it where that is not the unit's actor, as at sign-in.

        Raises:
            TypeError: the action does not declare these facts.
        """
        self._events.append(
            describe(by or self.actor, action, object_id, label=label, before=before, after=after, outcome=outcome)
        )

    def tell(self, events: Sequence[Event]) -> None:
        """The same for what was described before."""
        self._events.extend(events)

    async def begin(self) -> None:
        """Open the transaction."""
        await self._connection.driver.execute(_begin(self.actor).encode(), prepare=False)

    async def commit(self) -> None:
        """Keep all that was done, and tell the audit trail and the other processes of it."""
        if self._session:
            await self._session.flush()
        if self._events:
            # Whoever else writes to the trail waits from here on, so that nothing of ours may wait after it.
            await self._run_deferred()
            await self._append()
        await self._run_deferred("COMMIT")

    async def close(self) -> None:
        """Undo what was not kept."""
        try:
            if self._session:
                await self._session.close()
        finally:
            await self._connection.driver.rollback()

    async def _append(self) -> None:
        """Put what happened to the end of its chain, in the commit's own message."""
        (end,) = await self.rows(Last, LAST, {"workspace_id": self.actor.workspace_id})
        for entry in link(chain_of(self.actor.workspace_id), end, self._events):
            self.defer(ADD, values_of(entry))

    async def _run_deferred(self, *last: str) -> None:
        if statements := [*self._deferred, *last]:
            self._deferred.clear()
            await self._connection.driver.execute("; ".join(statements).encode(), prepare=False)


@asynccontextmanager
async def unit_of_work(actor: Actor) -> AsyncIterator[UnitOfWork]:
    """Open the one transaction of a use case; it commits at the end, or rolls all back.

    Raises:
        InvalidInputError: something cannot be stored.
        UnavailableError: the database does not answer.
    """
    async with failures_told(), current_database().connection() as connection:
        uow = UnitOfWork(actor, connection)
        try:
            await uow.begin()
            yield uow
            await uow.commit()
        finally:
            await uow.close()


async def look(actor: Actor, kind: type[Row], statement: TextClause, parameters: Mapping[str, object]) -> list[Row]:
    """What one statement finds for an actor, where nothing is written: one message to the server instead of four.

    It is planned anew each time, so that it pays for simple ones.

    Raises:
        UnavailableError: the database does not answer.
    """
    async with failures_told(), current_database().connection() as connection:
        cursor = AsyncClientCursor(connection.driver, row_factory=class_row(kind))
        # Several statements in one message are one transaction.
        await cursor.execute(f"{_settings(actor)}; {cursor.mogrify(driver_text(statement), parameters)}".encode())
        cursor.nextset()
        return await cursor.fetchall()


def _begin(actor: Actor) -> str:
    """The transaction's first words, in one message to the server: as bound parameters they would take two more."""
    return f"BEGIN; {_settings(actor)}"


def _settings(actor: Actor) -> str:
    """For whom the transaction is; row-level security goes by it."""
    return (
        f"SELECT set_config('convosphere.workspace_id', '{_checked(actor.workspace_id)}', true),"
        f" set_config('convosphere.account_id', '{_checked(actor.account_id)}', true)"
    )


def _checked(identifier: UUID | None) -> str:
    """An id as it may stand inside a statement: nothing but a real UUID gets there."""
    return str(UUID(str(identifier))) if identifier else ""
