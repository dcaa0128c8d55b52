"""How a tab keeps what it shows up to date: it waits for notices, and ends when it is closed or signed out."""

import asyncio

import reflex as rx

from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.identity.cookies import session_token
from convosphere.identity.service import resolve_actor
from convosphere.shell.tabs import is_tab_open

LOOK_SECONDS = 20
SETTLE_SECONDS = 0.4
"""Many documents change at once while an upload goes on; several changes are shown as one."""


async def actor_of_tab(state: rx.State) -> Actor:
    """Whoever the tab belongs to now, resolved anew; anonymous if it was closed."""
    if not is_tab_open(state):
        return ANONYMOUS
    return await resolve_actor(session_token(state.router.headers.cookie))


async def next_notice(notices: asyncio.Queue[str]) -> None:
    """Wait for a change, or until it is time to see whether the tab is still there."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await notices.get()
    except TimeoutError:
        return
    await asyncio.sleep(SETTLE_SECONDS)
    while not notices.empty():
        notices.get_nowait()
