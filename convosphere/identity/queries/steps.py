"""The SQL of what is half done: whoever has the token may take the next step, for five minutes."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlmodel import col

from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import SignInStep

LIFETIME = timedelta(minutes=5)
TRIES = 5

_TAKE_CHALLENGE = text(
    "WITH held AS (SELECT token_hash, challenge FROM sign_in_step WHERE token_hash = :token_hash FOR UPDATE)"
    " UPDATE sign_in_step AS s SET challenge = NULL FROM held WHERE s.token_hash = held.token_hash"
    " RETURNING held.challenge"
)


@dataclass(frozen=True)
class TakenStep:
    """A step that was used up: whose, and what was asked."""

    account_id: UUID | None
    challenge: bytes | None


async def add_step(
    uow: UnitOfWork, token_hash: bytes, purpose: str, account_id: UUID | None, challenge: bytes | None = None
) -> None:
    """Store a step, and forget those that are over."""
    await uow.session.execute(delete(SignInStep).where(col(SignInStep.expires_at) < func.now()))
    uow.session.add(
        SignInStep(
            token_hash=token_hash, account_id=account_id, purpose=purpose, challenge=challenge,
            expires_at=utc_now() + LIFETIME,
        )
    )  # fmt: skip


async def find_step_account(uow: UnitOfWork, token_hash: bytes, purpose: str) -> UUID | None:
    """Whose step it is, if it may still be taken."""
    return await uow.session.scalar(
        select(col(SignInStep.account_id)).where(
            col(SignInStep.token_hash) == token_hash,
            col(SignInStep.purpose) == purpose,
            col(SignInStep.expires_at) > func.now(),
            col(SignInStep.tries) < TRIES,
        )
    )


async def count_try(uow: UnitOfWork, token_hash: bytes, purpose: str) -> UUID | None:
    """Count one try of a step; gives whose it is, or None if it is over or was tried too often."""
    return await uow.session.scalar(
        update(SignInStep)
        .where(
            col(SignInStep.token_hash) == token_hash,
            col(SignInStep.purpose) == purpose,
            col(SignInStep.expires_at) > func.now(),
            col(SignInStep.tries) < TRIES,
        )
        .values(tries=col(SignInStep.tries) + 1)
        .returning(col(SignInStep.account_id))
    )


async def set_challenge(uow: UnitOfWork, token_hash: bytes, challenge: bytes) -> None:
    """Ask something new in a step; what was asked before counts no more."""
    await uow.session.execute(
        update(SignInStep).where(col(SignInStep.token_hash) == token_hash).values(challenge=challenge)
    )


async def take_challenge(uow: UnitOfWork, token_hash: bytes) -> bytes | None:
    """What was asked in a step, once."""
    return await uow.session.scalar(_TAKE_CHALLENGE, {"token_hash": token_hash})


async def use_step(uow: UnitOfWork, token_hash: bytes, purpose: str) -> TakenStep | None:
    """Use a step up: of two at once one gets it."""
    used = await uow.session.execute(
        delete(SignInStep)
        .where(
            col(SignInStep.token_hash) == token_hash,
            col(SignInStep.purpose) == purpose,
            col(SignInStep.expires_at) > func.now(),
        )
        .returning(col(SignInStep.account_id), col(SignInStep.challenge))
    )
    row = used.first()
    return TakenStep(row.account_id, row.challenge) if row else None


async def end_steps(uow: UnitOfWork, account_id: UUID) -> None:
    """Forget whatever is half done for an account."""
    await uow.session.execute(delete(SignInStep).where(col(SignInStep.account_id) == account_id))
