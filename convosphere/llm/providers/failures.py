"""A provider's refusal, turned into an error that a person can read; without keys, addresses or markup."""

import json
import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from convosphere.llm.errors import (
    ContextTooLongError,
    ProviderCreditUsedUpError,
    ProviderError,
    ProviderKeyRefusedError,
    ProviderRateLimitedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)

LONGEST_REASON = 200
_TOO_LONG = re.compile(
    r"context.{0,3}length|context.{0,3}window|maximum context|exceeds? .{0,30}context"
    r"|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient_quota|credit balance|billing|exceeded your current quota", re.IGNORECASE)
_SECRET = re.compile(
    r"\b(?:sk|pk|key|gsk|hf|xai)[-_][\w*.-]{4,}|\bAIza[\w-]{8,}|\b(?:bearer|basic)\s+\S+", re.IGNORECASE
)
_ADDRESS = re.compile(r"\b\w+://\S+")
_UNSAID = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>`\[\]]+")


def failure_of_status(
    status: int, reason: str, label: str, *, retry_after: float | None = None, secrets: tuple[str, ...] = ()
) -> ProviderError:
    """The error for an HTTP status and the provider's words about it; `secrets` never appear in it."""
    if status == 402 or (status in {403, 429} and _NO_CREDIT.search(reason)):
        return ProviderCreditUsedUpError(label)
    if status in {401, 403}:
        return ProviderKeyRefusedError(label)
    if status == 429:
        return ProviderRateLimitedError(label, retry_after)
    if status in {408, 409, 425} or status >= 500:
        return ProviderUnavailableError(label, retry_after)
    if status in {400, 413, 422} and _TOO_LONG.search(reason):
        return ContextTooLongError(label)
    return ProviderRejectedError(label, clean_reason(reason, secrets) or f"HTTP {status}")


def failure_in_stream(error: object, label: str, secrets: tuple[str, ...] = ()) -> ProviderError:
    """The error for `{"error": …}` inside a stream, whose code is a status, a word, or missing."""
    details = error if isinstance(error, dict) else {"message": str(error)}
    reason = " ".join(str(details.get(name) or "") for name in ("message", "type", "code"))
    status = str(details.get("code") or details.get("status"))
    if not status.isdigit():
        status = "429" if "rate_limit" in reason else "400" if _TOO_LONG.search(reason) else "500"
    return failure_of_status(int(status), reason, label, secrets=secrets)


def read_reason(body: bytes) -> str:
    """The provider's words in an error's body: OpenAI's shape, the usual others, or the text itself."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except ValueError:
        return "" if "<html" in text.lower() else text
    if isinstance(found, list) and found:
        found = found[0]
    if isinstance(found, dict):
        found = found.get("error") or found.get("message") or found.get("detail") or ""
    if isinstance(found, dict):
        found = " ".join(str(found[name]) for name in ("message", "type", "code") if found.get(name))
    return str(found)


def read_retry_after(value: str | None) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or a date (RFC 9110, section 10.2.3)."""
    if not value:
        return None
    try:
        seconds = float(value)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def clean_reason(reason: str, secrets: tuple[str, ...] = ()) -> str:
    """A provider's words fit to be shown: no secrets, addresses, control signs or markup, and short."""
    for secret in secrets:
        if secret:
            reason = reason.replace(secret, "…")
    reason = _ADDRESS.sub("…", _SECRET.sub("…", reason))
    reason = " ".join(_UNSAID.sub(" ", reason).split())
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"
