"""Sources: what comes of them, what is fetched again, what follows, and who may."""

import asyncio
import gzip
import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, InvalidInputError
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.secrets.rotation import rotate
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service import documents
from convosphere.knowledge.service.trash import list_trash, trash_document
from convosphere.knowledge.sources import drafts, gone, queries, running, service
from convosphere.knowledge.sources.errors import (
    RunNotFoundError,
    SourceBlockedError,
    SourceBusyError,
    SourceError,
    SourceNotFoundError,
)
from convosphere.knowledge.sources.schemas import RunRow, SourceDraft
from convosphere.knowledge.sources.sealed import SOURCE_SECRET
from tests.fixtures.people import People
from tests.fixtures.website import Page, Website, html, serve_website


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    """A site that the installation allows to be read."""
    with serve_website() as website:
        monkeypatch.setenv("SOURCE_HOSTS", website.host)
        get_settings.cache_clear()
        yield website


async def add(actor: Actor, kind: str, secret: str = "", **options: str) -> UUID:
    source_id = await drafts.save_source(actor, SourceDraft(kind, "Handbook", "manual", options, secret))
    await drafts.keep_source(actor, source_id)
    return source_id


async def run(actor: Actor, source_id: UUID) -> RunRow:
    """Do the run that waits, or a new one; what came of it."""
    newest = (await service.list_runs(actor, source_id))[0]
    run_id = newest.id if newest.state == "running" else await service.start_run(actor, source_id)
    assert actor.workspace_id
    await running.run(actor.workspace_id, run_id)
    return (await service.list_runs(actor, source_id))[0]


def counts(row: RunRow) -> dict[str, int]:
    told = {key: getattr(row, key) for key in ("added", "changed", "unchanged", "gone", "failed")}
    return {key: count for key, count in told.items() if count}


async def listed(actor: Actor) -> list[str]:
    page = await documents.list_documents(actor, DocumentQuery(sort="name"))
    return [f"{row.folder_path}/{row.name}" for row in page.rows]


SITE = {"pages": "50", "depth": "5"}


async def test_a_site_is_followed_and_only_what_changed_comes_again(people: People, site: Website) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /private", "text/plain")
    site.pages["/"] = html("Home", "Welcome", "/a/one.html", "two.php?x=1", "/private/x", "//example.org", "/plan.pdf")
    site.pages["/a/one.html"] = html("One", "first text", "/")
    site.pages["/two.php?x=1"] = html("Two", "second text")
    site.pages["/private/x"] = html("Private", "nobody's business")
    site.pages["/plan.pdf"] = Page(b"%PDF-1.4 no real one", "application/pdf")
    source_id = await add(people.bob, "site", url=site.address, **SITE)
    first = await run(people.bob, source_id)
    assert (first.state, first.note, counts(first)) == ("done", None, {"added": 4})
    assert await listed(people.bob) == [
        "Handbook/index.html",
        "Handbook/a/one.html",
        "Handbook/plan.pdf",
        "Handbook/two.php (x=1).html",
    ]
    assert await listed(people.eve) == []
    site.bodies_sent()
    assert counts(await run(people.bob, source_id)) == {"unchanged": 4}
    assert site.bodies_sent() == []
    site.pages["/a/one.html"] = html("One", "another text", "/")
    del site.pages["/two.php?x=1"]
    third = await run(people.bob, source_id)
    assert counts(third) == {"changed": 1, "unchanged": 2, "gone": 1}
    assert site.bodies_sent() == ["/a/one.html"]
    assert [row.name for row in (await list_trash(people.bob)).rows] == ["two.php (x=1).html"]
    assert {(row.name, row.outcome) for row in await service.list_results(people.bob, third.id)} == {
        ("one.html", "changed"),
        ("two.php (x=1).html", "gone"),
    }


async def test_hostile_answers_cost_one_page_each(
    people: People, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPLOAD_MEGABYTES", "1")
    get_settings.cache_clear()
    with serve_website() as inner:
        inner.pages["/"] = html("Inner", "not for anybody")
        site.pages["/"] = html("Home", "x", *sorted(HOSTILE), "/good.html", *(f"/made/up/{n}" for n in range(5_000)))
        site.pages["/to-inner"] = Page(status=302, headers={"Location": inner.address})
        site.pages["/loop"] = Page(status=302, headers={"Location": "/loop?"})
        site.pages["/loop?"] = Page(status=302, headers={"Location": "/loop"})
        site.pages["/endless.txt"] = Page(lambda: itertools.repeat(b"x" * 65_536), "text/plain")
        site.pages["/short.txt"] = Page(lambda: iter([b"x"]), "text/plain", headers={"Content-Length": "100"})
        site.pages["/bomb"] = Page(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
        site.pages["/tail"] = Page(
            lambda: itertools.chain([gzip.compress(b"x")], itertools.repeat(b"y" * 65_536)),
            headers={"Content-Encoding": "gzip"},
        )
        site.pages["/huge.txt"] = Page(b"", "text/plain", headers={"Content-Length": "99999999999999999999999"})
        site.pages["/deep"] = Page(b"<b>" * 200_000)
        site.pages["/down"] = Page(status=503)
        site.pages["/good.html"] = html("Good", "what is wanted")
        source_id = await add(people.bob, "site", url=site.address, **SITE)
        done = await run(people.bob, source_id)
        assert inner.asked == []
    assert (done.state, done.note) == ("done", None)
    assert {"Handbook/good.html", "Handbook/index.html"} <= set(await listed(people.bob))
    failed = {row.key: str(row.error) for row in await service.list_results(people.bob, done.id) if row.error}
    assert {key.removeprefix(site.address) for key in failed} == {each.strip("/") for each in HOSTILE - {"/deep"}}
    assert "SOURCE_HOSTS=" in failed[f"{site.address}to-inner"]
    assert "without end" in failed[f"{site.address}loop"]
    assert "larger than 1 MB" in failed[f"{site.address}endless.txt"]


HOSTILE = {"/to-inner", "/loop", "/endless.txt", "/short.txt", "/bomb", "/tail", "/huge.txt", "/deep", "/down"}


async def test_a_run_that_was_cut_off_goes_on_without_doubles(people: People, site: Website) -> None:
    site.pages["/"] = html("Home", "x", *(f"/{n}.html" for n in range(6)))
    site.pages |= {f"/{n}.html": html("Page", f"text {n}") for n in range(6)}
    held, free = threading.Event(), threading.Event()

    def hold(asked: BaseHTTPRequestHandler) -> None:
        if asked.path == "/4.html":
            held.set()
            free.wait(60)

    site.answer = hold
    source_id = await add(people.bob, "site", url=site.address, **SITE)
    run_id = (await service.list_runs(people.bob, source_id))[0].id
    assert people.bob.workspace_id
    first = asyncio.create_task(running.run(people.bob.workspace_id, run_id))
    await asyncio.to_thread(held.wait, 60)
    site.answer = None
    # The first one is not dead but slow: what it does after somebody else took over must not count.
    await running.run(people.bob.workspace_id, run_id)
    free.set()
    await first
    done = (await service.list_runs(people.bob, source_id))[0]
    assert (done.state, counts(done)) == ("done", {"added": 7})
    assert len(await listed(people.bob)) == 7
    assert len(await service.list_results(people.bob, run_id)) == 7


async def test_a_source_without_anything_deletes_nothing_and_five_failures_pause_it(
    people: People, site: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    monkeypatch.setenv("SOURCE_DIRECTORIES", str(tmp_path))
    get_settings.cache_clear()
    (mounted / "plan.md").write_text("# The plan\n\nFirst this.")
    with pytest.raises(ForbiddenError):
        await add(people.bob, "directory", path=str(mounted))
    source_id = await add(people.ada, "directory", path=str(mounted))
    assert counts(await run(people.ada, source_id)) == {"added": 1}
    (mounted / "plan.md").rename(tmp_path / "away.md")
    for _ in range(5):
        failed = await run(people.ada, source_id)
        assert failed.state == "failed"
        assert "Nothing was deleted" in str(failed.note)
    assert await listed(people.ada) == ["Handbook/plan.md"]
    assert [row.state for row in await service.list_sources(people.ada)] == ["paused"]
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM notification WHERE kind = 'source_paused'")) == 1


async def test_what_a_person_deleted_stays_away_until_it_changes(people: People, site: Website) -> None:
    site.pages["/"] = html("Home", "first")
    source_id = await add(people.bob, "page", url=site.address)
    await run(people.bob, source_id)
    (row,) = (await documents.list_documents(people.bob, DocumentQuery())).rows
    await trash_document(people.bob, row.id)
    assert counts(await run(people.bob, source_id)) == {"unchanged": 1}
    assert await listed(people.bob) == []
    site.pages["/"] = html("Home", "second")
    assert counts(await run(people.bob, source_id)) == {"changed": 1}
    assert await listed(people.bob) == ["Handbook/index.html"]
    await service.delete_source(people.bob, source_id, with_documents=True)
    assert await service.list_sources(people.bob) == []
    assert people.bob.workspace_id
    await gone.delete_source(people.bob.workspace_id, source_id)
    assert await listed(people.bob) == []
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM source")) == 0


async def test_sources_are_ones_own_and_secrets_stay_with_their_server(people: People, site: Website) -> None:
    draft = SourceDraft("webdav", "Files", "daily", {"url": site.address, "user": "ada"}, "geheim")
    source_id = await drafts.save_source(people.bob, draft)
    for attempt in (
        drafts.save_source(people.eve, draft, source_id),
        drafts.preview(people.eve, source_id),
        drafts.keep_source(people.eve, source_id),
        service.start_run(people.eve, source_id),
        service.stop_run(people.eve, source_id),
        service.set_paused(people.eve, source_id, is_paused=True),
        service.delete_source(people.eve, source_id, with_documents=True),
        service.list_runs(people.eve, source_id),
        drafts.preview(people.zoe, source_id),
    ):
        with pytest.raises(SourceNotFoundError):
            await attempt
    async with unit_of_work(people.bob) as uow:
        stored = (await uow.session.execute(text("SELECT options::text, sealed_secret FROM source"))).one()
    assert "geheim" not in stored[0]
    assert b"geheim" not in bytes(stored[1])
    elsewhere = replace(draft, secret="", options={"url": "https://example.org/", "user": "ada"})
    with pytest.raises(InvalidInputError, match="another server"):
        await drafts.save_source(people.bob, elsewhere, source_id)
    await drafts.save_source(people.bob, replace(draft, secret="", name="Renamed"), source_id)
    await drafts.save_source(people.bob, replace(draft, secret="", options={"url": site.address}))
    assert (await rotate([SOURCE_SECRET], settle=0)).rewrapped == 1
    async with unit_of_work(people.bob) as uow:
        assert service.secret_of(await queries.get_source(uow, source_id)) == "geheim"
    await drafts.keep_source(people.bob, source_id)
    with pytest.raises(SourceBusyError):
        await service.start_run(people.bob, source_id)
    (run_row,) = await service.list_runs(people.bob, source_id)
    with pytest.raises(RunNotFoundError):
        await service.list_results(people.eve, run_row.id)
    await service.stop_run(people.bob, source_id)
    assert [row.state for row in await service.list_runs(people.bob, source_id)] == ["cancelled"]


async def test_addresses_inside_a_network_are_closed_however_they_are_written(people: People) -> None:
    with serve_website() as inner:
        inner.pages["/"] = html("Inner", "not for anybody")
        port = inner.host.partition(":")[2]
        for host in ("127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:7f00:1]", "127.0.0.1.", "0"):
            draft = SourceDraft("page", options={"url": f"http://{host}:{port}/"})
            with pytest.raises(SourceError):
                await drafts.preview(people.bob, await drafts.save_source(people.bob, draft))
        assert inner.asked == []
    source_id = await drafts.save_source(people.bob, SourceDraft("page", options={"url": "169.254.169.254"}))
    with pytest.raises(SourceBlockedError, match=r"SOURCE_HOSTS=169\.254\.169\.254:443"):
        await drafts.preview(people.bob, source_id)


async def test_a_source_is_read_when_it_is_due(people: People, site: Website) -> None:
    site.pages["/"] = html("Home", "first")
    draft = SourceDraft("page", schedule="hourly", options={"url": site.address})
    source_id = await drafts.save_source(people.bob, draft)
    await drafts.keep_source(people.bob, source_id)
    await run(people.bob, source_id)
    assert people.bob.workspace_id
    system = system_actor(people.bob.workspace_id)
    assert await service.start_due(system) == 0
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE source SET next_run_at = next_run_at - interval '1 hour'"))
    assert await service.start_due(system) == 1
    assert await service.start_due(system) == 0
    assert [row.state for row in await service.list_runs(people.bob, source_id)] == ["running", "done"]
