"""Who one is, for programs."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.ways import actor_of


@way_in(Permission.ACCOUNT_USE)
async def who_am_i(request: Request) -> Response:
    """The person that the request acts for, and what it may do."""
    actor = actor_of(request)
    return JSONResponse(
        {
            "id": str(actor.account_id),
            "name": actor.name,
            "email": actor.email,
            "role": actor.role,
            "locale": actor.locale,
            "workspace_id": str(actor.workspace_id),
            "permissions": sorted(actor.permissions),
        }
    )


ROUTES = [
    Route("/api/me", who_am_i, methods=["GET"]),
]
