"""A gateway on the project's own provider, with much patience or little."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from convosphere.core.settings import Settings
from convosphere.llm.gateway import Gateway
from convosphere.llm.routing import Patience
from convosphere.llm.schemas import ChatMessage, CompletionRequest, StreamEvent, TextPiece
from tests.provider.fixtures import provider

__all__ = ["HASTY", "KEY", "PATIENT", "SOON_BORED", "ask", "collect", "open_gateway", "provider", "text_of"]

KEY = "sk-test-0123456789abcdef"
PATIENT = Patience(first_token=20, next_token=20, total=40, backoff=0.01, with_fallback=1.5)
_LOOPS: list[asyncio.AbstractEventLoop] = []
HASTY = Patience(first_token=0.6, next_token=20, total=5, backoff=0.01, with_fallback=1.5)
"""With who never begins to answer."""
SOON_BORED = Patience(first_token=20, next_token=1, total=40, backoff=0.01)
"""With who falls silent."""


@pytest.fixture(autouse=True)
async def kept_loop() -> None:
    """LiteLLM keeps its clients by the id of their loop, which no later loop may have while this one is kept."""
    _LOOPS.append(asyncio.get_running_loop())


@asynccontextmanager
async def open_gateway(patience: Patience = PATIENT, **values: object) -> AsyncIterator[Gateway]:
    """A started gateway with these settings; a key is there unless it is given otherwise."""
    values.setdefault("openai_api_key", KEY)
    async with Gateway(Settings.model_validate(values), patience) as gateway:
        yield gateway


def ask(text: str, model: str = "test-echo", **values: object) -> CompletionRequest:
    """A request with one message."""
    messages = (ChatMessage("system", "Be brief."), ChatMessage("user", text))
    return CompletionRequest(model, messages, question=text, **values)  # pyright: ignore[reportArgumentType]


async def collect(
    events: AsyncGenerator[StreamEvent, None], into: list[StreamEvent] | None = None
) -> list[StreamEvent]:
    """All events; `into` has those before an error."""
    found = [] if into is None else into
    async with aclosing(events):
        async for event in events:
            found.append(event)
    return found


def text_of(events: list[StreamEvent]) -> str:
    """The answer's text."""
    return "".join(event.text for event in events if isinstance(event, TextPiece))
