"""The SQL of who comes in: asked by whoever has no session yet, and by many at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from convosphere.core.database import fetch_one
from convosphere.core.unit_of_work import UnitOfWork

_CLAIMED = text("SELECT id, name, password_hash, email_verified_at FROM account WHERE email = :email AND is_active")
# A person comes into the workspace that they have been in the longest.
_ENTRANT = text(
    """
    SELECT a.id, a.name, a.email, a.locale, a.password_hash, m.workspace_id, m.role,
        EXISTS (SELECT FROM totp_secret AS s WHERE s.account_id = a.id AND s.confirmed_at IS NOT NULL) AS has_totp,
        (SELECT count(*) FROM passkey AS p WHERE p.account_id = a.id) AS passkeys,
        (SELECT count(*) FROM recovery_code AS c WHERE c.account_id = a.id AND c.used_at IS NULL) AS codes
    FROM account AS a JOIN membership AS m ON m.account_id = a.id AND m.is_active
    WHERE a.id = :account_id AND a.is_active
    ORDER BY m.created_at LIMIT 1
    """
)


@dataclass(frozen=True)
class Claimed:
    """The account of an address that somebody typed; nothing is proved yet."""

    id: UUID
    name: str
    password_hash: str | None
    email_verified_at: datetime | None


@dataclass(frozen=True)
class Entrant:
    """Somebody who may come in once they have proved who they are, what as, and what they could prove it with."""

    id: UUID
    name: str
    email: str
    locale: str
    password_hash: str | None
    workspace_id: UUID
    role: str
    has_totp: bool
    passkeys: int
    codes: int

    @property
    def has_factor(self) -> bool:
        """Whether a password is not enough; recovery codes only stand in for a factor."""
        return self.has_totp or self.passkeys > 0


async def find_claimed(email: str) -> Claimed | None:
    """The active account of an address."""
    found: dict[str, Any] | None = await fetch_one(_CLAIMED, {"email": email})
    return Claimed(**found) if found else None


async def find_entrant(uow: UnitOfWork) -> Entrant | None:
    """The unit's actor, if they are active and in a workspace."""
    return await uow.row(Entrant, _ENTRANT, {"account_id": uow.account_id})
