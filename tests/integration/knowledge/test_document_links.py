"""Links that open documents, as whoever made them sees them, and as an attacker does."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from convosphere.core.errors import (
    ExpectedError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SignInRequiredError,
    TooManyRequestsError,
)
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity import limits
from convosphere.identity.errors import LinksForAnybodyError
from convosphere.identity.service.grants import GrantKinds, Subject, set_grant
from convosphere.identity.service.link_rules import allow_anyone
from convosphere.identity.ways import guard_routes
from convosphere.knowledge.collections import service as collections
from convosphere.knowledge.grants import KNOWLEDGE_GRANTS
from convosphere.knowledge.links import service
from convosphere.knowledge.links.routes import ROUTES
from convosphere.knowledge.previews import service as previews
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.service import documents, folders
from tests.fixtures.images import picture
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

HERE = "192.0.2.7"
PDF = b"%PDF-1.7 nothing more"
TEXT = b"# Holidays\n\nEverybody has thirty days of holiday a year.\n"

for kind in KNOWLEDGE_GRANTS:
    GrantKinds.register(kind)


async def link_to(actor: Actor, kind: str, target: UUID, *, scope: str = "workspace", may_download: bool = True) -> str:
    """The token of a new link."""
    address = await service.make_link(actor, kind, target, scope, may_download=may_download, days=7)
    return address.partition("token=")[2]


async def names(actor: Actor, token: str) -> list[tuple[str, str]]:
    page = await service.open_link(actor, token, HERE)
    return [(row.name, row.folder) for row in page.rows]


@pytest.fixture
async def client() -> httpx.AsyncClient:
    """A browser without a session."""
    app = Starlette(routes=guard_routes(ROUTES))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


async def test_a_link_opens_a_document_for_people_of_the_workspace(people: People, add: Upload) -> None:
    document = await add(people.bob, "holidays.md", TEXT)
    token = await link_to(people.bob, "document", document.id)
    assert await names(people.eve, token) == [("holidays.md", "")]
    assert (await service.open_link(people.eve, token, HERE, is_first=True)).made_by == "Bob"
    with pytest.raises(SignInRequiredError):
        await service.open_link(ANONYMOUS, token, HERE)
    for stranger in (people.zoe, replace(people.eve, permissions=frozenset())):
        with pytest.raises(NotFoundError):
            await service.open_link(stranger, token, HERE)
    (row,) = (await service.list_links(people.bob, "document", document.id)).rows
    assert (row.uses, row.works, row.scope) == (1, True, "workspace")
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM document_link WHERE token_hash = :token"),
                                        {"token": token.encode()}) == 0  # fmt: skip


async def test_only_who_may_share_makes_links_and_sees_and_revokes_them(people: People, add: Upload) -> None:
    document = await add(people.bob, "holidays.md", TEXT, is_shared=True)
    token = await link_to(people.bob, "document", document.id)
    (row,) = (await service.list_links(people.bob, "document", document.id)).rows
    for stranger in (people.eve, people.ada, people.zoe):
        for attempt in (
            service.make_link(stranger, "document", document.id, "workspace", may_download=True),
            service.list_links(stranger, "document", document.id),
            service.revoke_link(stranger, row.id),
        ):
            with pytest.raises(NotFoundError):
                await attempt
    with pytest.raises(ForbiddenError):
        await service.revoke_link(replace(people.bob, permissions=frozenset()), row.id)
    for scope, days, error in (
        ("everybody", 7, InvalidInputError), ("workspace", 0, InvalidInputError),
        ("workspace", 9_999, InvalidInputError), ("anyone", 7, LinksForAnybodyError),
    ):  # fmt: skip
        with pytest.raises(error):
            await service.make_link(people.bob, "document", document.id, scope, may_download=True, days=days)
    with pytest.raises(NotFoundError):
        await service.make_link(people.bob, "account", document.id, "workspace", may_download=True)
    assert await names(people.eve, token)


async def test_what_is_revoked_expired_guessed_or_forbidden_opens_nothing(
    people: People, add: Upload, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await add(people.bob, "holidays.md", TEXT)
    await allow_anyone(people.ada, allows=True)
    token = await link_to(people.bob, "document", document.id, scope="anyone")
    file = f"/api/links/{token}/documents/{document.id}/file"
    assert (await client.get(file)).content == TEXT
    await allow_anyone(people.ada, allows=False)
    assert (await client.get(file)).status_code == 404
    await allow_anyone(people.ada, allows=True)
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE document_link SET expires_at = now()"))
    assert (await client.get(file)).status_code == 404
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE document_link SET expires_at = NULL"))
    assert (await client.get(file)).status_code == 200
    (row,) = (await service.list_links(people.bob, "document", document.id)).rows
    await service.revoke_link(people.bob, row.id)
    for part in ("file", "preview", "pages/1"):
        assert (await client.get(file.replace("file", part))).status_code == 404
    with pytest.raises(NotFoundError):
        await service.open_link(people.eve, token, HERE)
    monkeypatch.setitem(limits._THROTTLES, limits.RouteClass.AUTH, Throttle("2/minute"))
    for _ in range(2):
        with pytest.raises(NotFoundError):
            await service.open_link(ANONYMOUS, f"{token}x", HERE)
    with pytest.raises(TooManyRequestsError):
        await service.open_link(ANONYMOUS, "guess", HERE)


async def test_a_maker_who_loses_the_right_takes_the_link_along(people: People, add: Upload) -> None:
    document = await add(people.bob, "holidays.md", TEXT)
    await set_grant(people.bob, "document", document.id, Subject("person", people.eve.account_id), "manage")
    token = await link_to(people.eve, "document", document.id)
    assert await names(people.ada, token)
    await set_grant(people.bob, "document", document.id, Subject("person", people.eve.account_id), "edit")
    with pytest.raises(NotFoundError):
        await service.open_link(people.ada, token, HERE)
    await set_grant(people.bob, "document", document.id, Subject("person", people.eve.account_id), "manage")
    assert await names(people.ada, token)
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(text("UPDATE membership SET role = 'guest' WHERE account_id = :id"),
                                  {"id": people.eve.account_id})  # fmt: skip
    with pytest.raises(NotFoundError):
        await service.open_link(people.ada, token, HERE)
    async with unit_of_work(people.ada) as uow:
        left = text("UPDATE membership SET role = 'member', is_active = false WHERE account_id = :id")
        await uow.session.execute(left, {"id": people.eve.account_id})
    with pytest.raises(NotFoundError):
        await service.open_link(people.ada, token, HERE)


async def test_a_folder_shows_what_lies_there_now_and_nothing_outside(
    people: People, add: Upload, client: httpx.AsyncClient
) -> None:
    await allow_anyone(people.ada, allows=True)
    inside = await add(people.bob, "inside.md", TEXT, folder_path="Secret/Plans/2026")
    outside = await add(people.bob, "outside.md", TEXT + b"outside", folder_path="Secret")
    folder_id = (await documents.get_document(people.bob, inside.id)).row.folder_id
    assert folder_id
    plans = (await folders.get_place(people.bob, folder_id)).ids[1]
    token = await link_to(people.bob, "document_folder", plans, scope="anyone")
    assert await names(ANONYMOUS, token) == [("inside.md", "2026")]
    page = await service.open_link(ANONYMOUS, token, HERE)
    assert (page.name, page.made_by) == ("Plans", "")
    later = await add(people.bob, "later.md", TEXT + b"later", folder_path="Secret/Plans")
    assert await names(ANONYMOUS, token) == [("inside.md", "2026"), ("later.md", "")]
    base = f"/api/links/{token}/documents"
    assert (await client.get(f"{base}/{later.id}/file")).status_code == 200
    for hidden in (outside.id, new_id()):
        for part in ("file", "preview", "pages/1", "thumbnail"):
            assert (await client.get(f"{base}/{hidden}/{part}")).status_code == 404
        with pytest.raises(NotFoundError):
            await service.list_linked_passages(ANONYMOUS, token, HERE, hidden)
    for path in (f"{base}/..%2F..%2Fetc/file", f"{base}/{inside.id}/pages/..%2F1"):
        assert (await client.get(path)).status_code in {404, 405, 415, 422}


async def test_a_collection_gives_away_nothing_that_its_maker_only_sees(people: People, add: Upload) -> None:
    own = await add(people.bob, "own.md", TEXT)
    await add(people.eve, "of eve.md", TEXT + b"eve", is_shared=True)
    other = await add(people.bob, "other.txt", TEXT + b"other")
    texts = await collections.create_collection(people.bob, "Texts", DocumentFilter(kinds=("Markdown",)))
    token = await link_to(people.bob, "collection", texts)
    assert await names(people.ada, token) == [("own.md", "")]
    await set_grant(people.bob, "collection", texts, Subject("person", people.eve.account_id), "edit")
    await collections.change_filter(people.eve, texts, DocumentFilter(statuses=("stored", "ready")))
    assert await names(people.ada, token) == [("own.md", "")]
    with pytest.raises(NotFoundError):
        await service.get_linked_source(people.ada, token, HERE, other.id)
    with pytest.raises(NotFoundError):
        await service.get_linked_source(people.ada, token, HERE, new_id())
    visit, source = await service.get_linked_source(people.ada, token, HERE, own.id)
    assert (visit.visitor, source.may_take) == (people.ada, True)


async def test_a_link_to_look_gives_no_file(people: People, add: Upload, work: Work, client: httpx.AsyncClient) -> None:
    await allow_anyone(people.ada, allows=True)
    document = await add(people.bob, "holidays.md", TEXT)
    await work()
    token = await link_to(people.bob, "document", document.id, scope="anyone", may_download=False)
    for part in ("file", "preview"):
        answer = await client.get(f"/api/links/{token}/documents/{document.id}/{part}")
        assert answer.status_code == 403
        assert TEXT not in answer.content
    (passage,) = await service.list_linked_passages(ANONYMOUS, token, HERE, document.id)
    assert "thirty days" in passage.text
    with pytest.raises(ExpectedError):
        await service.open_link(ANONYMOUS, token.upper(), HERE)


async def test_a_small_picture_comes_by_a_link_once_it_was_made(
    people: People, add: Upload, client: httpx.AsyncClient
) -> None:
    await allow_anyone(people.ada, allows=True)
    document = await add(people.bob, "scan.png", picture("PNG", (40, 20)))
    token = await link_to(people.bob, "document", document.id, scope="anyone", may_download=False)
    address = f"/api/links/{token}/documents/{document.id}/thumbnail"
    assert (await client.get(address)).status_code == 204
    await previews.make_thumbnail(people.bob, document.id)
    assert (await client.get(address)).headers["content-type"] == "image/webp"


async def test_links_go_with_what_they_lead_to(people: People, add: Upload) -> None:
    document = await add(people.bob, "holidays.md", TEXT)
    token = await link_to(people.bob, "document", document.id)
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE document SET trashed_at = now()"))
    with pytest.raises(NotFoundError):
        await service.open_link(people.eve, token, HERE)
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("DELETE FROM document"))
        assert await uow.session.scalar(text("SELECT count(*) FROM document_link")) == 0
