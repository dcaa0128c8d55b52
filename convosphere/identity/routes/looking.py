"""Looking as somebody and being oneself again: routes, as each is another session."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import PEOPLE
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.cookies import set_session_cookie
from convosphere.identity.routes.answers import signed_in
from convosphere.identity.routes.reading import read_form
from convosphere.identity.service import looking
from convosphere.identity.ways import actor_of


@way_in(Permission.PERSON_LOOK)
async def look_as(request: Request) -> Response:
    """Look as the person whose id is sent."""
    fields = await read_form(request, "person")
    return signed_in(await looking.start_looking(actor_of(request), parse_id(fields["person"])))


@way_in(Permission.ACCOUNT_USE)
async def look_back(request: Request) -> Response:
    """Be oneself again; a plain form posts here, so that it works without scripts."""
    opened = await looking.stop_looking(actor_of(request))
    response = RedirectResponse(PEOPLE, status_code=303)
    set_session_cookie(response, opened.token, opened.expires_at)
    return response


ROUTES = [
    Route("/auth/look-as", look_as, methods=["POST"]),
    Route("/auth/look-back", look_back, methods=["POST"]),
]
