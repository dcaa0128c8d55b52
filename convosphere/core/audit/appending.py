"""The one place where chains grow: at the end of the transaction that the entries tell of."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from convosphere.core.audit.chain import make_link
from convosphere.core.audit.keys import audit_keys
from convosphere.core.audit.queries import Last
from convosphere.core.audit.schemas import INSTALLATION, Entry, Event


def chain_of(workspace_id: UUID | None) -> UUID:
    """Where what happens in a workspace is kept; what happens in none is the installation's."""
    return workspace_id or INSTALLATION


def link(chain: UUID, end: Last, events: Sequence[Event]) -> Iterator[Entry]:
    """Events as the entries that follow the end of a chain, which nobody else may move until they are stored.

    The time is the database's, and so never runs ahead of the entry before on another machine.
    """
    keys = audit_keys()
    key, key_id = keys.of_chain(chain), keys.key_id
    sequence, previous, moment = end
    for event in events:
        sequence += 1
        entry = make_link(event, chain=chain, sequence=sequence, at=moment, previous=previous, key=key, key_id=key_id)
        yield entry
        previous = entry.hmac
