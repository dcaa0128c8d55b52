"""Lists of people to invite, past Reflex: what comes in is measured before it is read, what goes out is a file."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.errors import ForbiddenError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.people_lists import MOST_BYTES
from convosphere.identity.routes.reading import read_body
from convosphere.identity.service import lists
from convosphere.identity.ways import actor_of

_BODY_SECONDS = 60


@way_in(Permission.PERSON_INVITE)
async def read_list(request: Request) -> Response:
    """Take a list as the request's raw body, and check it; gives the id under which its preview stands."""
    # A page of another site cannot send this header, even where its cookies travel.
    if request.headers.get("x-requested-with") != "convosphere":
        raise ForbiddenError(t("This request did not come from this site."))
    too_large = t("A list may have at most {count} megabytes.", count=MOST_BYTES // 1_000_000)
    body = await read_body(request, MOST_BYTES, _BODY_SECONDS, too_large)
    return JSONResponse({"id": str(await lists.read_list(actor_of(request), body))}, status_code=201)


@way_in(Permission.PERSON_INVITE)
async def make_links(request: Request) -> Response:
    """New links for those on a list who have not joined, as a file; a plain form posts here."""
    table = await lists.make_links(actor_of(request), parse_id(request.path_params["list_id"]))
    headers = {
        "content-disposition": 'attachment; filename="invitations.csv"', "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }  # fmt: skip
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


ROUTES = [
    Route("/api/people/lists", read_list, methods=["POST"]),
    Route("/api/people/lists/{list_id}/links", make_links, methods=["POST"]),
]
