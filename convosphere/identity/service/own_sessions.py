"""A person's own sessions: which there are, how long this one lasts, and ending others.

Only what a person does prolongs a session: the page says so when somebody points or types (`stay`). What pages ask for
by themselves does not, so that a tab left open ends like any other.
"""

from uuid import UUID

from convosphere.core.audit.actions import SESSION_ENDED
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError, SignInRequiredError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import WebSession
from convosphere.identity.queries import sessions as queries
from convosphere.identity.schemas import DeviceRow, TimeLeft
from convosphere.identity.service.devices import device_name


async def list_devices(actor: Actor) -> list[DeviceRow]:
    """Where the actor is signed in: this browser first, then the one used last."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        rows = [_row(session, actor) for session in await queries.list_own(uow, get_settings().session_idle_hours)]
    return sorted(rows, key=lambda row: not row.is_this)


async def end_device(actor: Actor, session_id: UUID) -> None:
    """Sign out in one browser; its tabs close at once.

    Raises:
        NotFoundError: the actor has no such session.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        ended = await queries.end_own(uow, session_id, None)
        if not ended:
            raise NotFoundError
        await _tell(uow, ended)


async def end_other_devices(actor: Actor) -> int:
    """Sign out everywhere but here; gives in how many browsers."""
    require(actor, Permission.ACCOUNT_WRITE)
    async with unit_of_work(actor) as uow:
        ended = await queries.end_own(uow, None, _session_of(actor))
        await _tell(uow, ended)
    return len(ended)


async def time_left(actor: Actor) -> TimeLeft:
    """How long this session lasts if nobody does anything in it. Asking does not prolong it."""
    async with unit_of_work(actor) as uow:
        return await _left(uow, _session_of(actor))


async def stay(actor: Actor) -> TimeLeft:
    """Note that the person did something; gives how long the session lasts now."""
    async with unit_of_work(actor) as uow:
        await queries.mark_seen(uow, _session_of(actor))
        return await _left(uow, _session_of(actor))


async def _left(uow: UnitOfWork, session_id: UUID) -> TimeLeft:
    return TimeLeft(*await queries.get_left(uow, session_id, get_settings().session_idle_hours))


async def _tell(uow: UnitOfWork, ended: list[UUID]) -> None:
    for session_id in ended:
        uow.record(SESSION_ENDED, session_id)
    await uow.publish(*(f"session:{session_id}" for session_id in ended))


def _session_of(actor: Actor) -> UUID:
    if actor.session_id is None:
        raise SignInRequiredError
    return actor.session_id


def _row(session: WebSession, actor: Actor) -> DeviceRow:
    return DeviceRow(
        id=session.id, device=device_name(session.user_agent), address=session.address,
        created_at=session.created_at, last_seen_at=session.last_seen_at, is_this=session.id == actor.session_id,
    )  # fmt: skip
