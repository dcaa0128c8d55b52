"""Usage as a file."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.ways import actor_of
from convosphere.usage.service.reports import export_report


@way_in(Permission.USAGE_READ)
async def export_usage(request: Request) -> Response:
    """The sums of the days from `since` to `until`, sent while they are read."""
    since, until = _day(request, "since"), _day(request, "until")
    lines = await export_report(actor_of(request), since, until)
    name = f"usage-{since}-{until}.csv"
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )  # fmt: skip


ROUTES = [Route("/api/usage/export", export_usage, methods=["GET"])]


def _day(request: Request, name: str) -> date:
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        raise InvalidInputError(t("Please enter a day such as 2026-11-20.")) from None
