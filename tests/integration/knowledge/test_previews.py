"""What pages show of documents: to whom, in which form, and that it goes with them."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from PIL import Image
from sqlalchemy import text

from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.grants import GrantKinds, Subject, remove_grant, set_grant
from convosphere.knowledge.bulk import service as bulk
from convosphere.knowledge.previews import queries, tasks
from convosphere.knowledge.previews import service as previews
from convosphere.knowledge.queries.removal import find_remains
from convosphere.knowledge.service import documents, folders, removal, versions
from convosphere.knowledge.service.folders import DOCUMENT_FOLDER_GRANTS
from tests.fixtures.images import picture
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work
from tests.integration.knowledge.parsing.makers import german_pdf
from tests.integration.knowledge.test_bulk import trail
from tests.integration.knowledge.test_file_routes import client

GrantKinds.register(DOCUMENT_FOLDER_GRANTS)
assert tasks, "Imported for its tasks."
assert client, "The fixture: Bob's browser."
TEXT = b"# Holidays\n\nEverybody has thirty days.\n"


def address(document_id: object) -> str:
    return f"/api/documents/{document_id}/preview"


async def test_a_text_is_shown_as_text_whatever_is_in_it(
    client: httpx.AsyncClient, people: People, add: Upload
) -> None:
    for name in ("page.txt", "drawing.xml"):
        data = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
        answer = await client.get(address((await add(people.bob, name, data)).id))
        assert answer.content == data
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["content-disposition"] == "attachment"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


async def test_of_a_long_text_the_beginning_is_shown(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    answer = await client.get(address((await add(people.bob, "long.txt", "ä".encode() * 300_000)).id))
    assert answer.headers["x-more"] == "yes"
    assert set(answer.text) == {"ä", "\ufffd"} or set(answer.text) == {"ä"}
    assert len(answer.content) < 500_000


async def test_a_version_that_was_cited_is_shown_as_it_was(
    client: httpx.AsyncClient, people: People, add: Upload, work: Work
) -> None:
    document, other = await add(people.bob, "a.md", TEXT), await add(people.eve, "b.md", TEXT)
    await work()
    (first,) = await versions.list_versions(people.bob, document.id)
    (hers,) = await versions.list_versions(people.eve, other.id)
    await add(people.bob, "a.md", b"# Holidays\n\nEverybody has forty days.\n")
    await work()
    assert "forty" in (await client.get(address(document.id))).text
    at = f"/api/documents/{document.id}/versions"
    assert (await client.get(f"{at}/{first.id}/preview")).content == TEXT
    assert (await client.get(f"{at}/{first.id}/file")).content == TEXT
    for strange in (hers.id, new_id()):
        assert (await client.get(f"{at}/{strange}/preview")).status_code == 404
    assert (await client.get(f"/api/documents/{other.id}/versions/{hers.id}/preview")).status_code == 404


async def test_a_picture_is_made_anew_and_kept(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    uploaded = await add(people.bob, "scan.tiff", picture("TIFF", (3_000, 1_000), description="<script>"))
    first = await client.get(address(uploaded.id))
    assert (first.status_code, first.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(first.content)).size == (1_568, 523)
    assert b"<script>" not in first.content
    async with unit_of_work(people.bob) as uow:
        made = [row[0] for row in await uow.session.execute(text("SELECT sha256 FROM document_preview"))]
    [path] = (get_settings().data / "files").rglob(made[0])
    path.write_bytes(b"kept")
    assert (await client.get(address(uploaded.id))).content == b"kept"
    assert await removal.delete_documents(people.bob, [uploaded.id]) == 1
    assert not [path for path in (get_settings().data / "files").rglob("*") if path.is_file()]


HOSTILE = [
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<script>alert(1)</script>",
    b"\x89PNG\r\n\x1a\nrest",
]


@pytest.mark.parametrize("data", HOSTILE)
async def test_what_is_no_picture_is_not_shown(
    client: httpx.AsyncClient, people: People, add: Upload, data: bytes
) -> None:
    uploaded = await add(people.bob, "picture.png", data)
    for _ in range(2):
        answer = await client.get(address(uploaded.id))
        assert (answer.status_code, answer.content) == (204, b"")
    async with unit_of_work(people.bob) as uow:
        assert list(await uow.session.scalars(text("SELECT sha256 FROM document_preview"))) == [None]


async def test_a_browser_asks_whether_it_is_still_the_same(
    client: httpx.AsyncClient, people: People, add: Upload
) -> None:
    uploaded = await add(people.eve, "holidays.md", TEXT, is_shared=True)
    for place in (address(uploaded.id), f"/api/documents/{uploaded.id}/file"):
        first = await client.get(place)
        known = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
        again = await client.get(place, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert (await client.get(place, headers={"if-none-match": '"other"'})).status_code == 200
    await documents.share_documents(people.eve, [uploaded.id], with_everyone=False)
    for place in (address(uploaded.id), f"/api/documents/{uploaded.id}/file"):
        assert (await client.get(place, headers={"if-none-match": "*"})).status_code == 404


async def test_who_sees_the_folder_sees_it(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    uploaded = await add(people.eve, "holidays.md", TEXT, folder_path="Plans")
    for identity_ in (uploaded.id, new_id(), "x"):
        assert (await client.get(address(identity_))).status_code == 404
    [folder] = await folders.list_folders(people.eve, [])
    subject = Subject("person", people.bob.account_id)
    await set_grant(people.eve, "document_folder", folder.id, subject, "use")
    assert (await client.get(address(uploaded.id))).content == TEXT
    client.cookies.clear()
    assert (await client.get(address(uploaded.id))).status_code == 401


async def test_whoever_gets_an_original_is_in_the_trail(
    client: httpx.AsyncClient, people: People, add: Upload, tmp_path: Path
) -> None:
    uploaded = await add(people.bob, "report.pdf", german_pdf(tmp_path / "report.pdf").read_bytes())
    text_ = await add(people.bob, "holidays.md", TEXT)
    for action, place in (("document:show", "preview"), ("document:download", "file")):
        whole = await client.get(f"/api/documents/{uploaded.id}/{place}")
        assert whole.content.startswith(b"%PDF-")
        for start in (100, 200):
            part = await client.get(f"/api/documents/{uploaded.id}/{place}", headers={"range": f"bytes={start}-"})
            assert (part.status_code, part.content) == (206, whole.content[start:])
        assert await trail(people.bob, action) == {uploaded.id: 1}
        await client.get(f"/api/documents/{uploaded.id}/{place}", headers={"range": "bytes=0-5"})
        await client.head(f"/api/documents/{uploaded.id}/{place}")
        assert await trail(people.bob, action) == {uploaded.id: 2}
        await client.get(f"/api/documents/{text_.id}/{place}", headers={"range": "bytes=1-"})
    assert (await trail(people.bob, "document:download"))[text_.id] == 1


async def test_what_may_only_be_looked_at_is_not_handed_out(
    client: httpx.AsyncClient, people: People, add: Upload, tmp_path: Path
) -> None:
    pdf = await add(people.eve, "report.pdf", german_pdf(tmp_path / "report.pdf", 2).read_bytes(), folder_path="Plans")
    plain = await add(people.eve, "holidays.md", TEXT, folder_path="Plans")
    scan = await add(people.eve, "scan.png", picture("PNG"), folder_path="Plans")
    [folder] = await folders.list_folders(people.eve, [])
    bob = Subject("person", people.bob.account_id)
    await set_grant(people.eve, "document_folder", folder.id, bob, "view")
    for each in (pdf, plain):
        for place in (address(each.id), f"/api/documents/{each.id}/file"):
            for headers in ({}, {"range": "bytes=0-9"}, {"if-none-match": "*"}):
                answer = await client.get(place, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (403, "download_forbidden"), place
            assert (await client.head(place)).status_code == 403
    page = await client.get(f"/api/documents/{pdf.id}/pages/2")
    assert Image.open(BytesIO(page.content)).format == "JPEG"
    for number in ("0", "3", "x", "²"):
        assert (await client.get(f"/api/documents/{pdf.id}/pages/{number}")).status_code == 404
    known = {"if-none-match": page.headers["etag"]}
    assert (await client.get(f"/api/documents/{pdf.id}/pages/2", headers=known)).status_code == 304
    assert (await client.get(address(scan.id))).headers["content-type"] == "image/jpeg"
    own = await add(people.bob, "own.md", TEXT)
    job_id = await bulk.start(people.bob, "download", [pdf.id, plain.id, scan.id, own.id], {})
    archive = ZipFile(BytesIO((await client.get(f"/api/documents/bulk/{job_id}/file")).content))
    assert archive.namelist() == ["own.md"]
    outcomes = {item.name: item.outcome for item in await bulk.list_items(people.bob, job_id)}
    assert outcomes == {"own.md": "done"} | dict.fromkeys(("report.pdf", "holidays.md", "scan.png"), "refused")
    async with unit_of_work(people.bob) as uow:
        assert await documents.list_files(uow, [pdf.id, plain.id, scan.id]) == []
    assert not (await documents.get_document(people.bob, pdf.id)).row.can_take
    assert set(await trail(people.bob, "document:download")) == {own.id}

    assert (await documents.get_document(people.eve, pdf.id)).row.can_take
    await set_grant(people.eve, "document_folder", folder.id, bob, "use")
    assert (await client.get(f"/api/documents/{pdf.id}/file")).content.startswith(b"%PDF-")
    await remove_grant(people.eve, "document_folder", folder.id, bob)
    assert (await client.get(f"/api/documents/{pdf.id}/pages/2", headers=known)).status_code == 404


async def test_small_pictures_are_made_when_a_list_lacks_them_and_go_with_the_document(
    client: httpx.AsyncClient, people: People, add: Upload, work: Work, tmp_path: Path
) -> None:
    pdf = await add(people.bob, "report.pdf", german_pdf(tmp_path / "report.pdf", 2).read_bytes())
    broken, plain = await add(people.bob, "a.png", b"\x89PNG\r\n\x1a\n"), await add(people.bob, "a.md", TEXT)
    places = [f"/api/documents/{each.id}/thumbnail" for each in (pdf, broken, plain)]
    for place in places:
        answer = await client.get(place)
        assert (answer.status_code, answer.content) == (204, b"")
    await work()
    answers = [await client.get(place) for place in places]
    assert [answer.status_code for answer in answers] == [200, 204, 204]
    assert Image.open(BytesIO(answers[0].content)).size == (102, 144)
    known = {"if-none-match": answers[0].headers["etag"]}
    assert (await client.get(places[0], headers=known)).status_code == 304
    assert await trail(people.bob, "document:show") == {}
    assert await made(people.bob) == 2, "One of them is the note that nothing can be made."
    await client.get(places[1])
    await removal.delete_documents(people.bob, [pdf.id, broken.id, plain.id])
    async with unit_of_work(people.bob) as uow:
        receipts = await uow.session.scalars(text("SELECT before FROM audit_entry WHERE action = 'document:delete'"))
        assert sorted(receipt["previews"] for receipt in receipts) == [0, 0, 1]
        assert {finding.count for finding in await find_remains(uow)} == {0}
    assert await made(people.bob) == 0
    assert not [path for path in (get_settings().data / "files").rglob("*") if path.is_file()]


async def test_a_job_finds_a_picture_made_or_a_document_gone(people: People, add: Upload) -> None:
    uploaded = await add(people.bob, "scan.png", picture("PNG"))
    for _ in range(2):
        await previews.make_thumbnail(people.bob, uploaded.id)
    assert await made(people.bob) == 1
    await removal.delete_documents(people.bob, [uploaded.id])
    await previews.make_thumbnail(people.bob, uploaded.id)
    assert await made(people.bob) == 0


async def made(actor: Actor) -> int:
    async with unit_of_work(actor) as uow:
        return int(await uow.session.scalar(text("SELECT count(*) FROM document_preview")) or 0)


async def test_what_could_not_be_made_is_tried_again_a_day_later(
    client: httpx.AsyncClient, people: People, add: Upload
) -> None:
    uploaded = await add(people.bob, "scan.png", picture("PNG"))
    async with unit_of_work(people.bob) as uow:
        source = await previews.get_source(people.bob, uploaded.id)
        await queries.add_part(uow, source.version_id, "image", None, 0)
    assert (await client.get(address(uploaded.id))).status_code == 204
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE document_preview SET created_at = now() - interval '25 hours'"))
    assert (await client.get(address(uploaded.id))).status_code == 200
    async with unit_of_work(people.bob) as uow:
        await queries.add_part(uow, source.version_id, "image", None, 0)
    assert (await client.get(address(uploaded.id))).status_code == 200, "What is made stays."
