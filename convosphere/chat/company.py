"""Who looks at which shared conversation right now, in whichever process, and who is writing there.

Processes tell each other by notices of ids alone, `here:<conversation>:<process>:<account>:<sign>`. Nothing is stored:
whoever has gone without a word, because their process died, is forgotten after a while.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Literal
from uuid import UUID

import structlog

from convosphere.core.endings import end
from convosphere.core.errors import ConfigurationError, SignInRequiredError, UnavailableError
from convosphere.core.events import LOOK_AGAIN, current_event_hub
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work

log = structlog.get_logger()

Sign = Literal["in", "out", "writes"]
"""To say `in` again is to write no more."""

BEAT_SECONDS = 20.0
"""How often a process says of its people that they are still there, as long as others listen."""
GONE_SECONDS = 65.0
WRITING_SECONDS = 6.0
"""After so long without another sign somebody has stopped writing."""
_TOPIC = "here"


@dataclass
class _Seen:
    """When a process last said of somebody that they are there, and until when they are believed to write."""

    at: float
    writes_until: float = 0.0


@dataclass(frozen=True)
class Companion:
    """Somebody who looks at a conversation."""

    account_id: UUID
    is_writing: bool


_running: list["Company"] = []


def current_company() -> "Company":
    """The company of this process.

    Raises:
        ConfigurationError: none is running.
    """
    if not _running:
        raise ConfigurationError("Nobody keeps company in this process.")
    return _running[-1]


def rest(actor: Actor, conversation_id: UUID) -> None:
    """Somebody has sent what they were writing, if others of this process were told that they write."""
    if _running and actor.account_id:
        _running[-1].rest(conversation_id, actor.account_id)


def company_topic(conversation_id: UUID) -> str:
    """Where this process, and no other, tells its tabs that somebody came, went or writes."""
    return f"company:{conversation_id}"


class Company:
    """All who look at shared conversations, as far as this process knows."""

    def __init__(self) -> None:
        self._process_id = new_id()
        self._workspaces: dict[UUID, UUID] = {}
        self._tabs: dict[UUID, Counter[UUID]] = {}
        self._seen: dict[UUID, dict[tuple[UUID, UUID], _Seen]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Company", None]:
        """Listen, and tell others, as long as the context lasts."""
        beside = [asyncio.create_task(self._listen(), name="company"), asyncio.create_task(self._beat())]
        _running.append(self)
        try:
            yield self
        finally:
            _running.remove(self)
            await end(*beside, *self._tasks)

    @contextmanager
    def joined(self, actor: Actor, conversation_id: UUID) -> Iterator[None]:
        """Somebody looks at a conversation in one more tab, as long as the context lasts."""
        if actor.account_id is None or actor.workspace_id is None:
            raise SignInRequiredError
        account_id, workspace_id = actor.account_id, actor.workspace_id
        tabs = self._tabs.setdefault(conversation_id, Counter())
        self._workspaces[conversation_id] = workspace_id
        tabs[account_id] += 1
        if tabs[account_id] == 1:
            self._tell(conversation_id, account_id, "in")
        try:
            yield
        finally:
            tabs[account_id] -= 1
            if not tabs[account_id]:
                del tabs[account_id]
                self._tell(conversation_id, account_id, "out")
            if not tabs:
                for kept in (self._tabs, self._seen, self._workspaces):
                    kept.pop(conversation_id, None)

    def is_joined(self, conversation_id: UUID, account_id: UUID) -> bool:
        """Whether somebody looks at a conversation in a tab of this process."""
        return self._tabs.get(conversation_id, Counter())[account_id] > 0

    def write(self, conversation_id: UUID, account_id: UUID) -> None:
        """Somebody who looks at a conversation in this process is writing; of anybody else it says nothing."""
        if self.is_joined(conversation_id, account_id):
            self._tell(conversation_id, account_id, "writes")

    def rest(self, conversation_id: UUID, account_id: UUID) -> None:
        """Somebody has sent what they were writing."""
        if self.is_joined(conversation_id, account_id):
            self._tell(conversation_id, account_id, "in")

    def people(self, conversation_id: UUID) -> list[Companion]:
        """Who looks at a conversation, in the order of their coming."""
        now = monotonic()
        here: dict[UUID, bool] = {}
        for (_, account_id), seen in self._seen.get(conversation_id, {}).items():
            if now - seen.at < GONE_SECONDS:
                here[account_id] = here.get(account_id, False) or seen.writes_until > now
        return [Companion(account_id, is_writing) for account_id, is_writing in here.items()]

    def _tell(self, conversation_id: UUID, account_id: UUID, sign: Sign) -> None:
        """Known here at once, elsewhere as soon as the notice arrives."""
        self._note(conversation_id, self._process_id, account_id, sign)
        workspace_id = self._workspaces[conversation_id]
        topic = f"{_TOPIC}:{conversation_id}:{self._process_id}:{account_id}:{sign}"
        self._keep(asyncio.create_task(_publish(workspace_id, topic)))

    async def _listen(self) -> None:
        async with current_event_hub().subscribe(f"{_TOPIC}:*") as notices:
            while True:
                notice = await notices.get()
                if notice == LOOK_AGAIN:
                    self._tell_again(self._tabs)
                else:
                    self._hear(notice)

    def _hear(self, notice: str) -> None:
        _, conversation, process, account, sign = notice.split(":")
        conversation_id, process_id, account_id = UUID(conversation), UUID(process), UUID(account)
        if process_id == self._process_id or conversation_id not in self._tabs:
            return
        is_known = (process_id, account_id) in self._seen.get(conversation_id, {})
        self._note(conversation_id, process_id, account_id, sign)
        if sign == "in" and not is_known:
            self._tell_again([conversation_id])  # Whoever has just come knows nobody here.

    def _note(self, conversation_id: UUID, process_id: UUID, account_id: UUID, sign: str) -> None:
        seen, key = self._seen.setdefault(conversation_id, {}), (process_id, account_id)
        now = monotonic()
        if sign == "out":
            seen.pop(key, None)
        else:
            entry = seen.setdefault(key, _Seen(now))
            entry.at = now
            entry.writes_until = now + WRITING_SECONDS if sign == "writes" else 0.0
            if sign == "writes":
                asyncio.get_running_loop().call_later(WRITING_SECONDS, self._wake, conversation_id)
        self._wake(conversation_id)

    def _wake(self, conversation_id: UUID) -> None:
        if _running:
            current_event_hub().deliver(company_topic(conversation_id))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            # Alone nobody has to be told anything.
            self._tell_again([one for one in self._tabs if any(key[0] != self._process_id for key in self._seen[one])])
            for conversation_id in tuple(self._seen):
                self._forget_gone(conversation_id)

    def _forget_gone(self, conversation_id: UUID) -> None:
        seen, now = self._seen[conversation_id], monotonic()
        for key, entry in tuple(seen.items()):
            if key[0] == self._process_id:
                entry.at = now
            elif now - entry.at >= GONE_SECONDS:
                del seen[key]
                self._wake(conversation_id)

    def _tell_again(self, conversation_ids: "list[UUID] | dict[UUID, Counter[UUID]]") -> None:
        for conversation_id in tuple(conversation_ids):
            for account_id in tuple(self._tabs.get(conversation_id, ())):
                self._tell(conversation_id, account_id, "in")

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _publish(workspace_id: UUID, topic: str) -> None:
    try:
        async with unit_of_work(system_actor(workspace_id)) as uow:
            await uow.publish(topic)
    except UnavailableError:
        log.info("company_not_told", topic=topic.partition(":")[0])  # The next beat says it.
