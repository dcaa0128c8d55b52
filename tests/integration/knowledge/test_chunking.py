"""Ways of cutting: previews, passages made anew beside those that are searched, and what becomes of them."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, InvalidInputError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.service import path_of
from convosphere.knowledge.chunking import service, switching, tasks
from convosphere.knowledge.chunking.errors import (
    LayoutUnknownError,
    ShadowExistsError,
    ShadowMissingError,
    ShadowUnreadyError,
)
from convosphere.knowledge.chunking.schemas import ChunkSettings, Shadow
from convosphere.knowledge.collections import service as collections
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.health.scanning import clean, scan
from convosphere.knowledge.parsing.schemas import Chunking
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.search import tasks as search_tasks
from convosphere.knowledge.search.embedding import embedding_with
from convosphere.knowledge.search.service import search_passages, search_set
from convosphere.knowledge.service import documents, reading, removal, trash
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work
from tests.integration.knowledge.search.ideas import Ideas

assert tasks, "Imported for its tasks."
assert search_tasks

SMALL = ChunkSettings(Chunking(60, 20))


def handbook(word: str, sentences: int = 60) -> bytes:
    said = " ".join(f"Sentence {number} of {word} says something of its own." for number in range(sentences))
    return f"# Handbook\n\n## {word}\n\n{said}\n".encode()


async def count(actor: Actor, statement: str) -> int:
    async with unit_of_work(actor) as uow:
        return await uow.session.scalar(text(statement)) or 0


async def shadow(actor: Actor) -> Shadow:
    found = (await service.get_state(actor)).shadow
    assert found
    return found


async def sizes(actor: Actor, document_id: UUID) -> list[int]:
    return [len(passage.text) for passage in await reading.list_passages(actor, document_id, limit=100)]


async def made(actor: Actor, work: Work, settings: ChunkSettings = SMALL) -> UUID:
    """Passages that are ready to take over."""
    await switching.start(actor, settings)
    await work()
    found = await shadow(actor)
    assert (found.state, found.error) == ("ready", None)
    return found.id


async def end_of_searches(actor: Actor, work: Work) -> None:
    """Let the job run now that waits for searches to end."""
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"))
    await work()


async def test_a_preview_shows_another_way_and_stores_nothing(people: People, add: Upload, work: Work) -> None:
    added = await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    before = await sizes(people.ada, added.id)
    shown = await service.preview(people.ada, added.id, SMALL)
    assert (shown.now.count, shown.now.most) == (len(before), round(max(before) / 4))
    assert shown.figures.count == len(shown.passages) > 2 * len(before)
    assert shown.figures.most <= 60 * 1.5 + 20
    assert shown.passages[0].repeated == 0
    assert all(40 <= passage.repeated <= 80 for passage in shown.passages[1:])
    assert {passage.heading for passage in shown.passages} == {"Handbook › travel"}
    assert await sizes(people.ada, added.id) == before
    assert (await service.get_state(people.ada)).settings == ChunkSettings()


async def test_a_preview_is_of_what_one_sees_and_within_bounds(people: People, add: Upload, work: Work) -> None:
    secret = await add(people.bob, "secret.md", handbook("secret"))
    unread = await add(people.ada, "unread.md", handbook("unread"))
    for chunking in (Chunking(49), Chunking(501), Chunking(100, 51), Chunking(100, -1)):
        with pytest.raises(InvalidInputError):
            await service.preview(people.ada, unread.id, ChunkSettings(chunking))
        with pytest.raises(InvalidInputError):
            await switching.start(people.ada, ChunkSettings(chunking))
    with pytest.raises(LayoutUnknownError):
        await service.preview(people.ada, unread.id, ChunkSettings())
    await work()
    with pytest.raises(DocumentNotFoundError):
        await service.preview(people.ada, secret.id, ChunkSettings())
    for forbidden in (
        service.preview(people.bob, secret.id, ChunkSettings()), service.get_state(people.bob),
        switching.start(people.bob, SMALL), switching.switch(people.bob, secret.id),
        switching.drop(people.bob, secret.id), switching.retry(people.bob, secret.id),
    ):  # fmt: skip
        with pytest.raises(ForbiddenError):
            await forbidden


async def test_search_goes_on_until_the_new_passages_take_over(people: People, add: Upload, work: Work) -> None:
    added = await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    before = await sizes(people.ada, added.id)
    (cited,) = await search_passages(people.ada, "Sentence 42 travel", limit=1)
    set_id = await made(people.ada, work)
    with pytest.raises(ShadowExistsError):
        await switching.start(people.ada, ChunkSettings(Chunking(300)))
    with pytest.raises(ShadowMissingError):
        await switching.switch(people.ada, added.id)
    found = await shadow(people.ada)
    assert (found.documents, found.kept, found.settings) == (1, 0, SMALL)
    assert await sizes(people.ada, added.id) == before
    assert [hit.text for hit in await search_passages(people.ada, "Sentence 42 travel", limit=1)] == [cited.text]
    (anew,) = (await search_set(people.ada, "Sentence 42 travel", set_id, 1)).passages
    assert len(anew.text) < len(cited.text)
    await switching.switch(people.ada, set_id)
    assert max(await sizes(people.ada, added.id)) <= 360 + 80
    assert [hit.text for hit in await search_passages(people.ada, "Sentence 42 travel", limit=1)] == [anew.text]
    # What an answer cited before opens as it did.
    opened = await reading.get_cited_passage(people.ada, cited.document_version_id, cited.start, cited.end)
    assert (opened.highlighted, opened.newer) == (cited.text, "")
    state = await service.get_state(people.ada)
    assert (state.settings, state.shadow, state.documents) == (SMALL, None, 1)
    await end_of_searches(people.ada, work)
    assert await count(people.ada, "SELECT count(*) FROM passage_set") == 1
    assert await count(people.ada, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'passage'::regclass") == 1
    assert all(finding.count == 0 for finding in await scan(people.ada))


async def test_what_comes_later_is_cut_in_the_way_that_holds(people: People, add: Upload, work: Work) -> None:
    await switching.start(people.ada, SMALL)  # There is nothing that would have to be made anew.
    assert (await service.get_state(people.ada)).settings == SMALL
    with pytest.raises(InvalidInputError):
        await switching.start(people.ada, SMALL)
    added = await add(people.bob, "handbook.md", handbook("travel"))
    await work()
    assert max(await sizes(people.bob, added.id)) <= 360 + 80
    assert (await service.get_state(people.ada)).documents == 1


async def test_what_is_dropped_leaves_nothing(people: People, add: Upload, work: Work) -> None:
    added = await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    before = await sizes(people.ada, added.id)
    set_id = await made(people.ada, work)
    await switching.drop(people.ada, set_id)
    with pytest.raises(ShadowMissingError):
        await switching.switch(people.ada, set_id)
    assert (await service.get_state(people.ada)).shadow is None
    kinds = {finding.kind: finding.count for finding in await scan(people.ada)}
    assert {kind for kind, found in kinds.items() if found} == {"sets"}
    assert await clean(people.ada) == 1
    assert all(finding.count == 0 for finding in await scan(people.ada))
    assert await sizes(people.ada, added.id) == before
    await switching.start(people.ada, SMALL)
    await switching.drop(people.ada, (await shadow(people.ada)).id)
    await work()  # The job that was to make them finds nothing to do.
    assert await count(people.ada, "SELECT count(*) FROM passage_set") == 1


async def test_documents_that_change_meanwhile_are_right_either_way(people: People, add: Upload, work: Work) -> None:
    kept, changed, gone = [
        await add(people.ada, f"{word}.md", handbook(word), folder_path="Rules") for word in ("kept", "changed", "gone")
    ]
    await work()
    set_id = await made(people.ada, work)
    await add(people.ada, "changed.md", handbook("renewed"), folder_path="Rules")
    new = await add(people.ada, "new.md", handbook("new"))
    await work()
    await trash.trash_document(people.ada, gone.id)
    assert await removal.delete_documents(people.ada, [gone.id]) == 1
    assert {finding.count for finding in await scan(people.ada)} == {0}
    assert (await shadow(people.ada)).documents == 1
    assert [hit.document_id for hit in await search_passages(people.ada, "renewed", limit=1)] == [changed.id]
    await switching.switch(people.ada, set_id)
    for word, document in (("kept", kept), ("renewed", changed), ("new", new)):
        (hit,) = await search_passages(people.ada, f"Sentence 7 {word}", limit=1)
        assert hit.document_id == document.id
        assert max(await sizes(people.ada, document.id)) <= 360 + 80
    assert await search_passages(people.ada, "gone") == []
    await end_of_searches(people.ada, work)
    assert {finding.count for finding in await scan(people.ada)} == {0}


async def test_a_receipt_counts_both_sets(people: People, add: Upload, work: Work) -> None:
    added = await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    await made(people.ada, work)
    both = await count(people.ada, "SELECT count(*) FROM passage")
    async with unit_of_work(people.ada) as uow:
        found = await removal.queries.list_anywhere(uow, [added.id], "manage")
        receipt = await removal.remove_documents(uow, found)
    assert receipt.passages == both > (await service.get_state(people.ada)).passages
    assert await count(people.ada, "SELECT count(*) FROM passage") == 0
    assert await count(people.ada, "SELECT count(*) FROM version_layout") == 0


async def test_too_much_that_came_is_cut_by_the_job_first(
    people: People, add: Upload, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switching, "_MOST_AT_LAST", 1)
    await add(people.ada, "first.md", handbook("first"))
    await work()
    set_id = await made(people.ada, work)
    for word in ("second", "third"):
        await add(people.ada, f"{word}.md", handbook(word))
    await work()
    with pytest.raises(ShadowUnreadyError):
        await switching.switch(people.ada, set_id)
    assert (await shadow(people.ada)).state == "making"
    await work()
    await switching.switch(people.ada, set_id)
    assert (await service.get_state(people.ada)).documents == 3


async def test_uploads_and_a_switch_at_once_lose_nothing(people: People, add: Upload, work: Work) -> None:
    words = [f"topic{number}" for number in range(6)]
    await add(people.ada, "first.md", handbook("first"))
    await work()
    set_id = await made(people.ada, work)
    added = [await add(people.ada, f"{word}.md", handbook(word)) for word in words]

    await asyncio.gather(work(), switching.switch(people.ada, set_id))
    await end_of_searches(people.ada, work)
    state = await service.get_state(people.ada)
    assert (state.settings, state.documents) == (SMALL, 7)
    for document in added:
        assert max(await sizes(people.ada, document.id)) <= 360 + 80
    assert {finding.count for finding in await scan(people.ada)} == {0}


async def test_texts_without_a_layout_are_read_again_or_stay(people: People, add: Upload, work: Work) -> None:
    read, changed = [await add(people.ada, f"{word}.md", handbook(word)) for word in ("read", "changed")]
    await work()
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(text("DELETE FROM version_layout"))
        sha256 = await uow.session.scalar(
            text("SELECT sha256 FROM document_version WHERE document_id = :id"), {"id": changed.id}
        )
        path_of(uow.workspace_id, str(sha256)).write_bytes(handbook("another"))
    with pytest.raises(LayoutUnknownError):
        await service.preview(people.ada, read.id, ChunkSettings())
    before = await sizes(people.ada, changed.id)
    set_id = await made(people.ada, work)
    assert (await shadow(people.ada)).kept == 1
    await switching.switch(people.ada, set_id)
    assert max(await sizes(people.ada, read.id)) <= 360 + 80
    assert await sizes(people.ada, changed.id) == before


@pytest.fixture
def model() -> Iterator[Ideas]:
    connected = Ideas()
    with embedding_with(connected):
        yield connected


async def test_new_passages_come_with_their_vectors(people: People, add: Upload, work: Work, model: Ideas) -> None:
    added = await add(people.ada, "urlaub.md", b"Der Urlaub dauert 30 Tage.")
    await work()
    await work()  # What the job began.
    served = await count(people.ada, "SELECT count(*) FROM passage_vector")
    await switching.start(people.ada, SMALL)
    model.breaks_after = len(model.texts)
    await work()
    waiting = await shadow(people.ada)
    assert (waiting.state, waiting.vectors) == ("making", 0)
    assert waiting.error
    detail = await documents.get_document(people.ada, added.id)
    assert served == detail.passages
    model.breaks_after = 100_000
    await end_of_searches(people.ada, work)
    ready = await shadow(people.ada)
    assert (ready.state, ready.error, ready.vectors) == ("ready", None, ready.passages)
    assert len((await search_set(people.ada, "holiday", ready.id, 1)).passages) == 1
    await switching.switch(people.ada, ready.id)
    await end_of_searches(people.ada, work)
    assert len(await search_passages(people.ada, "holiday")) == 1
    assert await count(people.ada, "SELECT count(*) FROM passage_vector") == ready.vectors
    assert await count(people.ada, "SELECT count(*) FROM vector_set") == 1
    assert {finding.count for finding in await scan(people.ada)} == {0}


async def test_collections_have_their_own_way_the_first_one_first(people: People, add: Upload, work: Work) -> None:
    rules = await add(people.ada, "rules.md", handbook("rules"), folder_path="Rules")
    await work()
    kept, all_of_them, fleeting = [
        await collections.create_collection(people.ada, name, wanted)
        for name, wanted in (
            ("Rules", DocumentFilter(text="rules")), ("Notes", DocumentFilter(text=".md")),
            ("Mine", DocumentFilter(is_favourite=True)),
        )
    ]  # fmt: skip
    theirs = await collections.create_collection(people.bob, "Bob's", DocumentFilter(text="bob"))
    assert await service.list_collections(people.ada) == [(all_of_them, "Notes"), (kept, "Rules")]
    wanted = [(theirs, Chunking(300)), (fleeting, Chunking(300)), (kept, Chunking(60)), (all_of_them, Chunking(400))]
    settings = await service.make_settings(people.ada, Chunking(), wanted)
    assert [rule.name for rule in settings.rules] == ["Rules", "Notes"]
    shown = await service.preview(people.ada, rules.id, settings)
    assert (shown.rule, shown.figures.most <= 90) == ("Rules", True)
    twice = ChunkSettings(Chunking(), (*settings.rules, settings.rules[0]))
    with pytest.raises(InvalidInputError):
        await switching.start(people.ada, twice)
    set_id = await made(people.ada, work, settings)
    await switching.switch(people.ada, set_id)
    assert max(await sizes(people.ada, rules.id)) <= 360
    # The rule stays as it was made, whatever becomes of the collection.
    await collections.delete_collection(people.ada, kept)
    other, note = [await add(people.ada, name, handbook("x", 80)) for name in ("more rules.md", "note.md")]
    await work()
    assert max(await sizes(people.ada, other.id)) <= 360
    assert max(await sizes(people.ada, note.id)) > 1_200
    again = await service.make_settings(people.ada, Chunking(), [(kept, Chunking(60))])
    assert again.rules == settings.rules[:1]
