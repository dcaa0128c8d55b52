"""The provider's routes: models, chat completions, embeddings, speech, pictures, and what it remembers."""

import asyncio
import base64
import json
import ssl
import struct
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.provider.answers import answer_tokens, hashed_vector
from tests.provider.directives import BY_MODEL, Behaviour, parse_behaviour
from tests.provider.drawing import drawn
from tests.provider.http import Connection, Request
from tests.provider.record import Record
from tests.provider.speech import read_form, said
from tests.provider.streaming import stream_answer, usage_of

DIMENSION = 256
WEB_PAGE = b"<!DOCTYPE html><html><head><title>Please sign in</title></head><body><h1>Welcome</h1></body></html>"
WRONG_CLOCK = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)


class Provider:
    """One provider with its memory; `models` is its list in order, a `key` that is set must come with each call.

    `texts` are what `[[said=NAME]]` makes it say.
    `speech` are directives for what it listens to, since sound has no words for them.
    `down` makes it answer nothing but 503, `redirect` sends every call to another address.
    `most_vectors` calls for vectors are answered, where it is set; further ones wait for ever.
    """

    def __init__(
        self, models: tuple[str, ...] = tuple(BY_MODEL), key: str = "", texts: Mapping[str, str] | None = None
    ) -> None:
        self.models = models
        self.key = key
        self.texts = texts or {}
        self.records: list[Record] = []
        self.down = False
        self.speech = ""
        self.redirect = ""
        self.most_vectors: int | None = None
        self.connections: set[Connection] = set()
        self._seen: Counter[tuple[str, str]] = Counter()

    async def listen(self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Start to serve; the port is in the server's sockets."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: Connection(self.handle, self.connections), host, port, backlog=1024, ssl=tls
        )

    async def handle(self, connection: Connection, request: Request) -> None:
        """Answer one request."""
        path = request.path.partition("?")[0].removeprefix("/v1")
        if path == "/_requests":
            self._answer_requests(connection, request)
            return
        is_form = request.headers.get("content-type", "").startswith("multipart/")
        body = read_form(request) if is_form else json.loads(request.body or b"{}")
        record = Record(
            len(self.records), path, str(body.get("model", "")), request.headers.get("authorization", ""), body
        )
        self.records.append(record)
        try:
            await self._route(connection, path, record)
        except asyncio.CancelledError:
            record.disconnected = time.time()
            raise
        record.finished = time.time()

    async def _route(self, connection: Connection, path: str, record: Record) -> None:
        if self.down:
            self._respond(connection, record, 503, _error("The server is down.", "server_error"))
        elif self.redirect:
            self._respond(connection, record, 307, {}, {"location": self.redirect + path})
        elif self.key and record.authorization != f"Bearer {self.key}":
            self._respond(connection, record, 401, _error("Incorrect API key provided.", "invalid_api_key"))
        elif path == "/models":
            listed = [{"id": name, "object": "model", "owned_by": "tests"} for name in self.models]
            self._respond(connection, record, 200, {"object": "list", "data": listed})
        elif path == "/rerank":
            self._rank(connection, record)
        else:
            answering = {
                "/chat/completions": self._complete, "/embeddings": self._embed,
                "/audio/transcriptions": self._transcribe, "/images/generations": self._draw,
            }  # fmt: skip
            await answering.get(path, self._refuse)(connection, record)

    async def _refuse(self, connection: Connection, record: Record) -> None:
        self._respond(connection, record, 404, _error("There is no such route.", "not_found"))

    async def _complete(self, connection: Connection, record: Record) -> None:
        messages = record.messages()
        asked = [message["content"] for message in messages if message["role"] == "user"]
        behaviour = parse_behaviour(record.model, asked[-1] if asked else "")
        if "max_tokens" in record.body:  # What is asked beside an answer, such as for a title.
            behaviour = replace(behaviour, hold_every=0)
        await self._wait(behaviour)
        if refusal := self._refusal(record, behaviour, asked[-1] if asked else ""):
            status, error = refusal
            self._respond(connection, record, status, error, _wait_headers(behaviour))
            return
        tokens = answer_tokens(behaviour, messages, self.texts)
        record.status = 200
        if record.body.get("stream"):
            await stream_answer(connection, record, behaviour, tokens)
        else:
            connection.respond(200, _completion(record, tokens))

    @staticmethod
    async def _wait(behaviour: Behaviour) -> None:
        if behaviour.hang:
            await asyncio.Event().wait()
        await asyncio.sleep(behaviour.delay)

    def _refusal(self, record: Record, behaviour: Behaviour, message: str) -> tuple[int, object] | None:
        if behaviour.context:
            return 400, _error("This model's maximum context length is 8192 tokens.", "context_length_exceeded")
        if behaviour.refuse_stream_options and "stream_options" in record.body:
            return 400, _error("Unrecognized request argument supplied: stream_options", "invalid_request_error")
        if behaviour.filtered:
            return 400, _error("The prompt was flagged by the content management policy.", "content_filter")
        self._seen[record.model, message] += 1
        if not (behaviour.status or behaviour.html) or 0 < behaviour.times < self._seen[record.model, message]:
            return None
        if behaviour.html:
            return behaviour.status or 200, WEB_PAGE
        leaked = f" The key was {record.authorization}." if behaviour.leak else ""
        return behaviour.status, _error(f"Refused on request.{leaked}", "refused")

    async def _embed(self, connection: Connection, record: Record) -> None:
        asked = sum(each.path == record.path for each in self.records)
        if self.most_vectors is not None and asked > self.most_vectors:
            await asyncio.Event().wait()
        given = record.body["input"]
        texts = [given] if isinstance(given, str) else given
        vectors = [hashed_vector(text, int(record.body.get("dimensions") or DIMENSION)) for text in texts]
        packed = record.body.get("encoding_format") == "base64"
        data = [
            {"object": "embedding", "index": index, "embedding": _pack(vector) if packed else vector}
            for index, vector in enumerate(vectors)
        ]
        tokens = sum(len(text.split()) for text in texts)
        record.usage = usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        self._respond(connection, record, 200, {"object": "list", "model": record.model, "data": data, "usage": usage})

    def _rank(self, connection: Connection, record: Record) -> None:
        """The shorter a text, the better it answers; the best comes first, as with real ones."""
        texts = record.body["documents"]
        results = [{"index": index, "relevance_score": 1 / (1 + len(text))} for index, text in enumerate(texts)]
        results.sort(key=lambda result: -result["relevance_score"])
        tokens = sum(len(text.split()) for text in (record.body["query"], *texts))
        record.usage = usage = {"total_tokens": tokens, "prompt_tokens": tokens}
        body = {"id": "rank-1", "model": record.model, "results": results, "usage": usage}
        self._respond(connection, record, 200, body)

    async def _transcribe(self, connection: Connection, record: Record) -> None:
        behaviour = parse_behaviour(record.model, self.speech)
        await self._wait(behaviour)
        if behaviour.untimed and record.body["response_format"] != "json":
            error = _error("response_format 'verbose_json' is not compatible with this model.", "unsupported_value")
            self._respond(connection, record, 400, error)
        elif refusal := self._refusal(record, behaviour, self.speech):
            self._respond(connection, record, *refusal, _wait_headers(behaviour))
        else:
            self._respond(connection, record, 200, {"words": "none"} if behaviour.garbage else said(record, behaviour))

    async def _draw(self, connection: Connection, record: Record) -> None:
        wish = record.body["prompt"]
        behaviour = parse_behaviour(record.model, wish)
        await self._wait(behaviour)
        if behaviour.formless and "response_format" in record.body:
            self._respond(connection, record, 400, _error("Unknown parameter: 'response_format'.", "unknown_parameter"))
        elif refusal := self._refusal(record, behaviour, wish):
            self._respond(connection, record, *refusal, _wait_headers(behaviour))
        else:
            record.status = 200
            connection.respond(200, drawn(record, behaviour))

    def _answer_requests(self, connection: Connection, request: Request) -> None:
        if request.method == "DELETE":
            self.records.clear()
            self._seen.clear()
        connection.respond(200, [record.as_dict() for record in self.records])

    @staticmethod
    def _respond(
        connection: Connection, record: Record, status: int, body: object, headers: dict[str, str] | None = None
    ) -> None:
        record.status = status
        connection.respond(status, body, headers)


def _wait_headers(behaviour: Behaviour) -> dict[str, str]:
    if behaviour.retry_date:
        now, later = WRONG_CLOCK, WRONG_CLOCK + timedelta(seconds=behaviour.retry_date)
        return {"date": format_datetime(now, usegmt=True), "retry-after": format_datetime(later, usegmt=True)}
    return {"retry-after": behaviour.retry_after} if behaviour.retry_after else {}


def _completion(record: Record, tokens: list[str]) -> dict[str, object]:
    message = {"role": "assistant", "content": "".join(tokens).strip()}
    return {
        "id": f"chatcmpl-{record.number}",
        "object": "chat.completion",
        "created": int(record.arrived),
        "model": record.model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": usage_of(record, len(tokens)),
    }


def _error(message: str, code: str) -> dict[str, object]:
    return {"error": {"message": message, "type": code, "code": code}}


def _pack(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
