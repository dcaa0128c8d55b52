"""Usage as a file: everybody's, and one's own."""

from collections.abc import AsyncIterator
from datetime import date

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.ways import actor_of
from convosphere.usage.service.reports import export_own_report, export_report


@way_in(Permission.USAGE_READ)
async def export_usage(request: Request) -> Response:
    """The sums of the days from `since` to `until`."""
    since, until = _days(request)
    return _file(await export_report(actor_of(request), since, until), f"usage-{since}-{until}.csv")


@way_in(Permission.ACCOUNT_USE)
async def export_own_usage(request: Request) -> Response:
    """The same of what the person used."""
    since, until = _days(request)
    return _file(export_own_report(actor_of(request), since, until), f"my-usage-{since}-{until}.csv")


ROUTES = [
    Route("/api/usage/export", export_usage, methods=["GET"]),
    Route("/api/usage/own/export", export_own_usage, methods=["GET"]),
]


def _file(lines: AsyncIterator[bytes], name: str) -> Response:
    """Sent while it is read."""
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )  # fmt: skip


def _days(request: Request) -> tuple[date, date]:
    try:
        given = [date.fromisoformat(request.query_params.get(name, "")) for name in ("since", "until")]
    except ValueError:
        raise InvalidInputError(t("Please enter a day such as 2026-11-20.")) from None
    return given[0], given[1]
