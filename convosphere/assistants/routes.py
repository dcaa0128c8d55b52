"""Assistants as files, and their pictures."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.assistants.service.exchange import export_assistant
from convosphere.assistants.service.pictures import add_picture, get_picture
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.routes.avatars import LASTING, read_part, read_picture
from convosphere.identity.ways import actor_of

_FOR_DOWNLOAD = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "content-security-policy": "sandbox; default-src 'none'",
}


@way_in(Permission.ASSISTANT_READ)
async def download_assistant(request: Request) -> Response:
    """An assistant as a file to be saved, for who may copy it."""
    name, text = await export_assistant(actor_of(request), parse_id(request.path_params["assistant_id"]))
    plain = name.encode("ascii", "ignore").decode().lstrip(".") or "assistant.json"
    return Response(
        text,
        media_type="application/json",
        headers={**_FOR_DOWNLOAD, "content-disposition": f'attachment; filename="{plain}"'},
    )


@way_in(Permission.ASSISTANT_WRITE)
async def upload_picture(request: Request) -> Response:
    """Take the request's raw body as a picture for assistants; `x`, `y` and `side` name the part of it."""
    part = read_part(request)
    return JSONResponse({"icon": await add_picture(actor_of(request), await read_picture(request), part)})


@way_in(Permission.ACCOUNT_USE)
async def show_picture(request: Request) -> Response:
    """The picture of an assistant; what has this address never changes."""
    image = await get_picture(actor_of(request), request.path_params["digest"])
    return Response(image, media_type="image/webp", headers=LASTING)


ROUTES = [
    Route("/api/assistants/{assistant_id}/export", download_assistant, methods=["GET"]),
    Route("/api/assistant-pictures", upload_picture, methods=["POST"]),
    Route("/api/assistant-pictures/{digest}", show_picture, methods=["GET"]),
]
