"""The SQL of invitations."""

from datetime import timedelta

from sqlalchemy import func, select, text
from sqlmodel import col

from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.errors import LinkInvalidError
from convosphere.identity.models import Invitation


async def add_invitation(uow: UnitOfWork, *, token_hash: bytes, email: str | None, role: str, days: int) -> Invitation:
    """Store an invitation to the unit's workspace."""
    invitation = Invitation(
        workspace_id=uow.workspace_id,
        token_hash=token_hash,
        email=email,
        role=role,
        created_by=uow.actor.account_id,
        expires_at=utc_now() + timedelta(days=days),
    )
    uow.session.add(invitation)
    return invitation


async def use_invitation(uow: UnitOfWork, token_hash: bytes) -> Invitation:
    """Use up an invitation.

    Raises:
        LinkInvalidError: it is unknown, expired or used.
    """
    invitation = await _find_invitation(uow, token_hash, lock=True)
    if invitation is None:
        raise LinkInvalidError
    invitation.used_at = utc_now()
    return invitation


async def find_invitation(uow: UnitOfWork, token_hash: bytes) -> Invitation | None:
    """An invitation that can still be used."""
    return await _find_invitation(uow, token_hash, lock=False)


async def _find_invitation(uow: UnitOfWork, token_hash: bytes, *, lock: bool) -> Invitation | None:
    await uow.session.execute(
        text("SELECT set_config('convosphere.invitation', :token, true)"), {"token": token_hash.hex()}
    )
    statement = select(Invitation).where(
        col(Invitation.token_hash) == token_hash,
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > func.now(),
    )
    return await uow.session.scalar(statement.with_for_update() if lock else statement)
