"""Whether a chain is what was appended: pure arithmetic over its entries in order and its heads."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from convosphere.core.audit.chain import BEGINNING, seal
from convosphere.core.audit.heads import Head
from convosphere.core.audit.keys import AuditKeys
from convosphere.core.audit.schemas import Entry

FARTHEST = 50_000  # Takes a second or two, once.


class Fault(StrEnum):
    """What is wrong with a link."""

    CHANGED = "changed"
    REMOVED = "removed"
    MOVED = "moved"
    CUT_OFF = "cut off"
    FOREIGN_KEY = "foreign key"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Break:
    """The first broken link of a chain. `entry` is what stands there now, if anything does."""

    fault: Fault
    sequence: int
    entry: Entry | None = None

    def __str__(self) -> str:
        return f"entry {self.sequence} {_EXPLAINED[self.fault]}"


_EXPLAINED = {
    Fault.CHANGED: "was changed after it was written, or was written by somebody without the key",
    Fault.REMOVED: "was removed",
    Fault.MOVED: "is another one that was moved here",
    Fault.CUT_OFF: "and all after it were cut off: the file of heads knows them",
    Fault.FOREIGN_KEY: "was sealed with another key",
    Fault.REWRITTEN: "is sealed well, but is not the one that the file of heads knows: it was written anew",
}


class ChainCheck:
    """Takes a chain's entries one after another and stops at the first that is not right.

    Args:
        chain: which one.
        keys: what it should be sealed with.
        heads: what is known of it from outside the database, by sequence number.
        farthest: so far from where an entry stands is looked for where it belongs.
    """

    def __init__(self, chain: UUID, keys: AuditKeys, heads: Mapping[int, Head], *, farthest: int = FARTHEST) -> None:
        self._key, self._key_id, self._heads = keys.of_chain(chain), keys.key_id, heads
        self._previous, self._farthest = BEGINNING, farthest
        self.checked = 0

    def take(self, entry: Entry) -> Break | None:
        """Check the next entry."""
        expected = self.checked + 1
        if entry.sequence != expected:
            return Break(Fault.REMOVED, expected, entry)
        if fault := self._fault(entry):
            return Break(fault, expected, entry)
        self._previous = entry.hmac
        self.checked = expected
        return None

    def end(self) -> Break | None:
        """Check that nothing is missing at the end."""
        if max(self._heads, default=0) > self.checked:
            return Break(Fault.CUT_OFF, self.checked + 1)
        return None

    def _fault(self, entry: Entry) -> Fault | None:
        if not hmac.compare_digest(seal(entry, self._key), entry.hmac):
            return self._fault_of_seal(entry)
        if entry.previous_hmac != self._previous:
            return Fault.REWRITTEN
        head = self._heads.get(entry.sequence)
        return Fault.REWRITTEN if head is not None and head.hmac != entry.hmac else None

    def _fault_of_seal(self, entry: Entry) -> Fault:
        """Why a seal is wrong. An entry under another's number still has the seal of its own."""
        if entry.key_id != self._key_id:
            return Fault.FOREIGN_KEY
        numbers = range(max(1, entry.sequence - self._farthest), entry.sequence + self._farthest)
        if any(hmac.compare_digest(seal(replace(entry, sequence=n), self._key), entry.hmac) for n in numbers):
            return Fault.MOVED
        return Fault.CHANGED
