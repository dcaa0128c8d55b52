"""The ends of chains, written outside the database, so that cutting one off is found.

Each line of the file is a head in canonical JSON with a seal of its own. Lines are only ever added.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from convosphere.core.audit.chain import canonical_json


@dataclass(frozen=True)
class Head:
    """Where a chain ended at some time."""

    chain: UUID
    sequence: int
    hmac: bytes
    time: datetime


@dataclass
class Heads:
    """What a file of heads says."""

    by_chain: dict[UUID, dict[int, Head]] = field(default_factory=dict)
    damaged_lines: list[int] = field(default_factory=list)
    since: datetime | None = None
    newest: datetime | None = None

    def newest_of(self, chain: UUID) -> Head | None:
        """The head of a chain with the highest number."""
        heads = self.by_chain.get(chain)
        return heads[max(heads)] if heads else None

    def add(self, head: Head) -> None:
        """Take in one more."""
        self.by_chain.setdefault(head.chain, {})[head.sequence] = head
        self.since = min(self.since or head.time, head.time)
        self.newest = max(self.newest or head.time, head.time)


def read_heads(path: Path, key: bytes) -> Heads:
    """All heads of a file; none, where there is no file."""
    heads = Heads()
    if not path.exists():
        return heads
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            head = _parse(line, key)
            if head is None:
                heads.damaged_lines.append(number)
            else:
                heads.add(head)
    return heads


def write_heads(path: Path, heads: Sequence[Head], key: bytes) -> None:
    """Add heads to the file, and see that they are on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        lines = b"".join(_line(head, key) for head in heads)
        # A line that a full disk or a fall cut short must not spoil the next one.
        file.write((b"" if _ends_whole(file.fileno()) else b"\n") + lines)
        os.fsync(file.fileno())


def _ends_whole(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _line(head: Head, key: bytes) -> bytes:
    said = _said(head)
    return canonical_json({**said, "seal": _seal(said, key)}) + b"\n"


def _said(head: Head) -> dict[str, str | int]:
    time = head.time.astimezone(UTC).isoformat(timespec="seconds")
    return {"chain": str(head.chain), "sequence": head.sequence, "hmac": head.hmac.hex(), "time": time}


def _seal(said: dict[str, str | int], key: bytes) -> str:
    return hmac.digest(key, canonical_json(said), hashlib.sha256).hex()


def _parse(line: bytes, key: bytes) -> Head | None:
    """A head, or None where a line is not what was written."""
    try:
        said = json.loads(line)
        seal = said.pop("seal")
        if not hmac.compare_digest(str(seal).encode(), _seal(said, key).encode()):
            return None
        return Head(
            UUID(said["chain"]), said["sequence"], bytes.fromhex(said["hmac"]), datetime.fromisoformat(said["time"])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
