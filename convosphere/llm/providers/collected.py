"""What the chunks of one answer add up to, whoever read them, and whether that is an answer."""

from collections.abc import Mapping

import structlog

from convosphere.llm.errors import (
    ContentFilteredError,
    ProviderEmptyAnswerError,
    ProviderError,
    ProviderStreamBrokenError,
    ProviderToolCallError,
)
from convosphere.llm.schemas import CompletionRequest, Finished, Usage
from convosphere.llm.tokens import estimate_usage

log = structlog.get_logger()

FILTERED = "content_filter"
MOST_TOKENS = 100_000_000
"""More than any model reads; who says so is wrong."""


class Collected:
    """The length of the text so far, and what the provider says beside it; `label` names the model in errors."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.length = 0
        self.finish_reason = ""
        self.usage: Usage | None = None
        self.calls_tools = False
        self.is_whole = False

    def note_usage(self, usage: object) -> None:
        """Take the numbers of a `usage` object; those that cannot be true count as none."""
        self.usage = read_usage(usage)
        if self.usage is None:
            log.warning("usage_not_believable", model=self.label)

    def finish(self, request: CompletionRequest) -> Finished:
        """The last event.

        Raises:
            ProviderError: what came is no answer.
        """
        if failure := self._failure():
            raise failure
        usage = self.usage
        if usage is None or (self.length and not usage.completion_tokens):
            usage = estimate_usage(request, self.length)
        return Finished(usage, self.finish_reason or "stop")

    def check(self) -> None:
        """Call it after the last event, since the text and the numbers count all the same.

        Raises:
            ContentFilteredError: the provider broke the answer off by its rules.
        """
        if self.finish_reason == FILTERED:
            raise ContentFilteredError(self.label)

    def _failure(self) -> ProviderError | None:
        if not (self.is_whole or self.finish_reason):
            return ProviderStreamBrokenError(self.label)
        if self.calls_tools:  # No tools are offered, so nobody could follow it.
            return ProviderToolCallError(self.label)
        if self.length:
            return None
        if self.finish_reason == FILTERED:
            return ContentFilteredError(self.label)
        return ProviderEmptyAnswerError(self.label)


def read_usage(usage: object) -> Usage | None:
    """The numbers of a `usage` object, None if they are missing or cannot be true."""
    if not isinstance(usage, Mapping):
        return None
    prompt, completion = read_count(usage.get("prompt_tokens")), read_count(usage.get("completion_tokens"))
    if prompt is None or completion is None:
        return None
    details = usage.get("prompt_tokens_details")
    cached = min(_detail(details, "cached_tokens"), prompt)
    written = min(_detail(details, "cache_creation_tokens"), prompt - cached)
    thought = _detail(usage.get("completion_tokens_details"), "reasoning_tokens")
    return Usage(prompt, completion, cached, min(thought, completion), written_tokens=written)


def read_count(value: object) -> int | None:
    """A number of tokens, None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_TOKENS:
        return None
    return value


def _detail(details: object, name: str) -> int:
    return (read_count(details.get(name)) if isinstance(details, Mapping) else None) or 0
