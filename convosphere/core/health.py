"""Whether the installation works, for load balancers and health checks."""

import asyncio

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.database import is_database_away
from convosphere.core.errors import UnavailableError
from convosphere.core.permissions import ANONYMOUS, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.core.ways_in import way_in

PATIENCE_SECONDS = 3.0


@way_in(Permission.PUBLIC)
async def health(request: Request) -> Response:  # noqa: ARG001  # Every endpoint takes one.
    """200 while the database answers, else 503. `/ping` says only that the process lives."""
    if is_database_away() or not await _database_answers():
        return JSONResponse({"database": "down"}, status_code=503)
    return JSONResponse({"database": "ok"})


async def _database_answers() -> bool:
    asking = asyncio.create_task(_ask())
    # To break off a question takes an answer as well, so a database that stands still is not waited for.
    await asyncio.wait({asking}, timeout=PATIENCE_SECONDS)
    if not asking.done():
        asking.cancel()
        return False
    return asking.result()


async def _ask() -> bool:
    try:
        async with unit_of_work(ANONYMOUS) as uow:
            await uow.session.execute(text("SELECT 1"))
    except UnavailableError:
        return False
    return True


ROUTES = [Route("/health", health)]
