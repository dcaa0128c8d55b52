"""How often the pieces of an answer come."""

import asyncio

FASTEST = 1 / 40
SLOWEST = 1 / 10
"""Seconds between two pieces of an answer; what the model says meanwhile comes as one."""
MANY = 100
SLOWEST_OF_MANY = 1 / 5
"""The same with more answers than `MANY` at once."""
PIECES_AT_ONCE = 750
"""Pieces a second of all answers together, at about 200 us each with a tab that shows it, before all come slower."""


class Pace:
    """How long an answer rests after each piece: 25 ms, longer the more are written, and the later it is woken.

    To be woken late means that the process, or the machine, has too much to do.
    """

    def __init__(self) -> None:
        self._late = 0.0

    async def rest(self, answers: int) -> None:
        """Wait for the next piece to be due, where so many answers are written."""
        loop = asyncio.get_running_loop()
        longest = SLOWEST if answers <= MANY else SLOWEST_OF_MANY
        due = loop.time() + min(longest, max(FASTEST, answers / PIECES_AT_ONCE) + 4 * self._late)
        await asyncio.sleep(due - loop.time())
        self._late = 0.7 * self._late + 0.3 * (loop.time() - due)
