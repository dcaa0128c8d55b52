"""What people are told of a provider's refusal."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from convosphere.llm import errors
from convosphere.llm.providers.failures import (
    LONGEST_WAIT,
    clean_reason,
    failure_of_connection,
    failure_of_status,
    read_reason,
    read_retry_after,
)


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (401, "bad key", errors.ProviderKeyRefusedError),
        (403, "not for you", errors.ProviderForbiddenError),
        (402, "", errors.ProviderCreditUsedUpError),
        (429, "insufficient_quota: check your plan and billing details", errors.ProviderCreditUsedUpError),
        (429, "slow down", errors.ProviderRateLimitedError),
        (400, "maximum context length is 8192 tokens", errors.ContextTooLongError),
        (413, "prompt is too long", errors.ContextTooLongError),
        (400, "bad temperature", errors.ProviderRejectedError),
        (404, "no such model", errors.ProviderModelMissingError),
        (400, "flagged by our content management policy", errors.ContentFilteredError),
        (413, "", errors.RequestTooLargeError),
        (408, "", errors.ProviderUnavailableError),
        (409, "", errors.ProviderUnavailableError),
        (307, "", errors.ProviderRejectedError),
        (529, "overloaded", errors.ProviderUnavailableError),
        (500, "", errors.ProviderUnavailableError),
    ],
)
def test_each_status_has_its_error(status: int, reason: str, kind: type[errors.ProviderError]) -> None:
    error = failure_of_status(status, reason, "Model")
    assert type(error) is kind
    assert "Model" in str(error.message)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": {"message": "Wrong.", "code": "c"}}', "Wrong. c"),
        (b'{"error": "Wrong."}', "Wrong."),
        (b'[{"error": {"message": "Wrong."}}]', "Wrong."),
        (b'{"detail": "Wrong."}', "Wrong."),
        (b"Wrong.", "Wrong."),
        (b"<html><body>502</body></html>", ""),
        (b"", ""),
        (b"\xff", "\ufffd"),
        (b"[" * 16_000, "[" * 16_000),
    ],
)
def test_the_providers_words_are_found_in_any_body(body: bytes, reason: str) -> None:
    assert read_reason(body) == reason


def test_a_reason_holds_no_secret_address_or_markup_and_is_short() -> None:
    raw = (
        "Key sk-live-abcdef0123 or mysecret at https://user:pw@host/v1?k=1 <b>[x](y)</b>\x1b[31m\u202e Bearer abc "
        + "z" * 500
    )
    cleaned = clean_reason(raw, ("mysecret", ""))
    for part in ("sk-live", "mysecret", "pw@", "host", "<b>", "[x]", "\x1b", "\u202e", "abc"):
        assert part not in cleaned
    assert len(cleaned) <= 200


def test_retry_after_is_seconds_or_a_date() -> None:
    assert read_retry_after("1.5") == 1.5
    assert read_retry_after("-3") == 0
    assert read_retry_after(None) is None
    assert read_retry_after("soon") is None
    soon = read_retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True))
    assert soon is not None
    assert 60 < soon <= 90
    assert read_retry_after("nan") is None
    assert read_retry_after("inf") is None
    assert read_retry_after("9e99") == LONGEST_WAIT


def test_a_date_to_retry_after_goes_by_the_providers_clock() -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    date = format_datetime(long_ago + timedelta(seconds=7), usegmt=True)
    assert read_retry_after(date, format_datetime(long_ago, usegmt=True)) == 7
    assert read_retry_after(date) == 0, "without the provider's clock, by ours"
    assert read_retry_after(date, "yesterday") is None


def wrapped(beneath: Exception) -> Exception:
    """As libraries tell of it: an error of theirs, caused by another."""
    outer = RuntimeError("Connection error.")
    outer.__cause__ = ConnectionError("refused")
    outer.__cause__.__context__ = beneath
    return outer


@pytest.mark.parametrize(
    ("beneath", "kind"),
    [
        (ssl.SSLCertVerificationError("expired"), errors.ProviderCertificateError),
        (socket.gaierror(-2, "unknown"), errors.ProviderHostUnknownError),
        (OSError("refused"), errors.ProviderUnreachableError),
    ],
)
def test_what_lies_beneath_a_failed_connection_is_told(beneath: Exception, kind: type[errors.ProviderError]) -> None:
    assert type(failure_of_connection(wrapped(beneath), "Model")) is kind


def test_every_error_has_its_own_code_and_names_the_model() -> None:
    kinds = [
        kind
        for name in errors.__all__
        if issubclass(kind := getattr(errors, name), errors.ProviderError) and kind is not errors.ProviderError
    ]
    assert len({kind.code for kind in kinds}) == len(kinds)
    special: dict[type[errors.ProviderError], dict[str, object]] = {
        errors.ProviderTimeoutError: {"seconds": 3, "stalled": True},
        errors.ProviderRestingError: {"retry_after": 3},
        errors.ProviderRejectedError: {"reason": "Bad temperature."},
    }
    for kind in kinds:
        said = str(kind("Model", **special.get(kind, {})).message)  # pyright: ignore[reportArgumentType]
        assert "Model" in said
        assert said.endswith("."), kind
