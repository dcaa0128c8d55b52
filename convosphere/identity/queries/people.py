"""The SQL of accounts and memberships."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.errors import EmailTakenError
from convosphere.identity.models import Account, Membership


async def add_account(uow: UnitOfWork, *, email: str, name: str, password_hash: str, locale: str, role: str) -> Account:
    """Add a person as member of the unit's workspace.

    Raises:
        EmailTakenError: the address has an account.
    """
    account = Account(email=email, name=name, password_hash=password_hash, locale=locale)
    uow.session.add(account)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise EmailTakenError from None
    uow.session.add(Membership(workspace_id=uow.workspace_id, account_id=account.id, role=role))
    await uow.session.flush()
    return account


async def find_account(uow: UnitOfWork, email: str) -> Account | None:
    """The active account of an address."""
    return await uow.session.scalar(
        select(Account).where(col(Account.email) == email, col(Account.is_active).is_(True))
    )


async def is_email_taken(uow: UnitOfWork, email: str) -> bool:
    """Whether an address has an account, active or not."""
    return await uow.session.scalar(select(col(Account.id)).where(col(Account.email) == email)) is not None


async def renew_password_hash(uow: UnitOfWork, account_id: UUID, before: str, after: str) -> None:
    """Put a hash of the same password in place of one with parameters of former times, unless it changed meanwhile."""
    await uow.session.execute(
        update(Account)
        .where(col(Account.id) == account_id, col(Account.password_hash) == before)
        .values(password_hash=after)
    )


async def find_membership(uow: UnitOfWork, account_id: UUID) -> Membership | None:
    """A person's first active membership; the unit's actor must be that person."""
    return await uow.session.scalar(
        select(Membership)
        .where(col(Membership.account_id) == account_id, col(Membership.is_active).is_(True))
        .order_by(col(Membership.created_at))
        .limit(1)
    )


async def set_locale(uow: UnitOfWork, locale: str) -> None:
    """Keep the actor's language."""
    await uow.session.execute(update(Account).where(col(Account.id) == uow.account_id).values(locale=locale))
