"""Assistants as files."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from convosphere.assistants.service.exchange import export_assistant
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
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


ROUTES = [Route("/api/assistants/{assistant_id}/export", download_assistant, methods=["GET"])]
