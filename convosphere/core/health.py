"""Whether the installation works, for load balancers and health checks."""

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.errors import DatabaseAwayError, UnavailableError
from convosphere.core.events import is_database_away
from convosphere.core.permissions import ANONYMOUS, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.core.ways_in import way_in


@way_in(Permission.PUBLIC)
async def health(request: Request) -> Response:  # noqa: ARG001  # Every endpoint takes one.
    """200 while the database answers, else 503. `/ping` says only that the process lives."""
    try:
        if is_database_away():  # Known already; one that stands still would let the question wait.
            raise DatabaseAwayError
        async with unit_of_work(ANONYMOUS) as uow:
            await uow.session.execute(text("SELECT 1"))
    except UnavailableError:
        return JSONResponse({"database": "down"}, status_code=503)
    return JSONResponse({"database": "ok"})


ROUTES = [Route("/health", health)]
