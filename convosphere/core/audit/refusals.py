"""Refusals and failed sign-ins, whose transaction rolls back or never begins: written afterwards in their own.

The first of a kind (who, from where, what) is written at once. Those that follow within a minute are counted and
written as one entry at its end, so that nobody fills the trail by trying again and again.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from convosphere.core.audit.actions import Action, Facts, Outcome
from convosphere.core.audit.schemas import Event, describe
from convosphere.core.endings import end
from convosphere.core.errors import ConvoSphereError, UnavailableError
from convosphere.core.origin import Origin
from convosphere.core.permissions import ANONYMOUS, Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work

log = structlog.get_logger()

WINDOW_SECONDS = 60.0
MOST_KINDS = 1_000
"""So many kinds are told apart within a minute; whatever comes beyond is counted together, without who and where."""

_LOOK_SECONDS = 1.0
_LAST_SECONDS = 5.0


class _Kind(NamedTuple):
    """What makes two refusals the same; not the name of the program, which a stranger can change each time."""

    workspace_id: UUID | None
    action: str
    account_id: UUID | None
    address: str
    object_id: UUID | None
    facts: str


@dataclass
class _Window:
    event: Event
    ends_at: float
    unwritten: int = 1
    is_new: bool = True


class RefusalWriter:
    """Collects refusals and writes them, as long as it runs."""

    def __init__(self, window_seconds: float = WINDOW_SECONDS, most_kinds: int = MOST_KINDS) -> None:
        self._window_seconds, self._most_kinds = window_seconds, most_kinds
        self._windows: dict[_Kind, _Window] = {}
        self._has_news = asyncio.Event()
        self._is_ending = False
        self._writing = asyncio.Lock()

    def note(self, workspace_id: UUID | None, event: Event) -> None:
        """Take in one refusal; costs nothing but memory, of which it takes a bounded amount."""
        kind = _kind(workspace_id, event)
        if kind not in self._windows and len(self._windows) >= self._most_kinds:
            event = _without_person(event)
            kind = _kind(workspace_id, event)
        if (window := self._windows.get(kind)) is not None:
            window.unwritten += 1
            return
        self._windows[kind] = _Window(event, monotonic() + self._window_seconds)
        self._has_news.set()

    async def write(self, *, all_of_them: bool = False) -> None:
        """Write what is new, and the counts of minutes that have ended; or all that is not written yet."""
        async with self._writing:
            await self._write_due(all_of_them)

    async def _write_due(self, all_of_them: bool) -> None:
        due: dict[UUID | None, list[_Window]] = defaultdict(list)
        for kind, window in self._windows.items():
            if window.unwritten and (window.is_new or all_of_them or window.ends_at <= monotonic()):
                due[kind.workspace_id].append(window)
        for workspace_id, windows in due.items():
            await _write(workspace_id, windows)
        now = monotonic()
        self._windows = {
            kind: window for kind, window in self._windows.items() if window.unwritten or window.ends_at > now
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator["RefusalWriter"]:
        """Write as long as the block runs, and what is left at its end."""
        task = asyncio.create_task(self._write_forever(), name="refusal-writer")
        _running.append(self)
        try:
            yield self
        finally:
            _running.remove(self)
            self._is_ending = True
            self._has_news.set()
            # Not cancelled at once: between a commit and the count of what it held, entries would be written twice.
            await asyncio.wait({task}, timeout=_LAST_SECONDS)
            await end(task)

    async def _write_forever(self) -> None:
        while not self._is_ending:
            # Not `wait_for`, which in Python 3.11 loses a cancellation that comes together with news.
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._has_news.wait()
            self._has_news.clear()
            if not self._is_ending and not await self._write_or_keep():
                await asyncio.sleep(_LOOK_SECONDS)
        await self._write_or_keep(all_of_them=True)

    async def _write_or_keep(self, *, all_of_them: bool = False) -> bool:
        """False when the database does not answer: what was noted stays noted."""
        try:
            await self.write(all_of_them=all_of_them)
        except UnavailableError:
            return False
        except (ConvoSphereError, SQLAlchemyError):
            log.exception("refusals_not_recorded", kinds=len(self._windows))
            return False
        return True


_running: list[RefusalWriter] = []


def refused(
    actor: Actor, action: Action[Facts], object_id: UUID | None = None, *, label: str = "", after: Facts | None = None
) -> None:
    """Have it kept that an actor was refused something; without a workspace in the installation's chain."""
    event = describe(actor, action, object_id, label=label, after=after, outcome=Outcome.REFUSED)
    if not _running:
        log.warning("refusal_not_recorded", action=event.action)
        return
    _running[-1].note(actor.workspace_id, event)


async def _write(workspace_id: UUID | None, windows: list[_Window]) -> None:
    """Write refusals of one chain; more may come meanwhile."""
    counted = [(window, window.unwritten) for window in windows]
    async with unit_of_work(ANONYMOUS if workspace_id is None else system_actor(workspace_id)) as uow:
        uow.tell([replace(window.event, times=times) for window, times in counted])
    for window, times in counted:
        window.unwritten -= times
        window.is_new = False


def _kind(workspace_id: UUID | None, event: Event) -> _Kind:
    return _Kind(workspace_id, event.action, event.account_id, event.origin.address, event.object_id, str(event.after))


def _without_person(event: Event) -> Event:
    return replace(
        event, object_id=None, label="", before=None, account_id=None, account_name="", session_id=None,
        real_account_id=None, real_name="",
        origin=Origin(event.origin.means),
    )  # fmt: skip
