"""The SQL of known devices."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

# The sub-select sees the table as it was before this statement.
_REMEMBER = text(
    """
    INSERT INTO known_device (account_id, trait_hash) VALUES (:account_id, :trait_hash)
    ON CONFLICT (account_id, trait_hash) DO UPDATE SET last_seen_at = now()
    RETURNING first_seen_at = last_seen_at AS is_new,
        EXISTS (
            SELECT FROM known_device AS k WHERE k.account_id = :account_id AND k.trait_hash <> :trait_hash
        ) AS others
    """
)
_FORGET = text("DELETE FROM known_device WHERE account_id = :account_id AND last_seen_at < now() - interval '180 days'")


@dataclass(frozen=True)
class Remembered:
    """Whether a device is new to an account, and whether the account knows others."""

    is_new: bool
    others: bool


async def remember_device(uow: UnitOfWork, account_id: UUID, trait_hash: bytes) -> Remembered:
    """Keep that a device was used, and forget those that were not for half a year."""
    uow.defer(_FORGET, {"account_id": account_id})
    (found,) = await uow.rows(Remembered, _REMEMBER, {"account_id": account_id, "trait_hash": trait_hash})
    return found
