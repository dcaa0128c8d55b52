"""What works for a tab in the background: it waits for notices, and ends when the tab is closed or signed out."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import monotonic

import reflex as rx
from reflex.istate.data import RouterData

from convosphere.core.errors import ConfigurationError, UnavailableError
from convosphere.core.events import current_event_hub
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.identity.cookies import session_token
from convosphere.identity.service.sessions import recall_actor, resolve_actor

LOOK_SECONDS = 20
SETTLE_SECONDS = 0.4
"""Much changes at once while files are uploaded; several changes are shown as one."""
LONGEST_WAY_SECONDS = 1.0
_LATE_SECONDS = 0.02
SIGNED_IN_SECONDS = 10
"""How long a tab may be shown what changes without asking whether the session still holds.

A session that ends closes its sockets at once, which each look sees; this is for a notice that was lost."""

Probe = Callable[[str], bool]
_probes: list[Probe] = []


def provide_probe(probe: Probe) -> None:
    """Tell how to find out whether the tab of a client token is connected; the composition root does, once."""
    _probes[:] = [probe]


def is_tab_open(state: rx.State) -> bool:
    """Whether the tab of a State is connected to this process.

    Raises:
        ConfigurationError: no probe was provided.
    """
    return _probe_of(state.router)()


def _probe_of(router: RouterData) -> Callable[[], bool]:
    """The same question for who asks it many times a second: a State puts its router together each time."""
    if not _probes:
        raise ConfigurationError("Nobody said how to find out whether a tab is open.")
    return partial(_probes[0], router.session.client_token)


async def actor_of_tab(state: rx.State) -> Actor:
    """Whoever the tab belongs to, as of some seconds ago at most; anonymous if it was closed."""
    router = state.router
    if not _probe_of(router)():
        return ANONYMOUS
    return await recall_actor(session_token(router.headers.cookie), SIGNED_IN_SECONDS)


async def visitor_of_tab(state: rx.State) -> Actor:
    """The same on pages that nobody has to sign in for: anonymous too while nobody can say."""
    try:
        return await actor_of_tab(state)
    except UnavailableError:
        return ANONYMOUS


async def keep_shown(
    tab: rx.State, permission: Permission, topics: Sequence[str], show: Callable[[Actor], Awaitable[None]]
) -> None:
    """Show something of a tab, and again at each notice, until the tab is gone or another follower takes over.

    `tab` keeps its latest follower in `_follower`, and `show` writes into it. While the database is away, what is shown
    stays.
    """
    follower = str(new_id())
    async with tab:
        tab._follower = follower  # noqa: SLF001  # pyright: ignore[reportAttributeAccessIssue]
    async with current_event_hub().subscribe(*topics) as notices:
        while await _show_again(tab, follower, permission, show):
            await next_notice(notices)


async def _show_again(
    tab: rx.State, follower: str, permission: Permission, show: Callable[[Actor], Awaitable[None]]
) -> bool:
    try:
        actor = await actor_of_tab(tab)
        async with tab:
            latest = tab._follower  # noqa: SLF001  # pyright: ignore[reportAttributeAccessIssue]
            if latest != follower or not actor.may(permission):
                return False
            await show(actor)
    except UnavailableError:
        return True
    return True


class TabGuard:
    """Whether a tab is still open and still signed in with the session that it began with."""

    def __init__(self, state: rx.State, actor: Actor) -> None:
        router = state.router
        self._is_open = _probe_of(router)
        self._token = session_token(router.headers.cookie)
        self._session_id = actor.session_id
        self._asked_at = monotonic()

    async def holds(self) -> bool:
        """Ask; cheap enough for many times a second."""
        if not self._is_open():
            return False
        if monotonic() - self._asked_at < SIGNED_IN_SECONDS:
            return True
        self._asked_at = monotonic()
        try:
            return (await resolve_actor(self._token)).session_id == self._session_id
        except UnavailableError:
            return True  # What is shown stays until there is an answer; the next question comes soon.


async def next_notice(notices: asyncio.Queue[str], settle_seconds: float = SETTLE_SECONDS) -> bool:
    """Wait for a change, or until it is time to see whether the tab is still there; tells whether it was a change."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await notices.get()
    except TimeoutError:
        return False
    await asyncio.sleep(settle_seconds)
    await _give_way()
    while not notices.empty():
        notices.get_nowait()
    return True


async def _give_way() -> None:
    """Wait while the process is behind with its work, for a second at most: what nobody asked for can come later."""
    loop = asyncio.get_running_loop()
    began = due = loop.time()
    while due - began < LONGEST_WAY_SECONDS:
        due = loop.time() + _LATE_SECONDS
        await asyncio.sleep(_LATE_SECONDS)
        if loop.time() - due < _LATE_SECONDS:
            return
