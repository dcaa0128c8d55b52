"""Conversations out as files, and files of conversations in."""

from urllib.parse import parse_qs, quote, unquote_to_bytes
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from convosphere.chat.service import imports
from convosphere.chat.service.exporting import export
from convosphere.chat.transfer.schemas import ExportFormat
from convosphere.core.errors import ForbiddenError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.files.bodies import chunks_of
from convosphere.identity.routes.reading import read_body
from convosphere.identity.ways import actor_of

_FOR_DOWNLOAD = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "content-security-policy": "sandbox; default-src 'none'",
    "referrer-policy": "no-referrer",
}
_LONGEST_FORM = 64 * 1024


@way_in(Permission.CONVERSATION_EXPORT)
async def export_conversations(request: Request) -> Response:
    """Conversations as a file, sent while it is made: a form with `format`, and `ids` with commas between or `all`."""
    too_many = t("That is too much to export at once. Select fewer, or export all conversations.")
    body = await read_body(request, _LONGEST_FORM, too_large=too_many)
    form = parse_qs(body.decode(errors="replace"), max_num_fields=10)
    kind, asked = form.get("format", [""])[0], form.get("ids", [""])[0]
    if kind not in set(ExportFormat):
        raise InvalidInputError(t("The request could not be read."))
    ids: list[UUID] | None = None if asked == "all" else [parse_id(each) for each in asked.split(",")]
    download = await export(actor_of(request), ids, ExportFormat(kind))
    plain = download.name.encode("ascii", "ignore").decode().lstrip(". ") or "chat"
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(download.name, safe='')}"
    return StreamingResponse(
        download.chunks, media_type=download.media_type, headers={**_FOR_DOWNLOAD, "content-disposition": named}
    )


@way_in(Permission.CONVERSATION_WRITE)
async def bring_file(request: Request) -> Response:
    """Take a file of conversations, the request's raw body; `X-File-Name` is percent-encoded UTF-8."""
    # A page of another site cannot send this header, even where its cookies travel.
    if request.headers.get("x-requested-with") != "convosphere":
        raise ForbiddenError(t("This request did not come from this site."))
    length = request.headers.get("content-length", "")
    size = int(length) if length.isdecimal() and len(length) < 19 else None
    name = unquote_to_bytes(request.headers.get("x-file-name", "")).decode(errors="replace")
    brought = await imports.bring(actor_of(request), chunks_of(request), size=size, name=name)
    return JSONResponse({"id": str(brought.id)}, status_code=201, headers={"cache-control": "no-store"})


ROUTES = [
    Route("/api/conversations/export", export_conversations, methods=["POST"]),
    Route("/api/conversations/imports", bring_file, methods=["POST"]),
]
