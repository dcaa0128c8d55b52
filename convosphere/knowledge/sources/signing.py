"""Signatures of requests to S3 (AWS Signature Version 4, for requests without a body)."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

_EMPTY: Final = hashlib.sha256(b"").hexdigest()
_ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Key:
    """An access key, and the region that it is used in."""

    id: str
    secret: str = field(repr=False)
    region: str = "us-east-1"


def signed_headers(url: str, key: Key, now: datetime, headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """The headers that make a GET of this address the key's; `headers` are those beside them that are to be signed.

    Its path and query must be quoted as `quoted` does it.
    """
    parts, moment = urlsplit(url), now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{key.region}/s3/aws4_request"
    added = {**(headers or {}), "x-amz-content-sha256": _EMPTY, "x-amz-date": moment}
    signed = {name.lower(): value.strip() for name, value in {**added, "host": parts.netloc}.items()}
    names = ";".join(sorted(signed))
    query = "&".join(sorted(f"{quoted(name)}={quoted(value)}" for name, value in parse_qsl(parts.query, True)))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    request = "\n".join(("GET", parts.path or "/", query, lines, names, _EMPTY))
    text = "\n".join((_ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()))
    signing_key = reduce(_hmac, scope.split("/"), f"AWS4{key.secret}".encode())
    signature = _hmac(signing_key, text).hex()
    told = f"{_ALGORITHM} Credential={key.id}/{scope},SignedHeaders={names},Signature={signature}"
    return {**added, "Authorization": told}


def quoted(text: str, safe: str = "") -> str:
    """A text as S3 wants it in an address: all but letters, digits and -._~ as bytes in hexadecimal."""
    return quote(text, safe=f"{safe}-._~")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
