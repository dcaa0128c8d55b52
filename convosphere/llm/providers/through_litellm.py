"""Every provider that does not speak OpenAI's wire format, through LiteLLM, which is loaded when first needed."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import httpx

from convosphere.llm.errors import (
    ContextTooLongError,
    ProviderEmptyAnswerError,
    ProviderError,
    ProviderKeyRefusedError,
    ProviderStreamBrokenError,
    ProviderTimeoutError,
    ProviderUnreachableError,
)
from convosphere.llm.lazy_loader import load_litellm
from convosphere.llm.pieces import merged
from convosphere.llm.providers.events import read_content, read_usage
from convosphere.llm.providers.failures import failure_of_status, read_retry_after
from convosphere.llm.providers.parameters import parameters_of
from convosphere.llm.schemas import (
    ChatMessage,
    CompletionRequest,
    Embedded,
    Finished,
    ListedModel,
    StreamEvent,
    TextPiece,
    ThinkingPiece,
    Usage,
)
from convosphere.llm.tokens import estimate_usage

WHOLE_RESPONSE_SECONDS = 60.0


class LiteLLMProvider:
    """One provider's account; an empty `key` leaves it to LiteLLM to find one in the environment."""

    def __init__(self, models: tuple[ListedModel, ...] = (), key: str = "", api_base: str = "") -> None:
        self._models = models
        self._key = key
        self._account = {name: value for name, value in (("api_key", key), ("api_base", api_base)) if value}

    def stream(self, name: str, label: str, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """See `schemas.Provider`."""
        return merged(self._stream(name, label, request))

    async def _stream(self, name: str, label: str, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """One event for each chunk. The router retries, so LiteLLM must not."""
        litellm = await load_litellm()
        answer = _Collected()
        try:
            response = await litellm.acompletion(model=name, **_arguments(name, request), **self._account)
            async with aclosing(response):
                async for chunk in response:
                    for event in answer.add(chunk):
                        yield event
        except litellm.exceptions.openai.OpenAIError as error:
            raise self._failure(litellm, error, label) from None
        except httpx.HTTPError:
            raise ProviderStreamBrokenError(label) from None
        # LiteLLM writes `stop` at the end of a stream that just ended; what the provider said it keeps here.
        if not (response.received_finish_reason or response.intermittent_finish_reason):
            raise ProviderStreamBrokenError(label)
        yield answer.finish(label, request)

    async def list_models(self) -> tuple[ListedModel, ...]:
        """See `schemas.Provider`."""
        return self._models

    async def embed(self, name: str, texts: Sequence[str]) -> Embedded:
        """See `schemas.Provider`."""
        litellm = await load_litellm()
        try:
            async with asyncio.timeout(WHOLE_RESPONSE_SECONDS):
                answered = await litellm.aembedding(
                    model=name, input=list(texts), num_retries=0, max_retries=0, **self._account
                )
        except TimeoutError:
            raise ProviderTimeoutError(name, WHOLE_RESPONSE_SECONDS, stalled=False) from None
        except litellm.exceptions.openai.OpenAIError as error:
            raise self._failure(litellm, error, name) from None
        vectors = [list(entry["embedding"]) for entry in answered.data]
        return Embedded(vectors, answered.usage.prompt_tokens if answered.usage else None)

    def _failure(self, litellm: Any, error: Exception, label: str) -> ProviderError:  # noqa: ANN401
        kinds = litellm.exceptions
        if isinstance(error, kinds.ContextWindowExceededError):
            return ContextTooLongError(label)
        if isinstance(error, kinds.AuthenticationError | kinds.PermissionDeniedError):
            return ProviderKeyRefusedError(label)
        if isinstance(error, kinds.Timeout):
            return ProviderTimeoutError(label, WHOLE_RESPONSE_SECONDS, stalled=False)
        if isinstance(error, kinds.APIConnectionError):
            return ProviderUnreachableError(label)
        response = getattr(error, "response", None)
        retry_after = read_retry_after(response.headers.get("retry-after")) if response is not None else None
        status = int(getattr(error, "status_code", None) or 500)
        reason = str(getattr(error, "message", ""))
        return failure_of_status(status, reason, label, retry_after=retry_after, secrets=(self._key,))


class _Collected:
    """What LiteLLM's chunks, which have the shape of OpenAI's as objects, add up to."""

    def __init__(self) -> None:
        self._finish_reason = ""
        self._usage: Usage | None = None
        self._length = 0

    def add(self, chunk: Any) -> list[StreamEvent]:  # noqa: ANN401
        events: list[StreamEvent] = []
        for choice in chunk.choices:
            if thinking := getattr(choice.delta, "reasoning_content", None):
                events.append(ThinkingPiece(thinking))
            if text := read_content(choice.delta.content):
                self._length += len(text)
                events.append(TextPiece(text))
            self._finish_reason = choice.finish_reason or self._finish_reason
        if usage := getattr(chunk, "usage", None):
            self._usage = read_usage(usage.model_dump())
        return events

    def finish(self, label: str, request: CompletionRequest) -> Finished:
        if not self._length:
            raise ProviderEmptyAnswerError(label)
        return Finished(self._usage or estimate_usage(request, self._length), self._finish_reason)


def _arguments(name: str, request: CompletionRequest) -> dict[str, object]:
    arguments: dict[str, object] = {
        "messages": [_message(message, is_marked=_takes_marks(name)) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "num_retries": 0,
        "max_retries": 0,
    }
    return arguments | parameters_of(request)


def _takes_marks(name: str) -> bool:
    """Whether the provider wants to be told up to where to remember a prompt, as Anthropic does, wherever it runs.

    Others remember by themselves; with Gemini LiteLLM would store each beginning, which is charged by the hour.
    """
    return name.startswith("anthropic/") or "claude" in name


def _message(message: ChatMessage, *, is_marked: bool) -> dict[str, object]:
    if not (is_marked and message.is_lasting):
        return {"role": message.role, "content": message.text}
    part = {"type": "text", "text": message.text, "cache_control": {"type": "ephemeral"}}
    return {"role": message.role, "content": [part]}
