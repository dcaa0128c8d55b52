"""A provider's refusal, turned into an error that a person can read; without keys, addresses or markup."""

import json
import math
import re
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from convosphere.llm.errors import (
    ContentFilteredError,
    ContextTooLongError,
    ProviderCertificateError,
    ProviderCreditUsedUpError,
    ProviderError,
    ProviderForbiddenError,
    ProviderHostUnknownError,
    ProviderKeyRefusedError,
    ProviderModelMissingError,
    ProviderRateLimitedError,
    ProviderRejectedError,
    ProviderUnavailableError,
    ProviderUnreachableError,
    RequestTooLargeError,
)

LONGEST_REASON = 200
LONGEST_WAIT = 86_400.0
_TOO_LONG = re.compile(
    r"context.{0,3}length|context.{0,3}window|maximum context|exceeds? .{0,30}context"
    r"|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient_quota|credit balance|billing|exceeded your current quota", re.IGNORECASE)
_FILTERED = re.compile(r"content.{0,3}(filter|polic|management)|safety system|flagged", re.IGNORECASE)
_SECRET = re.compile(
    r"\b(?:sk|pk|key|gsk|hf|xai)[-_][\w*.-]{4,}|\bAIza[\w-]{8,}|\b(?:bearer|basic)\s+\S+", re.IGNORECASE
)
_ADDRESS = re.compile(r"\b\w+://\S+")
_UNSAID = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>`\[\]]+")
_REQUEST_REFUSED = {400, 413, 422}
_PASSING = {408, 409, 425}
"""Too slow, at the same time as another, too early: for the provider to sort out, and gone the next time."""


def failure_of_status(
    status: int, reason: str, label: str, *, retry_after: float | None = None, secrets: tuple[str, ...] = ()
) -> ProviderError:
    """The error for an HTTP status and the provider's words about it; `secrets` never appear in it."""
    if status == 402 or (status in {403, 429} and _NO_CREDIT.search(reason)):
        return ProviderCreditUsedUpError(label)
    if status == 429:
        return ProviderRateLimitedError(label, retry_after)
    if status in _PASSING or status >= 500:
        return ProviderUnavailableError(label, retry_after=retry_after)
    plain = {401: ProviderKeyRefusedError, 403: ProviderForbiddenError, 404: ProviderModelMissingError}
    if kind := plain.get(status):
        return kind(label)
    return _refusal(status, clean_reason(reason, secrets), label)


def _refusal(status: int, reason: str, label: str) -> ProviderError:
    """What a provider says that reads the request and does not want it."""
    if status in _REQUEST_REFUSED and _TOO_LONG.search(reason):
        return ContextTooLongError(label, reason)
    if status in _REQUEST_REFUSED and _FILTERED.search(reason):
        return ContentFilteredError(label, reason)
    if status == 413:
        return RequestTooLargeError(label, reason)
    return ProviderRejectedError(label, reason or f"HTTP {status}")


def failure_of_connection(error: BaseException, label: str) -> ProviderError:
    """The error for a connection that did not come about, by what lies beneath it, whichever library tells."""
    beneath: BaseException | None = error
    while beneath:
        if isinstance(beneath, ssl.SSLCertVerificationError):
            return ProviderCertificateError(label)
        if isinstance(beneath, socket.gaierror):
            return ProviderHostUnknownError(label)
        beneath = getattr(beneath, "os_error", None) or beneath.__cause__ or beneath.__context__
    return ProviderUnreachableError(label)


def failure_in_stream(error: object, label: str, secrets: tuple[str, ...] = ()) -> ProviderError:
    """The error for `{"error": …}` inside a stream, whose code is a status, a word, or missing."""
    details = error if isinstance(error, dict) else {"message": str(error)}
    reason = " ".join(str(details.get(name) or "") for name in ("message", "type", "code"))
    status = str(details.get("code") or details.get("status"))
    if not (status.isascii() and status.isdigit() and 400 <= int(status[:4]) < 600):
        refused = _TOO_LONG.search(reason) or _FILTERED.search(reason)
        status = "429" if "rate_limit" in reason else "400" if refused else "500"
    return failure_of_status(int(status), reason, label, secrets=secrets)


def is_web_page(content_type: str, body: bytes = b"") -> bool:
    """Whether what came is meant for people's eyes: a proxy's notice, a sign-in page, the wrong address."""
    start = body[:512].lstrip().lower()
    return "html" in content_type.lower() or start.startswith((b"<!doctype html", b"<html"))


def read_reason(body: bytes) -> str:
    """The provider's words in an error's body: OpenAI's shape, the usual others, or the text itself."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "" if "<html" in text.lower() else text
    if isinstance(found, list) and found:
        found = found[0]
    if isinstance(found, dict):
        found = found.get("error") or found.get("message") or found.get("detail") or ""
    if isinstance(found, dict):
        found = " ".join(str(found[name]) for name in ("message", "type", "code") if found.get(name))
    return str(found)


def read_retry_after(value: str | None, answered_at: str | None = None) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or a date (RFC 9110, section 10.2.3).

    A date is compared with the answer's own Date header, `answered_at`, where there is one: the provider's clock need
    not be ours, and ours may jump. More than a day is a day.
    """
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value, answered_at)
    return min(max(0.0, seconds), LONGEST_WAIT) if math.isfinite(seconds) else None


def _seconds_until(date: str, answered_at: str | None) -> float:
    """From one date of HTTP to another or to now; not a number if it is none."""
    try:
        now = parsedate_to_datetime(answered_at) if answered_at else datetime.now(UTC)
        return (parsedate_to_datetime(date) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return math.nan


def clean_reason(reason: str, secrets: tuple[str, ...] = ()) -> str:
    """A provider's words fit to be shown: no secrets, addresses, control signs or markup, and short."""
    for secret in secrets:
        if secret:
            reason = reason.replace(secret, "…")
    reason = _ADDRESS.sub("…", _SECRET.sub("…", reason))
    reason = " ".join(_UNSAID.sub(" ", reason).split())
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"
