"""What pages show of documents. Nothing here is ever a page of ours, and each part asks anew for the right to it."""

from collections.abc import Awaitable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from convosphere.core.audit.actions import DOCUMENT_SHOWN
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.files.answers import (
    FOR_SAVING,
    FOR_SHOWING,
    begins_at_start,
    etag_of,
    file_answer,
    is_known,
    unchanged,
)
from convosphere.identity.ways import actor_of
from convosphere.knowledge.previews import service
from convosphere.knowledge.previews.errors import PreviewRefusedError
from convosphere.knowledge.previews.kinds import ORIGINALS, PLAYED, PreviewKind, played_as, preview_of
from convosphere.knowledge.previews.schemas import Source
from convosphere.knowledge.service.reading import list_spoken


class Note(Protocol):
    """Tells the trail that somebody gets an original."""

    def __call__(self, *, is_beginning: bool) -> Awaitable[None]:
        """Told with whether it is the beginning of it."""
        ...


_PAGE_TYPE: Final = "text/html; charset=utf-8"
# No script, no cookie, no form, no address but pictures that stand in the page itself; only a page of ours frames it.
PAGE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@way_in(Permission.DOCUMENT_READ)
async def show_document(request: Request) -> Response:
    """What a page shows of a document: a PDF or a recording itself, a picture made anew, the beginning of a text."""
    actor = actor_of(request)
    source = await source_of(request, actor)
    if preview_of(source.media_type) in ORIGINALS:
        service.check_taking(actor, source, DOCUMENT_SHOWN)
    return await answer_with(request, actor, source, partial(service.note_taking, actor, source, DOCUMENT_SHOWN))


async def answer_with(request: Request, actor: Actor, source: Source, note: Note) -> Response:
    """What is shown of a source that the caller has fetched, by its kind; of originals `note` tells the trail.

    Raises:
        PreviewRefusedError: nothing can be shown of it.
    """
    kind = preview_of(source.media_type)
    etag = etag_of(source.sha256, kind)
    if is_known(request, etag):
        return unchanged(etag, FOR_SHOWING)
    if kind is PreviewKind.PDF or kind in PLAYED:
        if request.method == "GET":
            await note(is_beginning=begins_at_start(request))
        media_type = "application/pdf" if kind is PreviewKind.PDF else played_as(source.name)
        return file_answer(source.path, etag, FOR_SHOWING, name=source.name, media_type=media_type)
    if kind is PreviewKind.IMAGE:
        return await _picture(actor, source, etag)
    if kind is PreviewKind.HTML:
        return await _page(request, actor, source, etag)
    if kind in {PreviewKind.TEXT, PreviewKind.MARKDOWN}:
        return await _text(source, etag)
    raise PreviewRefusedError


@way_in(Permission.DOCUMENT_READ)
async def show_page(request: Request) -> Response:
    """A picture of a page of a PDF, for who may not have the PDF itself."""
    return await page_answer(request, await source_of(request, actor_of(request)))


async def page_answer(request: Request, source: Source) -> Response:
    """A picture of the page that the address names, of a source that the caller has fetched.

    Raises:
        PreviewRefusedError: there is no such page.
    """
    number = request.path_params["number"]
    if not (number.isascii() and number.isdecimal() and len(number) < 6):
        raise PreviewRefusedError
    etag = etag_of(source.sha256, f"page-{number}")
    if is_known(request, etag):
        return unchanged(etag, FOR_SHOWING)
    headers = {**FOR_SHOWING, "etag": etag, "content-disposition": "attachment"}
    return Response(await service.make_page(source, int(number)), media_type="image/jpeg", headers=headers)


@way_in(Permission.DOCUMENT_READ)
async def show_transcript(request: Request) -> Response:
    """What is said in a recording: from and to which second, and the words."""
    version_id = request.path_params.get("version_id")
    lines = await list_spoken(
        actor_of(request), parse_id(request.path_params["document_id"]), parse_id(version_id) if version_id else None
    )
    told = [[line.begins / 1_000, line.ends / 1_000, line.text] for line in lines]
    return JSONResponse(told, headers=FOR_SAVING)


@way_in(Permission.DOCUMENT_READ)
async def show_thumbnail(request: Request) -> Response:
    """The small picture of a document. Nothing, while there is none: a list shows a sign instead and asks again."""
    actor = actor_of(request)
    source = await service.get_source(actor, parse_id(request.path_params["document_id"]))
    return await thumbnail_answer(request, actor, source, is_wanted="again" not in request.query_params)


async def thumbnail_answer(request: Request, actor: Actor, source: Source, *, is_wanted: bool) -> Response:
    """The small picture of a source that the caller has fetched; one that is lacking and `is_wanted` will be made."""
    path = await service.find_thumbnail(actor, source, is_wanted=is_wanted)
    if path is None:
        return Response(status_code=204, headers=FOR_SAVING)
    etag = etag_of(source.sha256, "thumbnail")
    if is_known(request, etag):
        return unchanged(etag, FOR_SHOWING)
    return file_answer(path, etag, FOR_SHOWING, name="thumbnail.webp", media_type="image/webp")


_VERSION = "/api/documents/{document_id}/versions/{version_id}"
ROUTES = [
    Route("/api/documents/{document_id}/thumbnail", show_thumbnail, methods=["GET"]),
    Route("/api/documents/{document_id}/preview", show_document, methods=["GET"]),
    Route("/api/documents/{document_id}/pages/{number}", show_page, methods=["GET"]),
    Route("/api/documents/{document_id}/transcript", show_transcript, methods=["GET"]),
    Route(f"{_VERSION}/preview", show_document, methods=["GET"]),
    Route(f"{_VERSION}/transcript", show_transcript, methods=["GET"]),
    Route(f"{_VERSION}/pages/{{number}}", show_page, methods=["GET"]),
]


async def source_of(request: Request, actor: Actor) -> Source:
    """The document, or the version of it, that the address names."""
    version_id = request.path_params.get("version_id")
    return await service.get_source(
        actor, parse_id(request.path_params["document_id"]), parse_id(version_id) if version_id else None
    )


async def _picture(actor: Actor, source: Source, etag: str) -> Response:
    """A picture made anew; nothing, as with the small one, where none can be made: that is no error of the page's."""
    try:
        path = await service.get_part(actor, source, "image")
    except PreviewRefusedError:
        return Response(status_code=204, headers=FOR_SAVING)
    return file_answer(path, etag, FOR_SHOWING, name=f"{source.name}.jpg", media_type="image/jpeg")


async def _page(request: Request, actor: Actor, source: Source, etag: str) -> Response:
    """A page for a frame of its own; opened outside of one it is a file, as it could pass for a page of ours."""
    path = await service.get_part(actor, source, "html")
    shown = await _with_mark(request, actor, source, path)
    disposition = "inline" if request.headers.get("sec-fetch-dest") == "iframe" else "attachment"
    name = quote(f"{source.name}.html")
    headers = {
        **FOR_SHOWING, "etag": etag, "content-security-policy": PAGE_POLICY,
        "content-disposition": f"{disposition}; filename*=utf-8''{name}",
    }  # fmt: skip
    if shown is None:
        return FileResponse(path, media_type=_PAGE_TYPE, headers=headers)
    return Response(shown, media_type=_PAGE_TYPE, headers=headers)


async def _with_mark(request: Request, actor: Actor, source: Source, path: Path) -> bytes | None:
    """The page with the passage marked that the address names; None if it names none, or the page lacks it."""
    version, _, place = request.query_params.get("passage", "").partition(".")
    start, _, end = place.partition("-")
    is_place = all(each.isdecimal() and len(each) < 10 for each in (start, end))
    if request.method == "HEAD" or version != str(source.version_id) or not is_place:
        return None
    with suppress(PreviewRefusedError):
        return await service.mark_page(actor, source, path, int(start), int(end))
    return None


async def _text(source: Source, etag: str) -> Response:
    text, is_whole = await service.read_text(source)
    headers = {**FOR_SHOWING, "etag": etag, "content-disposition": "attachment"}
    if not is_whole:
        headers["x-more"] = "yes"
    return Response(text, media_type="text/plain", headers=headers)
