"""Background tasks end, also those that lose the first word of it."""

import asyncio

import pytest

from convosphere.core import endings
from convosphere.core.endings import end


async def wait_losing(losses: int) -> None:
    """Waits for ever; some cancellations are lost, as `asyncio.wait_for` of Python 3.11 does."""
    for _ in range(losses):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue
    await asyncio.Event().wait()


async def fail() -> None:
    raise LookupError


@pytest.mark.parametrize("losses", [0, 1, 3])
async def test_a_task_is_told_until_it_ends(losses: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endings, "AGAIN_SECONDS", 0.01)
    tasks = [asyncio.create_task(wait_losing(losses)), asyncio.create_task(wait_losing(0))]
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await end(*tasks)
    assert all(task.cancelled() for task in tasks)


async def test_what_is_over_stays_as_it_is() -> None:
    failed = asyncio.create_task(fail())
    await asyncio.wait([failed])
    await end(failed)
    assert isinstance(failed.exception(), LookupError)
