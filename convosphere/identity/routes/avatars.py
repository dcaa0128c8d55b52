"""Pictures of people, in and out."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.errors import ForbiddenError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.images.schemas import MOST_BYTES_OF_SQUARE, Part
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.routes.reading import read_body
from convosphere.identity.service import avatars
from convosphere.identity.ways import actor_of

UPLOAD_SECONDS = 60

LASTING = {
    "cache-control": "private, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
}


@way_in(Permission.ACCOUNT_WRITE)
async def upload_avatar(request: Request) -> Response:
    """Take the request's raw body as one's picture; `x`, `y` and `side` name the part of it, the middle if left out."""
    part = read_part(request)
    return JSONResponse({"address": await avatars.set_avatar(actor_of(request), await read_picture(request), part)})


@way_in(Permission.ACCOUNT_USE)
async def show_avatar(request: Request) -> Response:
    """Somebody's picture; what has this address never changes."""
    account_id, digest = parse_id(request.path_params["account_id"]), request.path_params["digest"]
    image = await avatars.get_avatar(actor_of(request), account_id, digest)
    return Response(image, media_type="image/webp", headers=LASTING)


ROUTES = [
    Route("/api/avatar", upload_avatar, methods=["POST"]),
    Route("/api/people/{account_id}/avatar/{digest}", show_avatar, methods=["GET"]),
]


def read_part(request: Request) -> Part:
    """The part that the address of an upload asks for.

    Raises:
        ForbiddenError: another site sent it.
        InvalidInputError: it asks for what is no part of a picture.
    """
    # A page of another site cannot send this header, even where its cookies travel.
    if request.headers.get("x-requested-with") != "convosphere":
        raise ForbiddenError(t("This request did not come from this site."))
    given = request.query_params
    try:
        return Part(**{name: float(given[name]) for name in ("x", "y", "side") if name in given})
    except ValueError:
        raise InvalidInputError(t("The request could not be read.")) from None


async def read_picture(request: Request) -> bytes:
    """The body, if it is small enough for a picture and comes in time.

    Raises:
        BodyRefusedError: it is too large, too slow, or breaks off.
    """
    too_large = t("The picture may have at most {count} megabytes.", count=MOST_BYTES_OF_SQUARE // 1_000_000)
    return await read_body(request, MOST_BYTES_OF_SQUARE, UPLOAD_SECONDS, too_large)
