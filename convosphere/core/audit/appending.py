"""The one place where chains grow: at the end of the transaction that the entries tell of."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from convosphere.core.audit import queries
from convosphere.core.audit.chain import make_link
from convosphere.core.audit.keys import audit_keys
from convosphere.core.audit.schemas import INSTALLATION, Entry, Event


async def append(session: AsyncSession, workspace_id: UUID | None, events: Sequence[Event]) -> None:
    """Add what happened to a workspace's chain, or to the installation's, as the last thing before the commit.

    From here to the end of the commit nobody else appends to this chain, so nothing else may wait in between. The time
    is the database's, and so never runs ahead of the entry before on another machine.
    """
    await session.flush()
    keys = audit_keys()
    chain = workspace_id or INSTALLATION
    key, key_id = keys.of_chain(chain), keys.key_id
    sequence, previous, moment = await queries.hold_end(session, chain)
    links: list[Entry] = []
    for event in events:
        sequence += 1
        link = make_link(event, chain=chain, sequence=sequence, at=moment, previous=previous, key=key, key_id=key_id)
        links.append(link)
        previous = link.hmac
    await queries.add(session, links)
