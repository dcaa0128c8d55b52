"""Sessions: whose they are, and how they open and end."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from convosphere.core.audit.actions import SESSION_ENDED, SESSION_OPENED
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import Account, WebSession
from convosphere.identity.queries import sessions as session_queries
from convosphere.identity.queries.entrants import Entrant
from convosphere.identity.roles import ALWAYS, may_look_as, permissions_of
from convosphere.identity.schemas import Client, SignedIn
from convosphere.identity.service.devices import recognise_device

_SHOWN = (
    "session_id", "account_id", "workspace_id", "role", "name", "email", "locale", "authenticated_at", "method",
    "lacks_factor",
)  # fmt: skip


_MOST_REMEMBERED = 4_096
"""Sessions, at about 1 kB each."""
_found: OrderedDict[bytes, tuple[float, Actor]] = OrderedDict()


async def resolve_actor(token: str) -> Actor:
    """Whoever a session cookie belongs to, read anew each time; anonymous when it belongs to nobody any more."""
    if not token:
        return ANONYMOUS
    key = hash_token(token)
    asked_at = monotonic()
    found = await session_queries.resolve_session(key, get_settings().session_idle_hours)
    _found.pop(key, None)
    if found is None:
        return ANONYMOUS
    actor = _actor(found)
    _found[key] = (asked_at, actor)
    if len(_found) > _MOST_REMEMBERED:
        _found.popitem(last=False)
    return actor


async def recall_actor(token: str, seconds: float) -> Actor:
    """The same as it was found at most so long ago, for what a tab is shown in the background.

    A session that ends, or whose rights change, closes its sockets by notice, and the tab hears nothing more.
    """
    asked_at, actor = _found.get(hash_token(token), (0.0, ANONYMOUS))
    return actor if actor.session_id and monotonic() - asked_at < seconds else await resolve_actor(token)


def _actor(found: Mapping[str, Any]) -> Actor:
    shown = {name: found[name] for name in _SHOWN}
    permissions = permissions_of(found["role"], found["custom_permissions"])
    if found["real_account_id"] == found["account_id"]:
        return Actor(**shown, permissions=ALWAYS if found["lacks_factor"] else permissions)
    if found["lacks_factor"] or not may_look_as(
        found["real_role"], permissions_of(found["real_role"], found["real_permissions"]), found["role"], permissions
    ):
        return ANONYMOUS
    read = frozenset(permission for permission in permissions if permission.only_reads)
    return Actor(**shown, permissions=read, real_account_id=found["real_account_id"], real_name=found["real_name"])


async def seconds_left(token: str) -> float:
    """How long a session lasts unless somebody does something in it; 0 when it is over. Asking does not prolong it."""
    return await session_queries.get_seconds_left(hash_token(token), get_settings().session_idle_hours)


async def sign_out(actor: Actor) -> None:
    """End the session that the actor came with."""
    if actor.session_id is None:
        return
    async with unit_of_work(actor) as uow:
        await session_queries.end_session(uow, actor.session_id)
        uow.record(SESSION_ENDED, actor.session_id)
        await _publish(uow, [actor.session_id])


async def end_sessions(uow: UnitOfWork, account_id: UUID) -> None:
    """Sign a person out everywhere, once the unit commits: their sockets close in all processes."""
    await _tell_ended(uow, account_id, await session_queries.end_sessions(uow, account_id))


async def end_other_sessions(uow: UnitOfWork, method: str = "") -> None:
    """The same for the actor, but for the session that they are in; with `method` only for those it opened."""
    ended = await session_queries.end_other_sessions(uow, uow.account_id, uow.actor.session_id, method)
    await _tell_ended(uow, uow.account_id, ended)


async def tell_sessions(uow: UnitOfWork, account_id: UUID) -> None:
    """Have all processes look anew who a person is; for the unit that changes their role or blocks them."""
    await _look_anew(uow, await session_queries.list_sessions(uow, account_id))


async def tell_role(uow: UnitOfWork, key: str) -> None:
    """The same for all who have a role; for the unit that changes what it allows."""
    await _look_anew(uow, await session_queries.list_sessions_of_role(uow, key))


async def open_session(
    uow: UnitOfWork, account: Account | Entrant, role: str, client: Client, method: str = "password"
) -> SignedIn:
    """Store a new session of an account in the unit's workspace; `method` says how the person proved who they are."""
    token = new_token()
    session = WebSession(
        token_hash=hash_token(token),
        account_id=account.id,
        active_workspace_id=uow.workspace_id,
        address=client.address,
        user_agent=client.user_agent[:300],
        expires_at=utc_now() + timedelta(days=get_settings().session_days),
        method=method,
    )
    session_queries.add_session(uow, session)
    await recognise_device(uow, account.id, client)
    actor = Actor(
        account_id=account.id,
        workspace_id=uow.workspace_id,
        permissions=permissions_of(role),
        name=account.name,
        email=account.email,
        role=role,
        locale=account.locale,
        session_id=session.id,
        method=method,
    )
    uow.record(SESSION_OPENED, session.id, after={"method": method}, by=actor)
    return SignedIn(token, session.expires_at, actor)


async def _tell_ended(uow: UnitOfWork, account_id: UUID, ended: Sequence[UUID]) -> None:
    for session_id in ended:
        uow.record(SESSION_ENDED, session_id, after={"person": account_id})
    await _publish(uow, ended)


async def _look_anew(uow: UnitOfWork, session_ids: Sequence[UUID]) -> None:
    """Whoever may do something else from now on also gets another token."""
    await session_queries.mark_renewal_due(uow, session_ids)
    await _publish(uow, session_ids)


async def _publish(uow: UnitOfWork, session_ids: Sequence[UUID]) -> None:
    await uow.publish(*(f"session:{session_id}" for session_id in session_ids))
