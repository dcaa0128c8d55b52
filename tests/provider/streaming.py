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
        start += await _hold(record, behaviour, index)
        if await _fail(connection, behaviour, index):
            return
        if index == behaviour.filter_after:
            break
        await _pace(behaviour.rate, start, index)
        if behaviour.comments:
            connection.send(b": keep-alive\n\n")
        connection.send(head + json.dumps(token).encode() + tail)
        record.sent.append(time.time())
    if behaviour.tool:
        _call_tool(connection, record, behaviour)
    elif not await _fail(connection, behaviour, len(tokens)):
        filtered = 0 <= behaviour.filter_after <= len(tokens)
        _finish(connection, record, behaviour, len(record.sent), "content_filter" if filtered else "stop")


def usage_of(record: Record, completion_tokens: int) -> dict[str, object]:
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
        await _stall(connection, behaviour)
    if index == behaviour.cut_after:
        await asyncio.sleep(0.05)  # What was written must reach the client before the reset does.
        connection.transport.abort()
    elif index == behaviour.end_after:
        connection.end_events()
    elif index == behaviour.error_after:
        error = {"message": "The model crashed on request.", "type": "server_error", "code": behaviour.error_code}
        connection.send(_event({"error": error}))
        connection.end_events()
    elif index == behaviour.garbage_after:
        connection.send(b"data: {not json at all\n\n")
        connection.end_events()
    else:
        return False
    return True


async def _hold(record: Record, behaviour: Behaviour, index: int) -> float:
    """Wait until the test wants more, where it is to be waited; gives for how long."""
    if not behaviour.hold_every or not index or index % behaviour.hold_every:
        return 0.0
    began = time.monotonic()
    record.held = asyncio.get_running_loop().create_future()
    try:
        await record.held
    finally:
        record.held = None
    return time.monotonic() - began


async def _stall(connection: Connection, behaviour: Behaviour) -> None:
    while behaviour.comments:
        connection.send(b": keep-alive\n\n")
        await asyncio.sleep(0.05)
    await asyncio.Event().wait()


def _call_tool(connection: Connection, record: Record, behaviour: Behaviour) -> None:
    whole = '{"city": "Berlin"}'
    arguments = whole if behaviour.tool == "good" else '{"city": "Ber'
    called = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "weather", "arguments": ""}}
    connection.send(_chunk(record, {"tool_calls": [called]}))
    for sign in arguments:
        connection.send(_chunk(record, {"tool_calls": [{"index": 0, "function": {"arguments": sign}}]}))
    connection.send(_chunk(record, {}, finish_reason="tool_calls"))
    connection.send(b"data: [DONE]\n\n")
    connection.end_events()


def _finish(
    connection: Connection, record: Record, behaviour: Behaviour, tokens: int, finish_reason: str = "stop"
) -> None:
    connection.send(_chunk(record, {}, finish_reason=finish_reason))
    wanted = record.body.get("stream_options")
    if isinstance(wanted, dict) and wanted.get("include_usage") and not behaviour.no_usage:
        usage = _wrong_usage(behaviour.usage) if behaviour.usage else usage_of(record, tokens)
        record.usage = usage
        connection.send(_event({**_base(record), "choices": [], "usage": usage}))
    if not behaviour.no_done:
        connection.send(b"data: [DONE]\n\n")
    connection.end_events()


def _wrong_usage(kind: str) -> object:
    """Numbers that no honest provider sends."""
    wrong: dict[str, tuple[object, object]] = {
        "negative": (-5, -7),
        "absurd": (10**15, 10**18),
        "strings": ("many", "12"),
        "nested": ({"text": 3}, [4]),
        "null": (None, None),
        "booleans": (True, False),
    }
    prompt, completion = wrong[kind]
    return {"prompt_tokens": prompt, "completion_tokens": completion, "prompt_tokens_details": "none"}


def _base(record: Record) -> dict[str, object]:
    created = int(record.arrived)
    return {
        "id": f"chatcmpl-{record.number}",
        "object": "chat.completion.chunk",
        "created": created,
        "model": record.model,
    }


def _chunk(record: Record, delta: dict[str, object], finish_reason: str | None = None) -> bytes:
    return _event({**_base(record), "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]})


def _chunk_frame(record: Record) -> tuple[bytes, bytes]:
    head, tail = _chunk(record, {"content": "@"}).split(b'"@"')
    return head, tail


def _event(payload: dict[str, object]) -> bytes:
    return b"data: " + json.dumps(payload).encode() + b"\n\n"
