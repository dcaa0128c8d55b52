"""A new key for all secrets while everything runs, and the end of the keys before it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from convosphere.core.audit.actions import SECRETS_REWRAPPED
from convosphere.core.permissions import ANONYMOUS
from convosphere.core.secrets import queries
from convosphere.core.secrets.checking import AT_ONCE, check_keys, count_stored, count_waiting
from convosphere.core.secrets.columns import SealedColumn
from convosphere.core.secrets.keyring import add_key, drop_keys, key_ring, keys_path
from convosphere.core.secrets.sealing import SealBrokenError, rewrap
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work

SETTLE_SECONDS = 20.0
"""Longer than anybody waits for a connection (`core.database.TURN_SECONDS`) with what they sealed a moment ago."""

_PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = 0.2
_TURNS = "keys of secrets"


@dataclass
class Rotation:
    """What came of it: how many secrets got another key, which do not open, and what is still under older keys."""

    rewrapped: int = 0
    broken: dict[str, None] = field(default_factory=dict)
    left: Counter[bytes] = field(default_factory=Counter)
    """By key; empty when nothing is."""
    dropped: int = 0
    is_patience_over: bool = False
    """Somebody was still writing, so that older keys were kept."""


async def rotate(
    columns: Sequence[SealedColumn], *, with_new_key: bool = True, settle: float = SETTLE_SECONDS
) -> Rotation:
    """Add a key to the file, rewrap all secrets, then drop older keys that nothing is left under.

    With keys of the environment it neither adds nor drops any. An older key goes only after everybody who may have
    sealed with it has stored that: what is sealed by then is found and rewrapped as well.

    Raises:
        ConfigurationError: a key is missing; nothing was done.
    """
    await check_keys(columns)
    path = keys_path(get_settings())
    is_ours = not get_settings().secret_keys.get_secret_value()
    ring = key_ring()
    if is_ours and with_new_key:
        async with _in_turn():
            add_key(path)
            ring = key_ring()
    done, older = Rotation(), ring.ids[1:]
    await rewrap_all(columns, done)
    if is_ours and older:
        await asyncio.sleep(settle)
        done.is_patience_over = not await _others_ended()
        await rewrap_all(columns, done)
    done.left = await _left(columns, older)
    async with _in_turn() as uow:
        if is_ours and not done.is_patience_over:
            done.dropped = drop_keys(path, set(older) - done.left.keys())
        uow.record(SECRETS_REWRAPPED, after={"rewrapped": done.rewrapped, "dropped": done.dropped})
    return done


async def rewrap_all(columns: Sequence[SealedColumn], done: Rotation) -> None:
    """Put under the newest key what is not; the secrets themselves stay as they are."""
    for sealed in columns:
        last: queries.Record | None = None
        while True:
            async with unit_of_work(ANONYMOUS) as uow:
                rows = await queries.read(uow, sealed, after=last, most=AT_ONCE, to_change=True)
                for row in rows:
                    await _rewrap(uow, sealed, row, done)
            if len(rows) < AT_ONCE:
                break
            last = rows[-1].record


async def _rewrap(uow: UnitOfWork, sealed: SealedColumn, row: queries.SealedRow, done: Rotation) -> None:
    try:
        fresh = rewrap(row.sealed, row.place)
    except SealBrokenError as error:
        done.broken[str(error)] = None
        return
    if fresh is not None:
        await queries.replace(uow, sealed, row.record, fresh)
        done.rewrapped += 1


async def _left(columns: Sequence[SealedColumn], older: Collection[bytes]) -> Counter[bytes]:
    total = await count_waiting()
    for counts in (await count_stored(columns)).values():
        total.update(counts)
    return Counter({key_id: count for key_id, count in total.items() if key_id in older})


async def _others_ended() -> bool:
    """Wait for the transactions that are open now; False when one does not end."""
    async with unit_of_work(ANONYMOUS) as uow:
        moment = await queries.get_moment(uow)
    for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
        async with unit_of_work(ANONYMOUS) as uow:
            if not await queries.are_older_open(uow, moment):
                return True
        await asyncio.sleep(_LOOK_SECONDS)
    return False


@asynccontextmanager
async def _in_turn() -> AsyncIterator[UnitOfWork]:
    """One after another on all machines, since the file is read and written as a whole."""
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.take_turns(_TURNS)
        yield uow
