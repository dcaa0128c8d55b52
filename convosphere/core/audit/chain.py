"""How a link is sealed: HMAC-SHA256 over the link before it and the entry in canonical form."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from convosphere.core.audit.schemas import INSTALLATION, Entry, Event

BEGINNING = bytes(32)
"""Stands before the first entry of a chain."""


def make_link(
    event: Event, *, chain: UUID, sequence: int, at: datetime, previous: bytes, key: bytes, key_id: str
) -> Entry:
    """An event at its place in a chain, sealed."""
    entry = Entry(
        workspace_id=None if chain == INSTALLATION else chain,
        sequence=sequence,
        occurred_at=at,
        account_id=event.account_id,
        account_name=event.account_name,
        session_id=event.session_id,
        means=event.origin.means,
        address=event.origin.address,
        user_agent=event.origin.user_agent,
        real_account_id=event.real_account_id,
        real_name=event.real_name,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        label=event.label,
        before=event.before,
        after=event.after,
        outcome=event.outcome,
        times=event.times,
        key_id=key_id,
        previous_hmac=previous,
        hmac=b"",
    )
    return replace(entry, hmac=seal(entry, key))


def seal(entry: Entry, key: bytes) -> bytes:
    """What the HMAC of an entry must be, by its own content and the link that it names as the one before."""
    return hmac.digest(key, entry.previous_hmac + canonical(entry), hashlib.sha256)


def canonical(entry: Entry) -> bytes:
    """All that an entry says, in one spelling."""
    return canonical_json(
        {
            "account_id": _text(entry.account_id),
            "account_name": entry.account_name,
            "action": entry.action,
            "address": entry.address,
            "after": entry.after,
            "before": entry.before,
            "key_id": entry.key_id,
            "label": entry.label,
            "means": entry.means,
            "object_id": _text(entry.object_id),
            "object_type": entry.object_type,
            "occurred_at": entry.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "outcome": entry.outcome,
            "real_account_id": _text(entry.real_account_id),
            "real_name": entry.real_name,
            "sequence": entry.sequence,
            "session_id": _text(entry.session_id),
            "times": entry.times,
            "user_agent": entry.user_agent,
            "workspace_id": _text(entry.workspace_id),
        }
    )


def canonical_json(value: object) -> bytes:
    """JSON as RFC 8785 spells it, for what stands here: texts, whole numbers, truth values, null, keys in ASCII."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _text(identifier: UUID | None) -> str | None:
    return None if identifier is None else str(identifier)
