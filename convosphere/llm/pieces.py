"""Pieces for whoever takes them more slowly than they come, or all at once."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from convosphere.llm.schemas import Completion, Finished, Model, ModelChosen, StreamEvent, TextPiece


async def merged(events: AsyncGenerator[StreamEvent, None]) -> AsyncGenerator[StreamEvent, None]:
    """The same stream, read ahead: what came while nobody asked is one piece.

    Closing it closes `events`; what they raise comes after all text before it.
    """
    arrived: list[StreamEvent] = []
    news = asyncio.Event()

    async def read() -> None:
        async with aclosing(events):
            async for event in events:
                arrived.append(event)
                news.set()

    reading = asyncio.create_task(read())
    reading.add_done_callback(lambda _: news.set())
    try:
        while arrived or not reading.done():
            await news.wait()
            news.clear()
            taken = join(arrived)
            arrived.clear()
            for event in taken:
                yield event
        await reading
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


def join(events: Sequence[StreamEvent]) -> list[StreamEvent]:
    """The same events with neighbouring pieces of text as one."""
    joined: list[StreamEvent] = []
    for event in events:
        last = joined[-1] if joined else None
        if isinstance(event, TextPiece) and isinstance(last, TextPiece):
            joined[-1] = TextPiece(last.text + event.text)
        else:
            joined.append(event)
    return joined


async def whole(events: AsyncGenerator[StreamEvent, None]) -> Completion:
    """A stream as one answer, by the model that gave it.

    Raises:
        ProviderError: no model gave one, or its provider broke it off.
    """
    text: list[str] = []
    model: Model | None = None
    finished: Finished | None = None
    async with aclosing(events):
        async for event in events:
            match event:
                case ModelChosen(model=chosen):
                    model = chosen
                case TextPiece(text=piece):
                    text.append(piece)
                case Finished():
                    finished = event
                case _:
                    pass
    if finished is None or model is None:
        raise RuntimeError("A stream ended without its last event.")
    return Completion("".join(text), model, finished.usage, finished.finish_reason)
