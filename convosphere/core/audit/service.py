"""Reading the trail, writing heads, and verifying it."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog

from convosphere.core.audit import queries
from convosphere.core.audit.heads import Head, Heads, read_heads, write_heads
from convosphere.core.audit.keys import audit_keys, heads_path
from convosphere.core.audit.schemas import INSTALLATION, Entry, EntryFilter, EntryPage
from convosphere.core.audit.verification import Break, ChainCheck
from convosphere.core.authorization import require
from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work

PAGE = 50
_MOST_ON_A_PAGE = 500
_BATCH = 2_000

log = structlog.get_logger()


@dataclass(frozen=True)
class ChainReport:
    """What verifying a chain found: how many entries are right, and the first break."""

    chain: UUID
    checked: int
    broken: Break | None


@dataclass(frozen=True)
class Report:
    """What verifying all chains found, and what heads there are."""

    chains: list[ChainReport]
    damaged_heads: list[int]
    heads_since: datetime | None
    newest_head: datetime | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damaged_heads and all(chain.broken is None for chain in self.chains)

    @property
    def checked(self) -> int:
        """How many entries are right."""
        return sum(chain.checked for chain in self.chains)


async def list_entries(
    actor: Actor, wanted: EntryFilter | None = None, cursor: int | None = None, *, most: int = PAGE
) -> EntryPage:
    """Entries from the newest on, of the actor's workspace or, for those who look after it, of the installation.

    Raises:
        ForbiddenError: the actor may not read the trail, or asks for the installation's from another workspace.
    """
    require(actor, Permission.AUDIT_READ)
    wanted = wanted or EntryFilter()
    most = min(max(most, 1), _MOST_ON_A_PAGE)
    async with unit_of_work(actor) as uow:
        if wanted.of_installation and not await queries.is_founded_in(uow.session, uow.workspace_id):
            raise ForbiddenError
        chain = INSTALLATION if wanted.of_installation else uow.workspace_id
        entries = await queries.list_entries(uow.session, chain, wanted, before=cursor, most=most + 1)
    more = len(entries) > most
    return EntryPage(entries[:most], entries[most - 1].sequence if more else None)


async def get_entry(actor: Actor, sequence: int, *, of_installation: bool = False) -> Entry:
    """One entry by its number.

    Raises:
        NotFoundError: there is none.
        ForbiddenError: as `list_entries`.
    """
    page = await list_entries(actor, EntryFilter(of_installation=of_installation), sequence + 1, most=1)
    if not page.entries or page.entries[0].sequence != sequence:
        raise NotFoundError
    return page.entries[0]


async def may_read_installation(actor: Actor) -> bool:
    """Whether the installation's chain is the actor's to read: those may who read the trail of its first workspace."""
    if not actor.may(Permission.AUDIT_READ):
        return False
    async with unit_of_work(actor) as uow:
        return await queries.is_founded_in(uow.session, uow.workspace_id)


async def record_heads() -> int:
    """Write the ends of all chains that have grown to the file of heads, and to the log; gives how many."""
    path, key = heads_path(get_settings()), audit_keys().of_heads()
    known = read_heads(path, key)
    heads = [head for head in await _current_heads() if _is_news(known, head)]
    if heads:
        write_heads(path, heads, key)
    for head in heads:
        log.info("audit_head", chain=str(head.chain), sequence=head.sequence, hmac=head.hmac.hex())
    return len(heads)


async def verify(heads_file: Path | None = None, *, only: Collection[UUID] | None = None) -> Report:
    """Walk all chains, or some, those that only the file of heads knows included.

    Raises:
        ConfigurationError: the key is gone.
    """
    keys = audit_keys()
    heads = read_heads(heads_file or heads_path(get_settings()), keys.of_heads())
    reports: list[ChainReport] = []
    known = {*await _chains(), *heads.by_chain}
    for chain in sorted(known if only is None else known.intersection(only)):
        check = ChainCheck(chain, keys, heads.by_chain.get(chain, {}))
        broken = await _first_break(chain, check)
        reports.append(ChainReport(chain, check.checked, broken))
    return Report(reports, heads.damaged_lines, heads.since, heads.newest)


async def _first_break(chain: UUID, check: ChainCheck) -> Break | None:
    async for entry in _entries(chain):
        if broken := check.take(entry):
            return broken
    return check.end()


async def _entries(chain: UUID) -> AsyncIterator[Entry]:
    """A chain in order, in batches; no transaction stays open while they are checked."""
    after = 0
    while True:
        async with unit_of_work(_reader(chain)) as uow:
            batch = await queries.read(uow.session, chain, after=after, most=_BATCH)
        for entry in batch:
            yield entry
        if len(batch) < _BATCH:
            return
        after = batch[-1].sequence


async def _current_heads() -> list[Head]:
    now = utc_now()
    heads: list[Head] = []
    for chain in await _chains():
        async with unit_of_work(_reader(chain)) as uow:
            last = await queries.get_last(uow.session, chain)
        if last is not None:
            heads.append(Head(chain, last.sequence, last.hmac, now))
    return heads


def _is_news(known: Heads, head: Head) -> bool:
    newest = known.newest_of(head.chain)
    return newest is None or newest.sequence < head.sequence


async def _chains() -> list[UUID]:
    async with unit_of_work(ANONYMOUS) as uow:
        return await queries.list_chains(uow.session)


def _reader(chain: UUID) -> Actor:
    return ANONYMOUS if chain == INSTALLATION else system_actor(chain)
