"""The SQL of the trail. Reading a chain needs its workspace set; the installation's has a path of its own."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from convosphere.core.audit.actions import Fact
from convosphere.core.audit.models import AUDIT_ENTRY
from convosphere.core.audit.schemas import INSTALLATION, Entry, EntryFilter

_OPEN_INSTALLATION = text("SELECT set_config('convosphere.audit', 'installation', true)")
_CHAINS = text("SELECT id FROM audit_chain ORDER BY id")
_FOUNDED = text("SELECT EXISTS (SELECT FROM installation WHERE workspace_id = :workspace_id)")

LAST = text("SELECT last_sequence AS sequence, last_hmac AS hmac, moment FROM audit_last(CAST(:workspace_id AS uuid))")
"""The end of a chain, as `Last`, which nobody else moves from then on until the transaction ends."""

_NAMES = tuple(field.name for field in fields(Entry))
_values = attrgetter(*_NAMES)
_COLUMNS = tuple(AUDIT_ENTRY.c[name] for name in _NAMES)

ADD = text(
    "INSERT INTO audit_entry (workspace_id, sequence, occurred_at, account_id, account_name, session_id, means,"
    " address, user_agent, real_account_id, real_name, action, object_type, object_id, label, before, after, outcome,"
    " times, key_id, previous_hmac, hmac) VALUES (:workspace_id, :sequence, :occurred_at, :account_id, :account_name,"
    " :session_id, :means, :address, :user_agent, :real_account_id, :real_name, :action, :object_type, :object_id,"
    " :label, :before, :after, :outcome, :times, :key_id, :previous_hmac, :hmac)"
)
"""Puts an entry, as `values_of` gives it, to the end of its chain."""


class Last(NamedTuple):
    """The end of a chain, and the database's time when it was asked for."""

    sequence: int
    hmac: bytes
    moment: datetime


def values_of(entry: Entry) -> dict[str, object]:
    """What `ADD` stores."""
    values: dict[str, object] = {}
    values.update(zip(_NAMES, _values(entry), strict=True))
    values.update(before=_json(entry.before), after=_json(entry.after))
    return values


async def list_chains(session: AsyncSession) -> list[UUID]:
    """All chains that ever had an entry."""
    return list(await session.scalars(_CHAINS))


async def read(session: AsyncSession, chain: UUID, *, after: int, most: int) -> list[Entry]:
    """A chain's entries in order, behind a sequence number."""
    condition = await _in_chain(session, chain)
    statement = select(*_COLUMNS).where(condition, AUDIT_ENTRY.c.sequence > after)
    rows = await session.execute(statement.order_by(AUDIT_ENTRY.c.sequence).limit(most))
    return [Entry(*row) for row in rows]


async def get_last(session: AsyncSession, chain: UUID) -> Entry | None:
    """A chain's last entry, holding nobody up."""
    condition = await _in_chain(session, chain)
    statement = select(*_COLUMNS).where(condition).order_by(AUDIT_ENTRY.c.sequence.desc()).limit(1)
    row = (await session.execute(statement)).first()
    return Entry(*row) if row else None


async def list_entries(
    session: AsyncSession, chain: UUID, wanted: EntryFilter, *, before: int | None, most: int
) -> list[Entry]:
    """A chain's entries from the newest on, older than a sequence number."""
    conditions = [await _in_chain(session, chain), *_conditions(wanted)]
    if before is not None:
        conditions.append(AUDIT_ENTRY.c.sequence < before)
    rows = await session.execute(
        select(*_COLUMNS).where(*conditions).order_by(AUDIT_ENTRY.c.sequence.desc()).limit(most)
    )
    return [Entry(*row) for row in rows]


async def was_done_lately(session: AsyncSession, action: str, object_id: UUID, account_id: UUID, seconds: int) -> bool:
    """Whether the workspace's trail has this of a person and a thing, since a while."""
    entry = AUDIT_ENTRY.c
    found = select(entry.sequence).where(
        entry.object_id == object_id,
        entry.account_id == account_id,
        entry.action == action,
        entry.occurred_at > func.now() - timedelta(seconds=seconds),
    )
    return await session.scalar(found.limit(1)) is not None


async def is_founded_in(session: AsyncSession, workspace_id: UUID) -> bool:
    """Whether a workspace is the one that the installation began with."""
    return bool(await session.scalar(_FOUNDED, {"workspace_id": workspace_id}))


def _conditions(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    column = AUDIT_ENTRY.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.account_id is not None:
        conditions.append(or_(column.account_id == wanted.account_id, column.real_account_id == wanted.account_id))
    if wanted.name:
        conditions.append(or_(*(_holds(each, wanted.name) for each in (column.account_name, column.real_name))))
    if wanted.actions is not None:
        conditions.append(column.action.in_(wanted.actions))
    if wanted.object_id is not None:
        conditions.append(column.object_id == wanted.object_id)
    if wanted.label:
        conditions.append(_holds(column.label, wanted.label))
    return [*conditions, *_of_result_and_time(wanted)]


def _of_result_and_time(wanted: EntryFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.outcome is not None:
        yield AUDIT_ENTRY.c.outcome == wanted.outcome
    if wanted.since is not None:
        yield AUDIT_ENTRY.c.occurred_at >= wanted.since
    if wanted.until is not None:
        yield AUDIT_ENTRY.c.occurred_at < wanted.until


def _holds(column: Column[str], part: str) -> ColumnElement[bool]:
    return column.icontains(part, autoescape=True)


async def _in_chain(session: AsyncSession, chain: UUID) -> ColumnElement[bool]:
    if chain == INSTALLATION:
        await session.execute(_OPEN_INSTALLATION)
        return AUDIT_ENTRY.c.workspace_id.is_(None)
    return AUDIT_ENTRY.c.workspace_id == chain


def _json(facts: Mapping[str, Fact] | None) -> str | None:
    return None if facts is None else json.dumps(facts)
