"""A stored content as an answer to a request: all of it, a part of it, or word that it is still the same."""

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

FOR_SAVING = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "content-security-policy": "sandbox; default-src 'none'",
}
"""What is saved and never shown as a page of ours."""
FOR_SHOWING = {**FOR_SAVING, "cache-control": "private, no-cache"}
"""What a page shows by its own means. A browser may keep it, and asks each time whether it still may show it."""


def etag_of(sha256: str, variant: str = "") -> str:
    """What names a content, or something that is made of it, in `ETag`."""
    return f'"{sha256[:40]}{variant and "-"}{variant}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether whoever asks has this very content (RFC 9110, 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}


def unchanged(etag: str, headers: Mapping[str, str]) -> Response:
    """Says that it is still the same."""
    return Response(status_code=304, headers={**headers, "etag": etag})


def file_answer(path: Path, etag: str, headers: Mapping[str, str], *, name: str, media_type: str) -> Response:
    """The file, whole or in the parts that were asked for. Outside of a page of ours it is saved under `name`."""
    return FileResponse(path, media_type=media_type, filename=name, headers={**headers, "etag": etag})


def begins_at_start(request: Request) -> bool:
    """Whether the first byte is asked for; further parts of a content follow on that."""
    asked = request.headers.get("range", "").replace(" ", "")
    return not asked.startswith("bytes=") or asked.startswith(("bytes=0-", "bytes=-"))
