"""The SQL of the one-time links of an account."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.errors import LinkInvalidError
from convosphere.identity.models import AccountLink

_KEPT = timedelta(days=2)


async def add_link(uow: UnitOfWork, link: AccountLink) -> None:
    """Store a link; those before it of the same purpose stop working, and old ones are forgotten."""
    await uow.session.execute(
        delete(AccountLink).where(
            col(AccountLink.account_id) == link.account_id, col(AccountLink.created_at) < utc_now() - _KEPT
        )
    )
    await end_links(uow, link.account_id, link.purpose)
    uow.session.add(link)


async def end_links(uow: UnitOfWork, account_id: UUID, *purposes: str) -> None:
    """Make all open links of an account, or those of some purposes, useless."""
    ended = update(AccountLink).where(col(AccountLink.account_id) == account_id, col(AccountLink.used_at).is_(None))
    if purposes:
        ended = ended.where(col(AccountLink.purpose).in_(purposes))
    await uow.session.execute(ended.values(used_at=func.now()))


async def use_link(uow: UnitOfWork, token_hash: bytes, *purposes: str) -> AccountLink:
    """Use a link up: of two at once one gets it.

    Raises:
        LinkInvalidError: it is unknown, expired, used, or for something else.
    """
    used = (
        update(AccountLink)
        .where(
            col(AccountLink.token_hash) == token_hash,
            col(AccountLink.purpose).in_(purposes),
            col(AccountLink.used_at).is_(None),
            col(AccountLink.expires_at) > func.now(),
        )
        .values(used_at=func.now())
        .returning(AccountLink)
    )
    link = (await uow.session.scalars(used)).first()
    if link is None:
        raise LinkInvalidError
    return link


async def find_link(uow: UnitOfWork, token_hash: bytes, *purposes: str) -> AccountLink | None:
    """A link that still works."""
    return await uow.session.scalar(
        select(AccountLink).where(
            col(AccountLink.token_hash) == token_hash,
            col(AccountLink.purpose).in_(purposes),
            col(AccountLink.used_at).is_(None),
            col(AccountLink.expires_at) > func.now(),
        )
    )


async def count_recent_links(uow: UnitOfWork, account_id: UUID, purpose: str) -> int:
    """How many links of a purpose an account was given in the last hour."""
    since = utc_now() - timedelta(hours=1)
    statement = select(func.count()).where(
        col(AccountLink.account_id) == account_id,
        col(AccountLink.purpose) == purpose,
        col(AccountLink.created_at) > since,
    )
    return await uow.session.scalar(statement) or 0
