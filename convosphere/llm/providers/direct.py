"""OpenAI's wire format over HTTP, without LiteLLM: a chunk costs about a tenth of the processor time.

The address belongs to the endpoint, which comes from the settings; nothing in a request can change where it goes.
"""

import asyncio
import io
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from convosphere.llm.drawing import SIZE, WHOLE_PICTURE_SECONDS, Drawing, read_drawing, takes_no_form
from convosphere.llm.errors import (
    ProviderError,
    ProviderRejectedError,
    ProviderStreamBrokenError,
    ProviderTimeoutError,
    ProviderUnreadableError,
    ProviderWebPageError,
)
from convosphere.llm.providers.bodies import read_at_most
from convosphere.llm.providers.collected import read_count
from convosphere.llm.providers.contents import content_of
from convosphere.llm.providers.events import Answer, EventLines
from convosphere.llm.providers.failures import (
    failure_of_connection,
    failure_of_status,
    is_web_page,
    read_reason,
    read_retry_after,
)
from convosphere.llm.providers.parameters import parameters_of
from convosphere.llm.ranking import Ranked, read_relevances
from convosphere.llm.schemas import CompletionRequest, Embedded, ListedModel, StreamEvent
from convosphere.llm.speech import SOUND_NAME, SOUND_TYPE, Sound, Transcript, knows_no_times, read_transcript

CONNECT_SECONDS = 10.0
WHOLE_RESPONSE_SECONDS = 60.0
LONGEST_ERROR_BODY = 16_384
LARGEST_RESPONSE = 64_000_000
"""Bytes of a whole answer: room for the vectors of many texts."""
Body = dict[str, object] | aiohttp.FormData
_NO_SUCH_WAY = {400, 404, 405}
"""With these a web page says that the address is not that of a model."""


@dataclass(frozen=True)
class Endpoint:
    """An address that speaks OpenAI's interface; `base_url` ends before `/models`, the key may be empty.

    `openai_itself`: newer models there take `max_completion_tokens` only, which other servers do not know.
    """

    name: str
    base_url: str
    key: str = field(default="", repr=False)
    openai_itself: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every call; a compressed stream would be held back until a block is full."""
        key = {"authorization": f"Bearer {self.key}"} if self.key else {}
        return {"accept-encoding": "identity", **key}


class DirectProvider:
    """One endpoint behind the process's shared HTTP session."""

    def __init__(self, endpoint: Endpoint, session: aiohttp.ClientSession) -> None:
        self.endpoint = endpoint
        self._session = session
        self._knows_stream_options = True
        self._without_times: set[str] = set()
        self._without_form: set[str] = set()

    async def stream(self, name: str, label: str, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """See `schemas.Provider`. Leaving it early closes the connection, which stops the provider's work."""
        async with self._post_chat(name, label, request) as response:
            answer = Answer(label, (self.endpoint.key,))
            lines = EventLines()
            try:
                async for data in response.content.iter_any():
                    failure = answer.add_all(lines.feed(data))
                    for event in answer.take():
                        yield event
                    if failure:
                        raise failure
                    if answer.collected.is_whole:
                        break
            except OverflowError:
                raise ProviderStreamBrokenError(label) from None
            except (aiohttp.ClientError, ConnectionError):
                # What came before the connection broke, while nobody asked, counts; aiohttp does not give it any more.
                answer.add_all(lines.feed(b"".join(response.content._buffer)))  # noqa: SLF001
                for event in answer.take():
                    yield event
                raise ProviderStreamBrokenError(label) from None
            yield answer.collected.finish(request)
            answer.collected.check()
            await _read_to_end(response)

    async def list_models(self) -> tuple[ListedModel, ...]:
        """See `schemas.Provider`."""
        listed = await self._call("GET", "/models", self.endpoint.name)
        entries = listed.get("data")
        return tuple(
            ListedModel(str(entry["id"]), _context_tokens(entry), read_count(entry.get("created")) or 0)
            for entry in (entries if isinstance(entries, list) else ())
            if isinstance(entry, dict) and entry.get("id")
        )

    async def embed(self, name: str, texts: Sequence[str]) -> Embedded:
        """See `schemas.Provider`."""
        body = {"model": name, "input": list(texts)}
        answered = await self._call("POST", "/embeddings", name, body)
        try:
            entries = sorted(answered["data"], key=lambda entry: entry.get("index", 0))
            vectors = [[float(value) for value in entry["embedding"]] for entry in entries]
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            raise ProviderUnreadableError(name) from None
        if len(vectors) != len(texts):
            raise ProviderUnreadableError(name)
        usage = answered.get("usage")
        return Embedded(vectors, read_count(usage.get("prompt_tokens")) if isinstance(usage, dict) else None)

    async def rank(self, name: str, question: str, texts: Sequence[str]) -> Ranked:
        """See `ranking.RankingProvider`. Jina's and Cohere's form, which vLLM and others speak beside OpenAI's."""
        body: dict[str, object] = {"model": name, "query": question, "documents": list(texts), "top_n": len(texts)}
        answered = await self._call("POST", "/rerank", name, body)
        usage = answered.get("usage")
        tokens = read_count(usage.get("total_tokens")) if isinstance(usage, dict) else None
        return Ranked(read_relevances(answered.get("results"), len(texts), name), tokens)

    async def transcribe(self, name: str, label: str, sound: Sound, seconds: float) -> Transcript:
        """See `speech.TranscribingProvider`. Those that refuse to tell times are asked again without."""
        if name not in self._without_times:
            try:
                return await self._transcribe(name, label, sound, seconds)
            except ProviderRejectedError as error:
                if not knows_no_times(error):
                    raise
                self._without_times.add(name)
        return await self._transcribe(name, label, sound, seconds, "json")

    async def _transcribe(
        self, name: str, label: str, sound: Sound, seconds: float, form: str = "verbose_json"
    ) -> Transcript:
        body = aiohttp.FormData({"model": name, "response_format": form})
        # In parts, so that other streams go on meanwhile.
        body.add_field("file", io.BytesIO(sound.data), filename=SOUND_NAME, content_type=SOUND_TYPE)
        answered = await self._call("POST", "/audio/transcriptions", label, body, seconds)
        return read_transcript(answered, sound, label)

    async def draw(self, name: str, label: str, wish: str) -> Drawing:
        """See `drawing.DrawingProvider`. Those that refuse to be told a form are asked again without."""
        body: dict[str, object] = {"model": name, "prompt": wish, "n": 1, "size": SIZE}
        if name not in self._without_form:
            try:
                return await self._draw(label, {**body, "response_format": "b64_json"})
            except ProviderRejectedError as error:
                if not takes_no_form(error):
                    raise
                self._without_form.add(name)
        return await self._draw(label, body)

    async def _draw(self, label: str, body: dict[str, object]) -> Drawing:
        return read_drawing(await self._call("POST", "/images/generations", label, body, WHOLE_PICTURE_SECONDS), label)

    @asynccontextmanager
    async def _post_chat(
        self, name: str, label: str, request: CompletionRequest
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """An accepted stream. Servers that do not know `stream_options` are asked again without, then remembered."""
        body = self._chat_body(name, request)
        async with self._open("POST", "/chat/completions", label, body) as response:
            if response.status == 200:
                yield self._checked(response, label)
                return
            answered = await _read_error(response)
            if not (b"stream_options" in answered and "stream_options" in body):
                raise self._failure(response, answered, label)
        self._knows_stream_options = False
        async with self._open("POST", "/chat/completions", label, self._chat_body(name, request)) as response:
            if response.status != 200:
                raise self._failure(response, await _read_error(response), label)
            yield self._checked(response, label)

    def _chat_body(self, name: str, request: CompletionRequest) -> dict[str, object]:
        messages = [{"role": message.role, "content": content_of(message)} for message in request.messages]
        body: dict[str, object] = {"model": name, "messages": messages, "stream": True}
        if self._knows_stream_options:
            body["stream_options"] = {"include_usage": True}
        body |= parameters_of(request)
        if self.endpoint.openai_itself and "max_tokens" in body:
            body["max_completion_tokens"] = body.pop("max_tokens")
        return body

    async def _call(
        self, method: str, path: str, label: str, body: Body | None = None, seconds: float = WHOLE_RESPONSE_SECONDS
    ) -> dict[str, Any]:
        """A whole JSON object in answer."""
        try:
            async with asyncio.timeout(seconds), self._open(method, path, label, body) as response:
                data = await read_at_most(response, LARGEST_RESPONSE)
                if response.status != 200:
                    raise self._failure(response, data[:LONGEST_ERROR_BODY], label)
                self._checked(response, label)
        except TimeoutError:
            raise ProviderTimeoutError(label, seconds, stalled=False) from None
        except OverflowError:
            raise ProviderUnreadableError(label) from None
        except aiohttp.ClientError:
            raise ProviderStreamBrokenError(label) from None
        try:
            answered = json.loads(data)
        except (ValueError, RecursionError):
            answered = None
        if not isinstance(answered, dict):
            raise ProviderUnreadableError(label)
        return answered

    @asynccontextmanager
    async def _open(
        self, method: str, path: str, label: str, body: Body | None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The response with its body unread. Redirects are not followed: they would carry the key elsewhere."""
        try:
            response = await self._session.request(
                method,
                self.endpoint.base_url + path,
                json=None if isinstance(body, aiohttp.FormData) else body,
                data=body if isinstance(body, aiohttp.FormData) else None,
                headers=self.endpoint.headers,
                allow_redirects=False,
            )
        except (aiohttp.ClientError, OSError) as error:
            raise failure_of_connection(error, label) from None
        async with response:
            yield response

    @staticmethod
    def _checked(response: aiohttp.ClientResponse, label: str) -> aiohttp.ClientResponse:
        """The response, if it is not a web page that says that all is well."""
        if is_web_page(response.headers.get("content-type", "")):
            raise ProviderWebPageError(label)
        return response

    def _failure(self, response: aiohttp.ClientResponse, answered: bytes, label: str) -> ProviderError:
        if response.status in _NO_SUCH_WAY and is_web_page(response.headers.get("content-type", ""), answered):
            return ProviderWebPageError(label)
        headers = response.headers
        retry_after = read_retry_after(headers.get("retry-after"), headers.get("date"))
        secrets = (self.endpoint.key, self.endpoint.base_url)
        return failure_of_status(
            response.status, read_reason(answered), label, retry_after=retry_after, secrets=secrets
        )


def open_session() -> aiohttp.ClientSession:
    """The session that all endpoints share: many streams at once, no proxies or credentials from the environment.

    It sets no limit to whole calls, which the router has; only connecting has one of its own.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1024, keepalive_timeout=30),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        read_bufsize=2**18,
    )


async def _read_error(response: aiohttp.ClientResponse) -> bytes:
    """The beginning of what the provider says beside a status; nothing if the connection breaks over it."""
    try:
        return await response.content.read(LONGEST_ERROR_BODY)
    except (aiohttp.ClientError, ConnectionError):
        return b""


async def _read_to_end(response: aiohttp.ClientResponse) -> None:
    """Read the few bytes after the last event, so that the connection can serve again."""
    with suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(0.05):
            await response.content.read(1024)


def _context_tokens(entry: dict[str, Any]) -> int | None:
    """How much a model reads, where the list says so (vLLM, LM Studio, OpenRouter each have a name for it).

    Some say 0 or -1 where they do not know.
    """
    names = ("max_model_len", "context_length", "max_context_length", "context_window")
    return next((tokens for name in names if (tokens := read_count(entry.get(name)))), None)
