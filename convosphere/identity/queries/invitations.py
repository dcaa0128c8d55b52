"""The SQL of invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.errors import LinkInvalidError
from convosphere.identity.models import Account, Invitation, InvitationList

_SHOWN_AFTER_END = timedelta(days=30)


@dataclass(frozen=True)
class InvitationRow:
    """An invitation that nobody has used; `email` is empty where whoever has the link may use it."""

    id: UUID
    email: str
    name: str
    role: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    is_expired: bool


async def add_invitation(uow: UnitOfWork, invitation: Invitation) -> None:
    """Store an invitation to the unit's workspace."""
    uow.session.add(invitation)
    await uow.session.flush()


async def use_invitation(uow: UnitOfWork, token_hash: bytes) -> Invitation:
    """Use up an invitation.

    Raises:
        LinkInvalidError: it is unknown, expired, revoked or used.
    """
    invitation = await _find_invitation(uow, token_hash, lock=True)
    if invitation is None:
        raise LinkInvalidError
    invitation.used_at = utc_now()
    return invitation


async def find_invitation(uow: UnitOfWork, token_hash: bytes) -> Invitation | None:
    """An invitation that can still be used."""
    return await _find_invitation(uow, token_hash, lock=False)


async def get_open(uow: UnitOfWork, invitation_id: UUID) -> Invitation:
    """An invitation of the workspace that is neither used nor revoked, for whoever changes it.

    Raises:
        NotFoundError: there is none.
    """
    found = await uow.session.scalar(
        select(Invitation).where(col(Invitation.id) == invitation_id, _is_open(uow)).with_for_update()
    )
    if found is None:
        raise NotFoundError
    return found


async def list_open(
    uow: UnitOfWork, words: str = "", before: UUID | None = None, limit: int = 50
) -> list[InvitationRow]:
    """Invitations that are neither used nor revoked, the newest first, expired ones for a while."""
    found = (
        select(
            *(col(Invitation.id), func.coalesce(col(Invitation.email), ""), col(Invitation.name)),
            *(col(Invitation.role), func.coalesce(col(Account.name), ""), col(Invitation.created_at)),
            *(col(Invitation.expires_at), col(Invitation.expires_at) <= func.now()),
        )
        .outerjoin(Account, col(Account.id) == col(Invitation.created_by))
        .where(_is_shown(uow, words))
        .order_by(col(Invitation.id).desc())
        .limit(limit)
    )
    rows = await uow.session.execute(found.where(col(Invitation.id) < before) if before else found)
    return [InvitationRow(*row) for row in rows]


async def count_open(uow: UnitOfWork, words: str = "") -> int:
    """How many of them there are."""
    return await uow.session.scalar(select(func.count()).select_from(Invitation).where(_is_shown(uow, words))) or 0


async def list_invited(uow: UnitOfWork, emails: Sequence[str]) -> set[str]:
    """Those of some addresses that have an invitation which can be used."""
    found = select(col(Invitation.email)).where(
        col(Invitation.email).in_(emails), _is_open(uow), col(Invitation.expires_at) > func.now()
    )
    return {email for email in await uow.session.scalars(found) if email}


async def list_open_of(uow: UnitOfWork, list_id: UUID) -> list[Invitation]:
    """The invitations of one list that nobody has used, in its order, for whoever makes new links of them."""
    found = select(Invitation).where(col(Invitation.list_id) == list_id, _is_open(uow)).order_by(col(Invitation.id))
    return list(await uow.session.scalars(found.with_for_update()))


async def revoke_of(uow: UnitOfWork, email: str) -> None:
    """Make the open invitations of an address useless."""
    open_ones = update(Invitation).where(col(Invitation.email) == email, _is_open(uow))
    await uow.session.execute(open_ones.values(revoked_at=func.now()))


async def get_list(uow: UnitOfWork, list_id: UUID, *, lock: bool = False) -> InvitationList:
    """A list of people to be invited.

    Raises:
        NotFoundError: there is none.
    """
    statement = select(InvitationList).where(
        col(InvitationList.id) == list_id, col(InvitationList.workspace_id) == uow.workspace_id
    )
    found = await uow.session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFoundError
    return found


async def forget_drafts(uow: UnitOfWork) -> None:
    """Forget lists that the actor read and did not send."""
    await uow.session.execute(
        delete(InvitationList).where(
            col(InvitationList.created_by) == uow.account_id, col(InvitationList.status) == "draft"
        )
    )


def _is_open(uow: UnitOfWork) -> ColumnElement[bool]:
    return (
        (col(Invitation.workspace_id) == uow.workspace_id)
        & col(Invitation.used_at).is_(None)
        & col(Invitation.revoked_at).is_(None)
    )


def _is_shown(uow: UnitOfWork, words: str) -> ColumnElement[bool]:
    shown = _is_open(uow) & (col(Invitation.expires_at) > func.now() - _SHOWN_AFTER_END)
    if not words:
        return shown
    name, wanted = func.lower(col(Invitation.name)), words.lower()
    email = func.coalesce(col(Invitation.email), "")
    return shown & or_(name.contains(wanted, autoescape=True), email.contains(wanted, autoescape=True))


async def _find_invitation(uow: UnitOfWork, token_hash: bytes, *, lock: bool) -> Invitation | None:
    await uow.session.execute(
        text("SELECT set_config('convosphere.invitation', :token, true)"), {"token": token_hash.hex()}
    )
    statement = select(Invitation).where(
        col(Invitation.token_hash) == token_hash,
        col(Invitation.used_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > func.now(),
    )
    return await uow.session.scalar(statement.with_for_update() if lock else statement)
