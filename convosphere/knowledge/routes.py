"""Files in and out, past Reflex, whose own upload takes whole bodies before it asks who sends them."""

from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from convosphere.core.audit.actions import DOCUMENT_DOWNLOADED
from convosphere.core.errors import ForbiddenError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.files.answers import FOR_SAVING, begins_at_start, etag_of, file_answer, is_known, unchanged
from convosphere.files.bodies import chunks_of
from convosphere.identity.ways import actor_of
from convosphere.knowledge.bulk.files import open_file
from convosphere.knowledge.links.routes import ROUTES as LINK_ROUTES
from convosphere.knowledge.previews import service as previews
from convosphere.knowledge.previews.routes import ROUTES as PREVIEW_ROUTES
from convosphere.knowledge.previews.routes import source_of
from convosphere.knowledge.schemas import UploadedDocument
from convosphere.knowledge.service import uploads, versions


@way_in(Permission.DOCUMENT_WRITE)
async def upload_file(request: Request) -> Response:
    """Take one file, the request's raw body.

    Headers: `X-File-Name` and, for one of a directory, `X-Folder-Path`, both percent-encoded UTF-8; `X-Folder` is the
    folder that it comes into, if any; `X-Share` is `everyone` or `me`. Length, name and rights are checked before the
    body is read, and the folder before anything is kept. With `X-Version-Of`, the id of a document, the file becomes
    its newest version, and what concerns folders and sharing is left alone.
    """
    # A page of another site cannot send this header, even where its cookies travel.
    if request.headers.get("x-requested-with") != "convosphere":
        raise ForbiddenError(t("This request did not come from this site."))
    length = request.headers.get("content-length", "")
    size = int(length) if length.isdecimal() and len(length) < 19 else None
    name = _decoded(request, "x-file-name")
    if version_of := request.headers.get("x-version-of", ""):
        document_id = parse_id(version_of)
        return _uploaded(
            await versions.add_version(actor_of(request), document_id, chunks_of(request), size=size, name=name)
        )
    uploaded = await uploads.upload(
        actor_of(request),
        chunks_of(request),
        size=size,
        name=name,
        folder_path=_decoded(request, "x-folder-path"),
        is_shared=request.headers.get("x-share") == "everyone",
        folder_id=parse_id(folder) if (folder := request.headers.get("x-folder", "")) else None,
    )
    return _uploaded(uploaded)


@way_in(Permission.DOCUMENT_READ)
async def download_file(request: Request) -> Response:
    """The original of a document or of a version, whole or a part, to be saved and never shown as a page of ours."""
    actor = actor_of(request)
    source = await source_of(request, actor)
    etag = etag_of(source.sha256)
    previews.check_taking(actor, source, DOCUMENT_DOWNLOADED)
    if is_known(request, etag):
        return unchanged(etag, FOR_SAVING)
    if request.method == "GET":
        await previews.note_taking(actor, source, DOCUMENT_DOWNLOADED, is_beginning=begins_at_start(request))
    return file_answer(source.path, etag, FOR_SAVING, name=source.name, media_type="application/octet-stream")


@way_in(Permission.DOCUMENT_READ)
async def download_many(request: Request) -> Response:
    """What a job of one's own ends in: the files of many documents as a ZIP, or what is known of them as a table."""
    made = await open_file(actor_of(request), parse_id(request.path_params["job_id"]))
    headers = {**FOR_SAVING, "content-disposition": f'attachment; filename="{made.name}"'}
    return StreamingResponse(made.chunks, media_type=made.media_type, headers=headers)


ROUTES = [
    Route("/api/documents/bulk/{job_id}/file", download_many, methods=["GET"]),
    Route("/api/files", upload_file, methods=["POST"]),
    Route("/api/documents/{document_id}/file", download_file, methods=["GET"]),
    Route("/api/documents/{document_id}/versions/{version_id}/file", download_file, methods=["GET"]),
    *PREVIEW_ROUTES,
    *LINK_ROUTES,
]


def _uploaded(uploaded: UploadedDocument) -> Response:
    same_as = [{"id": str(each.id), "name": each.name, "can_manage": each.can_manage} for each in uploaded.same_as]
    told = {
        "id": str(uploaded.id), "name": uploaded.name, "is_duplicate": uploaded.is_duplicate,
        "version": uploaded.version, "same_as": same_as,
    }  # fmt: skip
    return JSONResponse(told, status_code=201)


def _decoded(request: Request, header: str) -> str:
    return unquote_to_bytes(request.headers.get(header, "")).decode(errors="replace")
