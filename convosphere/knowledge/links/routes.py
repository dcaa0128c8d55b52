"""Files behind links, shown and sent as to people who are signed in; each part asks anew whether it opens."""

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from convosphere.core.audit.actions import DOCUMENT_DOWNLOADED, DOCUMENT_SHOWN
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.files.answers import FOR_SAVING, begins_at_start, etag_of, file_answer, is_known, unchanged
from convosphere.identity.ways import actor_of, client_of
from convosphere.knowledge.links import service
from convosphere.knowledge.links.schemas import Visit
from convosphere.knowledge.previews.errors import DownloadForbiddenError
from convosphere.knowledge.previews.kinds import ORIGINALS, preview_of
from convosphere.knowledge.previews.routes import answer_with, page_answer, thumbnail_answer
from convosphere.knowledge.previews.schemas import Source


@way_in(Permission.PUBLIC)
async def show_linked(request: Request) -> Response:
    """What a page shows of a document behind a link."""
    visit, source = await _source_of(request)
    if preview_of(source.media_type) in ORIGINALS and not source.may_take:
        raise DownloadForbiddenError
    note = partial(service.note_taking, visit, source, DOCUMENT_SHOWN)
    return await answer_with(request, visit.maker, source, note)


@way_in(Permission.PUBLIC)
async def show_linked_page(request: Request) -> Response:
    """A picture of a page of a PDF behind a link that lets nobody have the PDF itself."""
    _, source = await _source_of(request)
    return await page_answer(request, source)


@way_in(Permission.PUBLIC)
async def show_linked_thumbnail(request: Request) -> Response:
    """The small picture of a document behind a link, if it was made; a stranger's look lets nobody work."""
    visit, source = await _source_of(request)
    return await thumbnail_answer(request, visit.maker, source, is_wanted=False)


@way_in(Permission.PUBLIC)
async def download_linked(request: Request) -> Response:
    """The original of a document behind a link that lets one have it, to be saved."""
    visit, source = await _source_of(request)
    if not source.may_take:
        raise DownloadForbiddenError
    etag = etag_of(source.sha256)
    if is_known(request, etag):
        return unchanged(etag, FOR_SAVING)
    if request.method == "GET":
        await service.note_taking(visit, source, DOCUMENT_DOWNLOADED, is_beginning=begins_at_start(request))
    return file_answer(source.path, etag, FOR_SAVING, name=source.name, media_type="application/octet-stream")


_DOCUMENT: Final = "/api/links/{token}/documents/{document_id}"
ROUTES = [
    Route(f"{_DOCUMENT}/preview", show_linked, methods=["GET"]),
    Route(f"{_DOCUMENT}/pages/{{number}}", show_linked_page, methods=["GET"]),
    Route(f"{_DOCUMENT}/thumbnail", show_linked_thumbnail, methods=["GET"]),
    Route(f"{_DOCUMENT}/file", download_linked, methods=["GET"]),
]


async def _source_of(request: Request) -> tuple[Visit, Source]:
    return await service.get_linked_source(
        actor_of(request), request.path_params["token"], client_of(request).address,
        parse_id(request.path_params["document_id"]),
    )  # fmt: skip
