"""Putting all secrets under the newest key while everything runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import column, select, table, update

from convosphere.core.permissions import Actor
from convosphere.core.secrets.sealing import SealedPlace, rewrap
from convosphere.core.unit_of_work import unit_of_work

_AT_ONCE = 500


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed secrets. Its rows' places are named by the owner's column and the record's."""

    table: str
    column: str
    owner_column: str
    record_column: str

    @property
    def kind(self) -> str:
        """As in the places of its secrets."""
        return f"{self.table}.{self.column}"

    def place(self, owner: object, record: object) -> SealedPlace:
        """The place of one row's secret."""
        return SealedPlace(self.kind, str(owner), str(record))


async def rewrap_all(actors: Sequence[Actor], columns: Sequence[SealedColumn]) -> int:
    """Rewrap what the actors see of the columns; gives how many secrets were under an older key.

    Raises:
        SealBrokenError: a secret cannot be opened; what came before it is done.
    """
    return sum([await _rewrap_column(actor, sealed) for actor in actors for sealed in columns])


async def _rewrap_column(actor: Actor, sealed: SealedColumn) -> int:
    names = dict.fromkeys((sealed.record_column, sealed.owner_column, sealed.column))
    rows = table(sealed.table, *(column(name) for name in names))
    record, owner, secret = (rows.c[name] for name in (sealed.record_column, sealed.owner_column, sealed.column))
    done, last = 0, None
    while True:
        page = select(record, owner, secret).order_by(record).limit(_AT_ONCE).with_for_update()
        async with unit_of_work(actor) as uow:
            found = (await uow.session.execute(page if last is None else page.where(record > last))).all()
            for record_id, owner_id, value in found:
                fresh = rewrap(bytes(value), sealed.place(owner_id, record_id))
                if fresh is not None:
                    await uow.session.execute(update(rows).where(record == record_id).values({secret: fresh}))
                    done += 1
        if len(found) < _AT_ONCE:
            return done
        last = found[-1][0]
