"""Signing in by passkey, and the second step of a sign-in."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.cookies import step_token
from convosphere.identity.routes.answers import signed_in, site_of
from convosphere.identity.routes.reading import read_fields
from convosphere.identity.service import signing_in
from convosphere.identity.ways import client_of


@way_in(Permission.PUBLIC)
async def enter_code(request: Request) -> Response:
    """Open the session that waits for a one-time or recovery code."""
    fields = await read_fields(request, "code")
    return signed_in(await signing_in.finish_by_code(_token(request), fields["code"], client_of(request)))


@way_in(Permission.PUBLIC)
async def ask_for_passkey(request: Request) -> Response:
    """What the browser needs to use a passkey as second factor."""
    await read_fields(request)
    return JSONResponse({"options": await signing_in.ask_for_passkey(_token(request), site_of(request))})


@way_in(Permission.PUBLIC)
async def use_passkey(request: Request) -> Response:
    """Open the session that waits for a passkey."""
    fields = await read_fields(request, "credential")
    opened = await signing_in.finish_by_passkey(
        _token(request), fields["credential"], site_of(request), client_of(request)
    )
    return signed_in(opened)


@way_in(Permission.PUBLIC)
async def ask_for_any_passkey(request: Request) -> Response:
    """What the browser needs to sign in without a name."""
    await read_fields(request)
    token, options = await signing_in.ask_for_any_passkey(site_of(request))
    return JSONResponse({"token": token, "options": options})


@way_in(Permission.PUBLIC)
async def sign_in_by_passkey(request: Request) -> Response:
    """Open a session by passkey alone."""
    fields = await read_fields(request, "token", "credential")
    opened = await signing_in.sign_in_by_passkey(
        fields["token"], fields["credential"], site_of(request), client_of(request)
    )
    return signed_in(opened)


def _token(request: Request) -> str:
    return step_token(request.headers.get("cookie", ""))


ROUTES = [
    Route("/auth/sign-in/code", enter_code, methods=["POST"]),
    Route("/auth/sign-in/passkey/options", ask_for_passkey, methods=["POST"]),
    Route("/auth/sign-in/passkey", use_passkey, methods=["POST"]),
    Route("/auth/passkey/options", ask_for_any_passkey, methods=["POST"]),
    Route("/auth/passkey", sign_in_by_passkey, methods=["POST"]),
]
