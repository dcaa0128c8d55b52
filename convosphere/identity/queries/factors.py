"""The SQL of second factors and passkeys; the unit's actor is the person, or somebody of a workspace with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.i18n import t
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.errors import PasskeyRefusedError
from convosphere.identity.models import Account, Passkey, RecoveryCode, TotpSecret, WebSession

_STANDING = text(
    "SELECT EXISTS (SELECT 1 FROM totp_secret WHERE account_id = :account_id AND confirmed_at IS NOT NULL) AS has_totp,"
    " (SELECT count(*) FROM passkey WHERE account_id = :account_id) AS passkeys,"
    " (SELECT count(*) FROM recovery_code WHERE account_id = :account_id AND used_at IS NULL) AS codes"
)
# Of all workspaces that the person is in, though only some of them may be seen here.
_IS_REQUIRED = text(
    "SELECT EXISTS (SELECT 1 FROM membership AS m JOIN role AS r ON r.workspace_id = m.workspace_id AND r.key = m.role"
    " WHERE m.account_id = :account_id AND r.requires_second_factor)"
)


@dataclass(frozen=True)
class FactorStanding:
    """What a person could prove themselves with, beside a password."""

    has_totp: bool
    passkeys: int
    codes: int

    @property
    def count(self) -> int:
        """Factors in use; recovery codes only stand in for one."""
        return self.passkeys + self.has_totp


async def get_standing(uow: UnitOfWork, account_id: UUID) -> FactorStanding:
    """What a person has."""
    row = (await uow.session.execute(_STANDING, {"account_id": account_id})).one()
    return FactorStanding(row.has_totp, row.passkeys, row.codes)


async def is_factor_required(uow: UnitOfWork, account_id: UUID) -> bool:
    """Whether the person's role in the unit's workspace asks for a second factor."""
    return bool(await uow.session.scalar(_IS_REQUIRED, {"account_id": account_id}))


async def get_account(uow: UnitOfWork) -> Account:
    """The account of the unit's actor."""
    return await uow.session.get_one(Account, uow.account_id)


async def lock_factors(uow: UnitOfWork, account_id: UUID) -> Account:
    """Be the only one who changes what a person proves themselves with, until the unit ends.

    Raises:
        NotFoundError: there is no such account.
    """
    found = await uow.session.scalar(select(Account).where(col(Account.id) == account_id).with_for_update())
    if found is None:
        raise NotFoundError
    return found


async def find_totp(uow: UnitOfWork, account_id: UUID) -> TotpSecret | None:
    """A person's seed, confirmed or not."""
    return await uow.session.get(TotpSecret, account_id)


async def replace_totp(uow: UnitOfWork, account_id: UUID, sealed_secret: bytes) -> None:
    """Store a seed that is not confirmed yet, in place of another such one."""
    await uow.session.execute(
        delete(TotpSecret).where(col(TotpSecret.account_id) == account_id, col(TotpSecret.confirmed_at).is_(None))
    )
    uow.session.add(TotpSecret(account_id=account_id, sealed_secret=sealed_secret))


async def use_totp_step(uow: UnitOfWork, account_id: UUID, step: int) -> bool:
    """Use up a time step and all before it; False if it was used: of two at once one gets it."""
    used = (
        update(TotpSecret)
        .where(col(TotpSecret.account_id) == account_id, col(TotpSecret.last_step) < step)
        .values(last_step=step)
        .returning(col(TotpSecret.account_id))
    )
    return await uow.session.scalar(used) is not None


async def confirm_totp(uow: UnitOfWork, account_id: UUID, confirmed_at: datetime) -> None:
    """Have a person's seed count."""
    await uow.session.execute(
        update(TotpSecret).where(col(TotpSecret.account_id) == account_id).values(confirmed_at=confirmed_at)
    )


async def delete_totp(uow: UnitOfWork, account_id: UUID) -> None:
    """Forget a person's seed."""
    await uow.session.execute(delete(TotpSecret).where(col(TotpSecret.account_id) == account_id))


async def replace_codes(uow: UnitOfWork, account_id: UUID, code_hashes: Sequence[bytes]) -> None:
    """Make these the only recovery codes that work."""
    await uow.session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    uow.session.add_all(RecoveryCode(account_id=account_id, code_hash=code_hash) for code_hash in code_hashes)


async def use_code(uow: UnitOfWork, account_id: UUID, code_hash: bytes) -> bool:
    """Use up a recovery code; False if there is none such: of two at once one gets it."""
    used = (
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.code_hash) == code_hash,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=func.now())
        .returning(col(RecoveryCode.account_id))
    )
    return await uow.session.scalar(used) is not None


async def list_passkeys(uow: UnitOfWork, account_id: UUID) -> list[Passkey]:
    """A person's passkeys, the oldest first."""
    found = await uow.session.scalars(
        select(Passkey).where(col(Passkey.account_id) == account_id).order_by(col(Passkey.created_at))
    )
    return list(found)


async def add_passkey(uow: UnitOfWork, passkey: Passkey) -> None:
    """Store a passkey.

    Raises:
        PasskeyRefusedError: it belongs to an account already.
    """
    uow.session.add(passkey)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise PasskeyRefusedError(t("This passkey belongs to an account already.")) from None


async def get_passkey(uow: UnitOfWork, account_id: UUID, passkey_id: UUID) -> Passkey:
    """One of a person's passkeys.

    Raises:
        NotFoundError: they have no such one.
    """
    found = await uow.session.get(Passkey, passkey_id)
    if found is None or found.account_id != account_id:
        raise NotFoundError
    return found


async def lock_passkey(uow: UnitOfWork, account_id: UUID, credential_id: bytes) -> Passkey | None:
    """A person's passkey by what browsers call it; nobody else uses it until the unit ends."""
    return await uow.session.scalar(
        select(Passkey)
        .where(col(Passkey.account_id) == account_id, col(Passkey.credential_id) == credential_id)
        .with_for_update()
    )


async def delete_factors(uow: UnitOfWork, account_id: UUID) -> None:
    """Forget all that a person has beside a password."""
    await delete_totp(uow, account_id)
    for table in (Passkey, RecoveryCode):
        await uow.session.execute(delete(table).where(col(table.account_id) == account_id))


async def forget_proof(uow: UnitOfWork, account_id: UUID) -> None:
    """Say of a person's sessions that they were opened by password alone, now that there is no factor any more."""
    await uow.session.execute(
        update(WebSession).where(col(WebSession.account_id) == account_id).values(method="password")
    )
