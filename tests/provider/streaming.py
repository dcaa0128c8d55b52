"""An answer as server-sent events at a steady rate, with the failures that a behaviour asks for."""

import asyncio
import json
import time

from tests.provider.directives import Behaviour
from tests.provider.http import Connection
from tests.provider.record import Record


async def stream_answer(connection: Connection, record: Record, behaviour: Behaviour, tokens: list[str]) -> None:
    """Send all tokens, each at its time from the first one on, and note when each left."""
    connection.start_events()
    if behaviour.garbage:
        connection.send(b"data: {not json at all\n\n")
        connection.end_events()
        return
    await _begin(connection, record, behaviour)
    head, tail = _chunk_frame(record)
    start = time.monotonic()
    for index, token in enumerate(tokens):
        if await _fail(connection, behaviour, index):
            return
        await _pace(behaviour.rate, start, index)
        if behaviour.comments:
            connection.send(b": keep-alive\n\n")
        connection.send(head + json.dumps(token).encode() + tail)
        record.sent.append(time.time())
    if not await _fail(connection, behaviour, len(tokens)):
        _finish(connection, record, behaviour, len(tokens))


def usage_of(record: Record, completion_tokens: int) -> dict[str, int]:
    """Words of the prompt as its tokens, pieces of the answer as the answer's."""
    prompt = sum(len(message["content"].split()) for message in record.messages())
    total = prompt + completion_tokens
    return {"prompt_tokens": prompt, "completion_tokens": completion_tokens, "total_tokens": total}


async def _begin(connection: Connection, record: Record, behaviour: Behaviour) -> None:
    while behaviour.hang_after_headers:
        connection.send(b": keep-alive\n\n")
        await asyncio.sleep(0.05)
    connection.send(_chunk(record, {"role": "assistant", "content": ""}))
    for index in range(behaviour.thinking):
        connection.send(_chunk(record, {"reasoning_content": f"thought {index} "}))


async def _pace(rate: float, start: float, index: int) -> None:
    """Wait until a token is due; without a rate only let others have their turn now and then."""
    if rate and (wait := start + index / rate - time.monotonic()) > 0:
        await asyncio.sleep(wait)
    elif index % 64 == 63:
        await asyncio.sleep(0)


async def _fail(connection: Connection, behaviour: Behaviour, index: int) -> bool:
    """Whether the stream ended here, as the behaviour wants it."""
    if index == behaviour.stall_after:
        await asyncio.Event().wait()
    if index == behaviour.cut_after:
        await asyncio.sleep(0.05)  # What was written must reach the client before the reset does.
        connection.transport.abort()
    elif index == behaviour.end_after:
        connection.end_events()
    elif index == behaviour.error_after:
        error = {"error": {"message": "The model crashed on request.", "type": "server_error", "code": 500}}
        connection.send(b"data: " + json.dumps(error).encode() + b"\n\n")
        connection.end_events()
    else:
        return False
    return True


def _finish(connection: Connection, record: Record, behaviour: Behaviour, tokens: int) -> None:
    connection.send(_chunk(record, {}, finish_reason="stop"))
    wanted = record.body.get("stream_options")
    if isinstance(wanted, dict) and wanted.get("include_usage") and not behaviour.no_usage:
        connection.send(_event({**_base(record), "choices": [], "usage": usage_of(record, tokens)}))
    if not behaviour.no_done:
        connection.send(b"data: [DONE]\n\n")
    connection.end_events()


def _base(record: Record) -> dict[str, object]:
    created = int(record.arrived)
    return {
        "id": f"chatcmpl-{record.number}",
        "object": "chat.completion.chunk",
        "created": created,
        "model": record.model,
    }


def _chunk(record: Record, delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    return _event({**_base(record), "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]})


def _chunk_frame(record: Record) -> tuple[bytes, bytes]:
    head, tail = _chunk(record, {"content": "@"}).split(b'"@"')
    return head, tail


def _event(payload: dict[str, object]) -> bytes:
    return b"data: " + json.dumps(payload).encode() + b"\n\n"
