"""HTTP/1.1 on a bare asyncio protocol: a token costs one JSON string and one write, so benchmarks measure the app."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}
_EVENT_STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"
)


@dataclass(frozen=True)
class Request:
    """A whole request; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Connection(asyncio.Protocol):
    """One client's connection; requests on it are answered one after the other."""

    def __init__(self, handle: "Handler", all_connections: "set[Connection]") -> None:
        self._handle = handle
        self._all = all_connections
        self._received = bytearray()
        self._awaited = 0
        self._task: asyncio.Task[None] | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._all.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._all.discard(self)
        if self._task:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) >= self._awaited:
            self._serve_next()

    def respond(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        """A whole response: JSON, or bytes as a web page."""
        kind, payload = ("text/html", body) if isinstance(body, bytes) else ("application/json", _encoded(body))
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}", f"content-type: {kind}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._write("\r\n".join([*lines, f"content-length: {len(payload)}", "", ""]).encode() + payload)

    def start_events(self) -> None:
        """The head of an event stream."""
        self._write(_EVENT_STREAM)

    def send(self, payload: bytes) -> None:
        """One piece of an event stream."""
        self._write(b"%x\r\n%b\r\n" % (len(payload), payload))

    def end_events(self) -> None:
        """The end of an event stream; the connection can be used again."""
        self._write(b"0\r\n\r\n")

    def _write(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)

    def _serve_next(self) -> None:
        if self._task is None and (request := self._take_request()):
            self._task = asyncio.get_running_loop().create_task(self._handle(self, request))
            self._task.add_done_callback(self._served)

    def _served(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and (error := task.exception()):
            self.transport.abort()
            raise error
        self._serve_next()

    def _take_request(self) -> Request | None:
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        # A recording comes in many parts; looking through all so far at each would take their square.
        self._awaited = 0 if len(rest) >= length else len(head) + len(found) + length
        if self._awaited:
            return None
        self._received = rest[length:]
        method, path, _ = first.split(" ", 2)
        return Request(method, path, headers, bytes(rest[:length]))


def _encoded(body: object) -> bytes:
    return json.dumps(body).encode()


Handler = Callable[[Connection, Request], Coroutine[None, None, None]]
