"""Sources: what comes of them, what is fetched again, what follows, and who may."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service import documents
from convosphere.knowledge.service.trash import list_trash
from convosphere.knowledge.sources import drafts, running, service
from convosphere.knowledge.sources.schemas import RunRow, SourceDraft
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
    site.pages["/"] = html("Home", "Welcome", "/a/one.html", "two?x=1", "/private/x", "//example.org", "/plan.pdf")
    site.pages["/a/one.html"] = html("One", "first text", "/")
    site.pages["/two?x=1"] = html("Two", "second text")
    site.pages["/private/x"] = html("Private", "nobody's business")
    site.pages["/plan.pdf"] = Page(b"%PDF-1.4 no real one", "application/pdf")
    source_id = await add(people.bob, "site", url=site.address, **SITE)
    first = await run(people.bob, source_id)
    assert (first.state, first.note, counts(first)) == ("done", None, {"added": 4})
    assert await listed(people.bob) == [
        "Handbook/index.html",
        "Handbook/a/one.html",
        "Handbook/plan.pdf",
        "Handbook/two (x=1).html",
    ]
    assert await listed(people.eve) == []
    site.bodies_sent()
    assert counts(await run(people.bob, source_id)) == {"unchanged": 4}
    assert site.bodies_sent() == []
    site.pages["/a/one.html"] = html("One", "another text", "/")
    del site.pages["/two?x=1"]
    third = await run(people.bob, source_id)
    assert counts(third) == {"changed": 1, "unchanged": 2, "gone": 1}
    assert site.bodies_sent() == ["/a/one.html"]
    assert [row.name for row in (await list_trash(people.bob)).rows] == ["two (x=1).html"]
    assert {(row.name, row.outcome) for row in await service.list_results(people.bob, third.id)} == {
        ("one.html", "changed"),
        ("two (x=1).html", "gone"),
    }
