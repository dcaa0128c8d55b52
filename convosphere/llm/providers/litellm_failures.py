"""LiteLLM's exceptions, turned into errors that a person can read.

LiteLLM wraps what happened two to four times, renames it on the way (a connection that nobody accepts becomes a 500)
and loses headers, so what counts is found beneath.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
from pydantic import ValidationError

from convosphere.llm.errors import (
    ContentFilteredError,
    ContextTooLongError,
    ProviderError,
    ProviderStreamBrokenError,
    ProviderTimeoutError,
    ProviderUnreadableError,
    ProviderWebPageError,
)
from convosphere.llm.providers.failures import (
    failure_in_stream,
    failure_of_connection,
    failure_of_status,
    is_web_page,
    read_retry_after,
)

USUAL_SECONDS = 60.0
_PREFIX = re.compile(r"^(?:litellm\.\w+:\s*|\w+Error:\s*|\w+Exception\s*-\s*)+")
_NO_SUCH_WAY = {400, 404, 405}


def failure_of_litellm(error: Exception, label: str, secrets: tuple[str, ...]) -> ProviderError:
    """The error for an exception of LiteLLM's, or of the HTTP library beneath it; `secrets` never appear in it."""
    beneath = list(_beneath(error))
    if plain := _plain_failure(error, beneath, label):
        return plain
    if type(error).__name__ == "MidStreamFallbackError" or any(isinstance(each, httpx.ReadError) for each in beneath):
        return _failure_in_stream(beneath, label, secrets)
    said = str(getattr(error, "message", ""))
    if (answered := _answered(beneath)) is not None:
        return _failure_of_answer(answered, said, label, secrets)
    if any(isinstance(each, httpx.TransportError | OSError) for each in beneath):
        return failure_of_connection(error, label)
    return failure_of_status(int(getattr(error, "status_code", None) or 500), _reason(said), label, secrets=secrets)


def _plain_failure(error: Exception, beneath: list[BaseException], label: str) -> ProviderError | None:
    """What needs no look at the provider's words."""
    match type(error).__name__:
        case "ContextWindowExceededError":
            return ContextTooLongError(label)
        case "ContentPolicyViolationError":
            return ContentFilteredError(label)
        case _ if any(isinstance(each, json.JSONDecodeError | ValidationError) for each in beneath):
            return ProviderUnreadableError(label)
        case _ if any(isinstance(each, httpx.TimeoutException) for each in beneath):
            return ProviderTimeoutError(label, USUAL_SECONDS, stalled=False)
        case _:
            return None


def _failure_in_stream(beneath: list[BaseException], label: str, secrets: tuple[str, ...]) -> ProviderError:
    said = next((body for each in beneath if isinstance(body := getattr(each, "body", None), dict)), None)
    return failure_in_stream(said, label, secrets) if said else ProviderStreamBrokenError(label)


def _failure_of_answer(answered: httpx.Response, said: str, label: str, secrets: tuple[str, ...]) -> ProviderError:
    reason, headers = _reason(said), answered.headers
    if answered.status_code in _NO_SUCH_WAY and is_web_page(headers.get("content-type", ""), reason.encode()):
        return ProviderWebPageError(label)
    retry_after = read_retry_after(headers.get("retry-after"), headers.get("date"))
    return failure_of_status(answered.status_code, reason, label, retry_after=retry_after, secrets=secrets)


def _answered(beneath: list[BaseException]) -> httpx.Response | None:
    """What the provider really said: LiteLLM makes up responses of its own, without headers, for what it raises."""
    responses = [
        response for each in beneath if isinstance(response := getattr(each, "response", None), httpx.Response)
    ]
    return next((response for response in reversed(responses) if response.headers), None)


def _beneath(error: BaseException) -> Iterator[Any]:
    beneath: BaseException | None = error
    while beneath is not None:
        yield beneath
        beneath = beneath.__cause__ or beneath.__context__


def _reason(said: str) -> str:
    return _PREFIX.sub("", said)
