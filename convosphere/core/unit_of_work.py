"""One use case, one transaction: data, jobs and events are committed together or not at all."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from convosphere.core.audit.actions import Action, Facts, Outcome
from convosphere.core.audit.appending import append
from convosphere.core.audit.schemas import Event, describe
from convosphere.core.database import current_database, failures_told
from convosphere.core.errors import SignInRequiredError
from convosphere.core.permissions import Actor

EVENT_CHANNEL: LiteralString = "convosphere_events"

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, :priority, :lock, :queueing_lock,"
    " CAST(:args AS jsonb), now() + CAST(:delay AS interval))::procrastinate_job_to_defer_v1])"
)
_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_NOTIFY = text("SELECT pg_notify(:channel, topic) FROM unnest(CAST(:topics AS text[])) AS topic")


class UnitOfWork:
    """A transaction on behalf of an actor, whose workspace row-level security enforces."""

    def __init__(self, actor: Actor, session: AsyncSession) -> None:
        self.actor = actor
        self.session = session
        self._events: list[Event] = []

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
        await self.session.execute(
            _DEFER,
            {"queue": queue, "task": task, "priority": priority, "lock": lock, "queueing_lock": None,
             "args": json.dumps(dict(args)), "delay": delay},
        )  # fmt: skip

    async def take_turns(self, name: str) -> None:
        """Wait until no other unit of work under this name is open, and keep others waiting until this one ends."""
        await self.session.execute(_TAKE_TURNS, {"name": name})

    async def publish(self, *topics: str) -> None:
        """Tell all processes, when this unit commits, that something changed. Topics carry ids only, never content."""
        await self.session.execute(_NOTIFY, {"channel": EVENT_CHANNEL, "topics": list(topics)})

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

    async def close(self) -> None:
        """Do what comes last before the commit; see `core.audit`."""
        if self._events:
            await append(self.session, self.actor.workspace_id, self._events)


@asynccontextmanager
async def unit_of_work(actor: Actor) -> AsyncIterator[UnitOfWork]:
    """Open the one transaction of a use case; it commits at the end, or rolls all back.

    Raises:
        InvalidInputError: something cannot be stored.
        UnavailableError: the database does not answer.
    """
    async with failures_told(), current_database().sessions.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(_begin(actor), execution_options={"no_parameters": True})
        uow = UnitOfWork(actor, session)
        yield uow
        await uow.close()


def _begin(actor: Actor) -> str:
    """The transaction's first words, in one message to the server: as bound parameters they would take two more."""
    return (
        f"BEGIN; SELECT set_config('convosphere.workspace_id', '{_checked(actor.workspace_id)}', true),"
        f" set_config('convosphere.account_id', '{_checked(actor.account_id)}', true)"
    )


def _checked(identifier: UUID | None) -> str:
    """An id as it may stand inside a statement: nothing but a real UUID gets there."""
    return str(UUID(str(identifier))) if identifier else ""
