"""Under which keys the secrets are, and whether they can be opened."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from convosphere.core.errors import ConfigurationError
from convosphere.core.permissions import ANONYMOUS
from convosphere.core.secrets import queries
from convosphere.core.secrets.columns import SealedColumn
from convosphere.core.secrets.keyring import present_key_ring
from convosphere.core.secrets.sealing import SealBrokenError, unseal
from convosphere.core.unit_of_work import unit_of_work

AT_ONCE = 500


@dataclass(frozen=True)
class Survey:
    """How many secrets are under each key.

    Args:
        key_ids: the keys that are there, the newest first.
        stored: what is in columns, by their kinds.
        waiting: what jobs got that wait or run, such as mails.
        broken: secrets that do not open, in words.
    """

    key_ids: Sequence[bytes]
    stored: dict[str, Counter[bytes]]
    waiting: Counter[bytes]
    broken: Sequence[str]

    def count(self, key_id: bytes) -> int:
        """How many secrets a key has sealed."""
        return sum((counts[key_id] for counts in self.stored.values()), self.waiting[key_id])


async def check_keys(columns: Sequence[SealedColumn]) -> None:
    """See at the start that no key is missing, rather than when somebody's secret is needed.

    Raises:
        ConfigurationError: secrets were sealed with a key that is not there.
    """
    stored = await count_stored(columns)
    ring = present_key_ring()
    known = set(ring.ids if ring else ())
    lost = {kind: sum(counts[each] for each in counts.keys() - known) for kind, counts in stored.items()}
    if named := ", ".join(f"{count} in {kind}" for kind, count in lost.items() if count):
        raise ConfigurationError(
            f"Secrets in the database were sealed with a key that is not there: {named}. Put the file secrets/keys of "
            "the data directory back from a backup, or name the key in SECRET_KEYS. "
            "docs/administration.md says what to do if it is lost."
        )


async def survey(columns: Sequence[SealedColumn]) -> Survey:
    """Count and open all secrets.

    Raises:
        ConfigurationError: what should be keys are none.
    """
    ring = present_key_ring()
    broken = [complaint for sealed in columns async for complaint in _broken(sealed)]
    return Survey(ring.ids if ring else (), await count_stored(columns), await count_waiting(), broken)


async def count_stored(columns: Sequence[SealedColumn]) -> dict[str, Counter[bytes]]:
    """How many secrets of each column are under each key."""
    async with unit_of_work(ANONYMOUS) as uow:
        return {sealed.kind: await queries.count_keys(uow, sealed) for sealed in columns}


async def count_waiting() -> Counter[bytes]:
    """How many secrets of jobs are under each key."""
    async with unit_of_work(ANONYMOUS) as uow:
        return await queries.count_keys_of_jobs(uow)


async def _broken(sealed: SealedColumn) -> AsyncIterator[str]:
    last: queries.Record | None = None
    while True:
        async with unit_of_work(ANONYMOUS) as uow:
            rows = await queries.read(uow, sealed, after=last, most=AT_ONCE)
        for row in rows:
            try:
                unseal(row.sealed, row.place)
            except SealBrokenError as error:
                yield str(error)
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].record
