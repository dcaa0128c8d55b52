"""Every provider that does not speak OpenAI's wire format, through LiteLLM, which is loaded when first needed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import httpx

from convosphere.llm.drawing import SIZE, WHOLE_PICTURE_SECONDS, Drawing, read_drawing, takes_no_form
from convosphere.llm.errors import (
    ProviderRejectedError,
    ProviderTimeoutError,
    ProviderUnreadableError,
    ProviderWebPageError,
)
from convosphere.llm.lazy_loader import load_litellm
from convosphere.llm.pieces import merged
from convosphere.llm.providers.collected import Collected, read_count
from convosphere.llm.providers.contents import content_of
from convosphere.llm.providers.events import read_content
from convosphere.llm.providers.failures import is_web_page
from convosphere.llm.providers.litellm_failures import failure_of_litellm
from convosphere.llm.providers.parameters import parameters_of
from convosphere.llm.ranking import Ranked, read_relevances
from convosphere.llm.schemas import (
    ChatMessage,
    CompletionRequest,
    Embedded,
    ListedModel,
    StreamEvent,
    TextPiece,
    ThinkingPiece,
)
from convosphere.llm.speech import SOUND_NAME, SOUND_TYPE, Sound, Transcript, knows_no_times, read_transcript

WHOLE_RESPONSE_SECONDS = 60.0
SHORTEST_SECRET = 8


class LiteLLMProvider:
    """One provider's account; an empty `key` leaves it to LiteLLM to find one in the environment.

    `options` are what LiteLLM wants to know besides, such as a region. With `only` all names are names of this provider
    of LiteLLM's, whatever stands in them: a name such as `ollama/x` would otherwise lead elsewhere, with the key or
    with the server's own rights.
    """

    def __init__(
        self,
        models: tuple[ListedModel, ...] = (),
        key: str = "",
        api_base: str = "",
        options: Mapping[str, str] | None = None,
        only: str = "",
    ) -> None:
        self._models = models
        self._prefix = f"{only}/" if only else ""
        self._key = key
        self._account = {name: value for name, value in (("api_key", key), ("api_base", api_base)) if value} | {
            **(options or {})
        }

    def stream(self, name: str, label: str, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """See `schemas.Provider`."""
        return merged(self._stream(self._own(name), label, request))

    async def _stream(self, name: str, label: str, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """One event for each chunk. The router retries, so LiteLLM must not."""
        litellm = await load_litellm()
        collected, response = Collected(label), None
        try:
            response = await litellm.acompletion(model=name, **_arguments(name, request), **self._account)
            if response is None:  # What LiteLLM 1.106 makes of a refusal with 422.
                raise ProviderRejectedError(label, "HTTP 422")
            async with aclosing(response):
                async for chunk in response:
                    for event in _events(chunk, collected):
                        yield event
        except (litellm.exceptions.openai.OpenAIError, httpx.HTTPError) as error:
            # What comes after the end of the answer, such as numbers that LiteLLM cannot read, is no harm to it.
            if response is None or not response.received_finish_reason:
                raise failure_of_litellm(error, label, self._secrets) from None
        _check_end(response, collected)
        yield collected.finish(request)
        collected.check()

    async def list_models(self) -> tuple[ListedModel, ...]:
        """See `schemas.Provider`."""
        return self._models

    async def embed(self, name: str, texts: Sequence[str]) -> Embedded:
        """See `schemas.Provider`."""
        litellm = await load_litellm()
        answered = await self._whole(name, litellm.aembedding(input=list(texts), **self._arguments(name)))
        try:
            vectors = [[float(value) for value in entry["embedding"]] for entry in answered.data]
        except (KeyError, TypeError, ValueError):
            raise ProviderUnreadableError(name) from None
        if len(vectors) != len(texts):
            raise ProviderUnreadableError(name)
        return Embedded(vectors, read_count(answered.usage.prompt_tokens) if answered.usage else None)

    async def rank(self, name: str, question: str, texts: Sequence[str]) -> Ranked:
        """See `ranking.RankingProvider`."""
        litellm = await load_litellm()
        wanted = {"query": question, "documents": list(texts), "top_n": len(texts)}
        answered = await self._whole(name, litellm.arerank(**wanted, **self._arguments(name)))
        return Ranked(read_relevances(answered.results, len(texts), name))

    async def transcribe(self, name: str, label: str, sound: Sound, seconds: float) -> Transcript:
        """See `speech.TranscribingProvider`. Models that refuse to tell times are asked again without."""
        try:
            return await self._transcribe(name, label, sound, seconds)
        except ProviderRejectedError as error:
            if not knows_no_times(error):
                raise
        return await self._transcribe(name, label, sound, seconds, "json")

    async def _transcribe(
        self, name: str, label: str, sound: Sound, seconds: float, form: str = "verbose_json"
    ) -> Transcript:
        litellm = await load_litellm()
        wanted = {"file": (SOUND_NAME, sound.data, SOUND_TYPE), "response_format": form, "timeout": seconds}
        answered = await self._whole(label, litellm.atranscription(**wanted, **self._arguments(name)), seconds)
        if is_web_page("", str(answered.text or "").encode()):  # LiteLLM takes whatever comes for what was said.
            raise ProviderWebPageError(label)
        return read_transcript(answered.model_dump(), sound, label)

    async def draw(self, name: str, label: str, wish: str) -> Drawing:
        """See `drawing.DrawingProvider`. Models that refuse to be told a form are asked again without."""
        try:
            return await self._draw(name, label, wish, response_format="b64_json")
        except ProviderRejectedError as error:
            if not takes_no_form(error):
                raise
        return await self._draw(name, label, wish)

    async def _draw(self, name: str, label: str, wish: str, **form: str) -> Drawing:
        litellm, seconds = await load_litellm(), WHOLE_PICTURE_SECONDS
        wanted = {"prompt": wish, "n": 1, "size": SIZE, "timeout": seconds, "drop_params": True, **form}
        answered = await self._whole(label, litellm.aimage_generation(**wanted, **self._arguments(name)), seconds)
        return read_drawing(answered.model_dump(), label)

    def _arguments(self, name: str) -> dict[str, object]:
        return {"model": self._own(name), "num_retries": 0, "max_retries": 0, **self._account}

    async def _whole(self, name: str, asking: Awaitable[Any], seconds: float = WHOLE_RESPONSE_SECONDS) -> Any:  # noqa: ANN401
        """An answer that comes at once."""
        litellm = await load_litellm()
        try:
            async with asyncio.timeout(seconds):
                return await asking
        except TimeoutError:
            raise ProviderTimeoutError(name, seconds, stalled=False) from None
        except (litellm.exceptions.openai.OpenAIError, httpx.HTTPError) as error:
            raise failure_of_litellm(error, name, self._secrets) from None

    def _own(self, name: str) -> str:
        return name if name.startswith(self._prefix) else self._prefix + name

    @property
    def _secrets(self) -> tuple[str, ...]:
        return tuple(value for value in self._account.values() if len(value) >= SHORTEST_SECRET)


def _events(chunk: Any, collected: Collected) -> list[StreamEvent]:  # noqa: ANN401
    """What a chunk of LiteLLM's, which has the shape of OpenAI's as an object, brings."""
    events: list[StreamEvent] = []
    for choice in chunk.choices:
        if thinking := getattr(choice.delta, "reasoning_content", None):
            events.append(ThinkingPiece(thinking))
        if text := read_content(choice.delta.content):
            collected.length += len(text)
            events.append(TextPiece(text))
        if getattr(choice.delta, "tool_calls", None):
            collected.calls_tools = True
        collected.finish_reason = choice.finish_reason or collected.finish_reason
    if usage := getattr(chunk, "usage", None):
        collected.note_usage(usage.model_dump())
    return events


def _check_end(response: Any, collected: Collected) -> None:  # noqa: ANN401
    """Take back what LiteLLM adds at the end of a stream: a `stop` nobody said, and numbers that it counted itself."""
    said = response.received_finish_reason or response.intermittent_finish_reason
    collected.finish_reason = collected.finish_reason if said else ""
    if all(getattr(chunk, "usage", None) is None for chunk in response.chunks):
        collected.usage = None
    if not collected.finish_reason and not collected.length and _is_web_page(response):
        raise ProviderWebPageError(collected.label)


def _is_web_page(response: Any) -> bool:  # noqa: ANN401
    headers = response._hidden_params.get("additional_headers") or {}  # noqa: SLF001  # The only place they are in.
    return is_web_page(headers.get("llm_provider-content-type", ""))


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
        return {"role": message.role, "content": content_of(message)}
    told = content_of(message)
    *images, text = told if isinstance(told, list) else [{"type": "text", "text": told}]
    return {"role": message.role, "content": [*images, text | {"cache_control": {"type": "ephemeral"}}]}
