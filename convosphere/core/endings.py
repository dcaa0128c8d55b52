"""How background tasks end with what they serve."""

import asyncio

AGAIN_SECONDS = 2.0
"""Patience with a task that was cancelled: longer than any of them needs to put away what it holds."""


async def end(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks until they are over.

    Once is not enough: in Python 3.11 `asyncio.wait_for`, by which redis and psycopg wait, loses a cancellation that
    comes together with what it waited for (python/cpython issue 86296).
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=AGAIN_SECONDS)
