"""The SQL of sealed columns, across all workspaces."""

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnClause, column, func, literal, select, table, text, update

from convosphere.core.secrets.columns import INSTALLATION, SealedColumn
from convosphere.core.secrets.keyring import ID_BYTES
from convosphere.core.secrets.sealing import SealedPlace, sealing_key_id
from convosphere.core.unit_of_work import UnitOfWork

_OPEN = text("SELECT set_config('convosphere.sealing', 'rotation', true)")
_WAITING = text(
    "SELECT args ->> 'sealed' FROM procrastinate_jobs WHERE args ->> 'sealed' IS NOT NULL"
    " AND status IN ('todo', 'doing')"
)
_NOW = text("SELECT clock_timestamp()")
_STILL_OPEN = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    " AND pid <> pg_backend_pid() AND xact_start < :moment"
)

Record = UUID | str


@dataclass(frozen=True)
class SealedRow:
    """One sealed secret, and where it belongs."""

    record: Record
    place: SealedPlace
    sealed: bytes


async def read(
    uow: UnitOfWork, sealed: SealedColumn, *, after: Record | None, most: int, to_change: bool = False
) -> Sequence[SealedRow]:
    """Secrets in the order of their records; nobody else changes those that are read to be changed."""
    await uow.session.execute(_OPEN)
    record, secret = column(sealed.record_column), column(sealed.column)
    owner = column(sealed.owner_column) if sealed.owner_column else literal(INSTALLATION)
    page = select(record, secret, owner.label("owner")).select_from(table(sealed.table)).where(secret.is_not(None))
    page = page.order_by(record).limit(most)
    if after is not None:
        page = page.where(record > after)
    rows = await uow.session.execute(page.with_for_update() if to_change else page)
    return [SealedRow(each, sealed.place(each, whose), bytes(kept)) for each, kept, whose in rows]


async def replace(uow: UnitOfWork, sealed: SealedColumn, record: Record, fresh: bytes) -> None:
    """Store a secret anew."""
    columns: list[ColumnClause[object]] = [column(sealed.record_column), column(sealed.column)]
    rows = table(sealed.table, *columns)
    await uow.session.execute(update(rows).where(columns[0] == record).values({columns[1]: fresh}))


async def count_keys(uow: UnitOfWork, sealed: SealedColumn) -> Counter[bytes]:
    """How many secrets each key has sealed."""
    await uow.session.execute(_OPEN)
    secret = column(sealed.column)
    key_id = func.substring(secret, 2, ID_BYTES)
    counted = select(key_id, func.count()).select_from(table(sealed.table)).where(secret.is_not(None))
    found = await uow.session.execute(counted.group_by(key_id))
    return Counter({bytes(each): count for each, count in found})


async def count_keys_of_jobs(uow: UnitOfWork) -> Counter[bytes]:
    """How many of the secrets that waiting jobs got as an argument each key has sealed."""
    waiting = await uow.session.scalars(_WAITING)
    return Counter(sealing_key_id(base64.b64decode(sealed)) for sealed in waiting)


async def get_moment(uow: UnitOfWork) -> datetime:
    """The database's time."""
    return (await uow.session.execute(_NOW)).scalar_one()


async def are_older_open(uow: UnitOfWork, moment: datetime) -> bool:
    """Whether a transaction of the app that began before a moment has not ended."""
    return bool(await uow.session.scalar(_STILL_OPEN, {"moment": moment}))
