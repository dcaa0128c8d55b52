"""Proving again who one is, before something delicate."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.routes.answers import signed_in, site_of
from convosphere.identity.routes.reading import read_fields, read_form
from convosphere.identity.service.confirming import ask_to_confirm, confirm_by_code, confirm_by_passkey
from convosphere.identity.service.proofs import is_one_time_code
from convosphere.identity.service.renewal import reauthenticate
from convosphere.identity.ways import actor_of


@way_in(Permission.ACCOUNT_WRITE)
async def confirm(request: Request) -> Response:
    """By the password, or by a one-time code, which no password looks like; the session gets a new token."""
    proof = (await read_fields(request, "password"))["password"]
    prove = confirm_by_code if is_one_time_code(proof) else reauthenticate
    return signed_in(await prove(actor_of(request), proof))


@way_in(Permission.ACCOUNT_WRITE)
async def ask_for_passkey(request: Request) -> Response:
    """What the browser needs to do the same by passkey."""
    await read_form(request)
    token, options = await ask_to_confirm(actor_of(request), site_of(request))
    return JSONResponse({"token": token, "options": options})


@way_in(Permission.ACCOUNT_WRITE)
async def confirm_with_passkey(request: Request) -> Response:
    """By a passkey; the session gets a new token."""
    fields = await read_fields(request, "token", "credential")
    actor, site = actor_of(request), site_of(request)
    return signed_in(await confirm_by_passkey(actor, fields["token"], fields["credential"], site))


ROUTES = [
    Route("/auth/reauthenticate", confirm, methods=["POST"]),
    Route("/auth/reauthenticate/passkey/options", ask_for_passkey, methods=["POST"]),
    Route("/auth/reauthenticate/passkey", confirm_with_passkey, methods=["POST"]),
]
