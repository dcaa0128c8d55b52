"""What the provider remembers of each request, for assertions and for benchmarks."""

import asyncio
import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass
class Record:
    """One request; times are seconds of the wall clock (`time.time`), comparable between processes and the browser."""

    number: int
    path: str
    model: str
    authorization: str
    body: dict[str, Any]
    arrived: float = field(default_factory=time.time)
    status: int = 0
    usage: object = None
    """What the answer said was used, if it said so."""
    sent: list[float] = field(default_factory=list)
    finished: float | None = None
    disconnected: float | None = None
    held: asyncio.Future[None] | None = None
    """What the answer waits for."""

    def as_dict(self) -> dict[str, object]:
        """All of it, for `GET /_requests`."""
        return asdict(replace(self, held=None))

    def messages(self) -> list[dict[str, str]]:
        """The conversation with each message's parts joined to plain text."""
        return [{"role": item["role"], "content": _plain(item["content"])} for item in self.body["messages"]]


def _plain(content: str | list[dict[str, str]]) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
