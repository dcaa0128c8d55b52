"""The trail as a file."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from convosphere.admin.schemas import AuditFilter
from convosphere.core.audit.export import ExportFormat, export_entries
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.ways import actor_of

_TYPES = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.JSONL: "application/jsonl; charset=utf-8"}


@way_in(Permission.AUDIT_READ)
async def export_trail(request: Request) -> Response:
    """What a filter finds, sent while it is read: `AuditFilter.words`, and `format` as `csv` or `jsonl`."""
    given = request.query_params.get("format", ExportFormat.CSV)
    if given not in set(ExportFormat):
        raise InvalidInputError(t("The request could not be read."))
    form = ExportFormat(given)
    lines = await export_entries(actor_of(request), AuditFilter.from_words(request.query_params).parsed(), form)
    name = f"audit-{utc_now():%Y-%m-%d}.{form}"
    return StreamingResponse(
        lines,
        media_type=_TYPES[form],
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


ROUTES = [Route("/api/audit/export", export_trail, methods=["GET"])]
