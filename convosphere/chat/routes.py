"""Files of messages in and out, past Reflex, whose own upload takes whole bodies before it asks who sends them."""

from collections.abc import AsyncIterator
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from convosphere.chat.artifact_routes import ROUTES as ARTIFACT_ROUTES
from convosphere.chat.attachments import IMAGE_MEDIA_TYPE
from convosphere.chat.service import attaching, attachments
from convosphere.chat.service.attachments import FileState
from convosphere.chat.transfer_routes import ROUTES as TRANSFER_ROUTES
from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.files.bodies import chunks_of
from convosphere.identity.ways import actor_of

_FOR_SHOWING = {
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-cache",
    "content-security-policy": "sandbox; default-src 'none'",
}


@way_in(Permission.DOCUMENT_WRITE)
async def attach_file(request: Request) -> Response:
    """Take one file for a message, the request's raw body; `X-File-Name` is percent-encoded UTF-8."""
    _refuse_other_sites(request)
    length = request.headers.get("content-length", "")
    name = unquote_to_bytes(request.headers.get("x-file-name", "")).decode(errors="replace")
    size = int(length) if length.isdecimal() and len(length) < 19 else None
    chunks: AsyncIterator[bytes] = chunks_of(request)
    return _told(await attaching.attach(actor_of(request), chunks, size=size, name=name), 201)


@way_in(Permission.CONVERSATION_WRITE)
async def attach_document(request: Request) -> Response:
    """Take a document that is there already for a message."""
    _refuse_other_sites(request)
    return _told(await attaching.refer(actor_of(request), parse_id(request.path_params["document_id"])), 201)


@way_in(Permission.CONVERSATION_READ)
async def show_state(request: Request) -> Response:
    """How far a file is."""
    return _told(await attachments.get_state(actor_of(request), parse_id(request.path_params["attachment_id"])))


@way_in(Permission.CONVERSATION_READ)
async def show_image(request: Request) -> Response:
    """An image, as we have made it."""
    path = await attachments.get_image(actor_of(request), parse_id(request.path_params["attachment_id"]))
    if not path.is_file():
        raise NotFoundError
    return FileResponse(path, media_type=IMAGE_MEDIA_TYPE, headers=_FOR_SHOWING)


@way_in(Permission.CONVERSATION_WRITE)
async def discard_file(request: Request) -> Response:
    """Let go of a file that went with no message."""
    _refuse_other_sites(request)
    await attachments.discard(actor_of(request), parse_id(request.path_params["attachment_id"]))
    return Response(status_code=204)


ROUTES = [
    *ARTIFACT_ROUTES,
    *TRANSFER_ROUTES,
    Route("/api/attachments", attach_file, methods=["POST"]),
    Route("/api/attachments/documents/{document_id}", attach_document, methods=["POST"]),
    Route("/api/attachments/{attachment_id}", show_state, methods=["GET"]),
    Route("/api/attachments/{attachment_id}", discard_file, methods=["DELETE"]),
    Route("/api/attachments/{attachment_id}/image", show_image, methods=["GET"]),
]


def _refuse_other_sites(request: Request) -> None:
    # A page of another site cannot send this header, even where its cookies travel.
    if request.headers.get("x-requested-with") != "convosphere":
        raise ForbiddenError(t("This request did not come from this site."))


def _told(state: FileState, status: int = 200) -> Response:
    told = {
        "id": str(state.id),
        "kind": state.kind,
        "name": state.name,
        "size": state.size,
        "document_id": str(state.document_id or ""),
        "is_ready": state.is_ready,
        "use": state.use,
        "can_be_whole": state.can_be_whole,
        "characters": state.characters,
        "tokens": state.tokens,
        "error": state.error.as_dict() if state.error else None,
    }
    return JSONResponse(told, status_code=status, headers={"cache-control": "no-store"})
