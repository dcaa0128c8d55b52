"""Set-up, sign-in, sign-up and sign-out: routes, since the session cookie is none of the scripts' business."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from convosphere.core.i18n import t
from convosphere.core.page_routes import SIGN_IN
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.cookies import delete_session_cookie
from convosphere.identity.routes.answers import signed_in, signed_in_or_asked
from convosphere.identity.routes.reading import read_fields
from convosphere.identity.schemas import NewAccount
from convosphere.identity.service import founding, invitations, sessions, signing_in
from convosphere.identity.ways import actor_of, client_of, locale_of


@way_in(Permission.PUBLIC)
async def set_up(request: Request) -> Response:
    """Found the workspace with its owner."""
    fields = await read_fields(request, "token", "workspace", "name", "email", "password", "locale")
    new = NewAccount(fields["name"], fields["email"], fields["password"], fields["locale"] or locale_of(request))
    return signed_in(await founding.set_up(fields["token"], fields["workspace"], new, client_of(request)))


@way_in(Permission.PUBLIC)
async def sign_in(request: Request) -> Response:
    """Open a session, or ask for a second factor."""
    fields = await read_fields(request, "email", "password")
    return signed_in_or_asked(await signing_in.sign_in(fields["email"], fields["password"], client_of(request)))


@way_in(Permission.PUBLIC)
async def sign_up(request: Request) -> Response:
    """Create an account, and open a session unless its address has to be confirmed."""
    fields = await read_fields(request, "token", "name", "email", "password", "locale")
    new = NewAccount(fields["name"], fields["email"], fields["password"], fields["locale"] or locale_of(request))
    opened = await invitations.sign_up(fields["token"], new, client_of(request))
    if opened is None:
        told = t("Please look into your mail: there is a link that confirms your address. Then you can sign in.")
        return JSONResponse(told.as_dict())
    return signed_in(opened)


@way_in(Permission.PUBLIC)
async def sign_out(request: Request) -> Response:
    """End the session, if there is one; a plain form posts here, so that it works without scripts."""
    await sessions.sign_out(actor_of(request))
    response = RedirectResponse(SIGN_IN, status_code=303)
    delete_session_cookie(response)
    return response


ROUTES = [
    Route("/auth/set-up", set_up, methods=["POST"]),
    Route("/auth/sign-in", sign_in, methods=["POST"]),
    Route("/auth/sign-up", sign_up, methods=["POST"]),
    Route("/auth/sign-out", sign_out, methods=["POST"]),
]
