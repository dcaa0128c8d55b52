"""One-time links of an account: whoever opens one reads its mail, or was given it by somebody who may give it."""

from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.model import utc_now
from convosphere.core.page_routes import RECOVER, VERIFY
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import Account, AccountLink
from convosphere.identity.queries import links as link_queries
from convosphere.identity.queries import people as people_queries
from convosphere.identity.schemas import IssuedLink

Purpose = Literal["recovery", "verification", "email_change"]

RECOVERY_MINUTES: Final = 30
VERIFICATION_HOURS: Final = 24
LINKS_PER_HOUR: Final = 3

_LIFETIMES: Final[dict[Purpose, timedelta]] = {
    "recovery": timedelta(minutes=RECOVERY_MINUTES),
    "verification": timedelta(hours=VERIFICATION_HOURS),
    "email_change": timedelta(hours=VERIFICATION_HOURS),
}
_PAGES: Final[dict[Purpose, str]] = {"recovery": RECOVER, "verification": VERIFY, "email_change": VERIFY}


async def issue_link(uow: UnitOfWork, account: Account, purpose: Purpose, email: str = "") -> IssuedLink:
    """Make the one link of a purpose that works from now on; its secret is stored only as a hash."""
    token = new_token()
    link = AccountLink(
        token_hash=hash_token(token),
        account_id=account.id,
        purpose=purpose,
        email=email or account.email,
        expires_at=utc_now() + _LIFETIMES[purpose],
    )
    await link_queries.add_link(uow, link)
    return IssuedLink(f"{get_settings().address}{_PAGES[purpose]}?token={token}", token, link.expires_at)


async def may_have_another(uow: UnitOfWork, account: Account, purpose: Purpose) -> bool:
    """Whether an account was not sent so many links lately that its owner would be annoyed by one more."""
    return await link_queries.count_recent_links(uow, account.id, purpose) < LINKS_PER_HOUR


async def workspace_of(account: Account | None) -> UUID | None:
    """Where what happens to an account by a link is kept in the trail; None for whoever is active nowhere."""
    if account is None or not account.is_active:
        return None
    async with unit_of_work(Actor(account.id, None, frozenset())) as uow:
        membership = await people_queries.find_membership(uow, account.id)
    return membership.workspace_id if membership else None
