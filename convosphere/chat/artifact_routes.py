"""What answers have made, for a frame of its own."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from convosphere.chat.service.artifacts import get_artifact
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.ways import actor_of

# An origin of its own that no cookie goes with, and that loads nothing: scripts run, and reach only what they drew.
ARTIFACT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; frame-ancestors 'self'"
)
_HEADERS = {
    "content-security-policy": ARTIFACT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-dns-prefetch-control": "off",
}
# A drawing stands in a page, which forgives what a strict reader of XML would not.
_AROUND_DRAWING = (
    '<!doctype html><meta charset="utf-8"><style>html,body{margin:0;height:100%}body{display:grid;place-items:center}'
    "svg{max-width:100%;max-height:100%}</style>"
)


@way_in(Permission.CONVERSATION_READ)
async def show_artifact(request: Request) -> Response:
    """A page or drawing for its frame; opened outside of one it is a file, as it could pass for a page of ours."""
    number = request.path_params["number"]
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        raise NotFoundError
    artifact = await get_artifact(actor_of(request), parse_id(request.path_params["message_id"]), int(number))
    if artifact.kind == "document":
        raise NotFoundError
    headers = dict(_HEADERS)
    if request.headers.get("sec-fetch-dest", "iframe") != "iframe":
        headers["content-disposition"] = f'attachment; filename="artifact.{artifact.kind}"'
    around = _AROUND_DRAWING if artifact.kind == "svg" else ""
    return Response(around + artifact.text, media_type="text/html", headers=headers)


ROUTES = [Route("/api/artifacts/{message_id}/{number}", show_artifact, methods=["GET"])]
