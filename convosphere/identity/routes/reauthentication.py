"""Proving again who one is, before something delicate."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.routes.answers import signed_in
from convosphere.identity.routes.reading import read_fields
from convosphere.identity.service.renewal import reauthenticate
from convosphere.identity.ways import actor_of


@way_in(Permission.ACCOUNT_WRITE)
async def confirm(request: Request) -> Response:
    """By the password; the session gets a new token."""
    fields = await read_fields(request, "password")
    return signed_in(await reauthenticate(actor_of(request), fields["password"]))


ROUTES = [
    Route("/auth/reauthenticate", confirm, methods=["POST"]),
]
