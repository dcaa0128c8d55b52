"""Search by meaning, with a model that knows three ideas."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlmodel import select

from convosphere.core.errors import UnavailableError
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.places.schemas import NOWHERE
from convosphere.knowledge.search.embedding import EMBED_TASK, embedding_with
from convosphere.knowledge.search.index import hold_sets, index_version, remove_versions
from convosphere.knowledge.search.models import PassageVector
from convosphere.knowledge.search.service import search_passages
from convosphere.llm.schemas import EmbeddingModel
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library, passages_of
from tests.integration.knowledge.search.ideas import Ideas, embed, sets_of


@pytest.fixture
def model() -> Iterator[Ideas]:
    connected = Ideas()
    with embedding_with(connected):
        yield connected


async def test_other_words_of_the_same_meaning_are_found(library: Library, people: People, model: Ideas) -> None:
    await library.add(people.ada, "Der Urlaub dauert dreißig Tage.", "Das Fahrzeug steht im Hof.", heading="Regeln")
    assert await search_passages(people.ada, "holiday") == []
    await embed(people.ada)
    assert model.texts[0] == "Regeln\nDer Urlaub dauert dreißig Tage."
    assert [hit.number for hit in await search_passages(people.ada, "holiday", limit=1)] == [1]
    assert [hit.number for hit in await search_passages(people.ada, "car", limit=1)] == [2]
    (hit,) = await search_passages(people.ada, "Fahrzeug und Auto", limit=1)
    assert (hit.number, hit.matched_words) == (2, ("Fahrzeug",))
    assert hit.score == pytest.approx(1)


async def test_meaning_shows_nothing_that_the_actor_may_not_see(library: Library, people: People, model: Ideas) -> None:
    await library.add(people.bob, *["Urlaub"] * 30)
    shared = await library.add(people.ada, "Geld", is_shared=True)
    await embed(people.ada)
    assert await search_passages(people.eve, "holiday", limit=1_000) == []
    found = await search_passages(people.eve, "salary holiday", limit=1_000)
    assert {hit.document_id for hit in found} == {shared.document_id}
    assert await search_passages(people.eve, "salary", languages=["en"]) == []
    assert await search_passages(people.eve, "salary", places=NOWHERE) == []
    assert await search_passages(people.zoe, "salary") == []


async def test_quoted_words_are_wanted_as_they_are(library: Library, people: People, model: Ideas) -> None:
    await library.add(people.ada, "Urlaub im Sommer")
    await embed(people.ada)
    assert await search_passages(people.ada, '"Ferien im Sommer"') == []


async def test_another_model_takes_over_when_it_is_done(library: Library, people: People) -> None:
    await library.add(people.ada, *["Urlaub"] * 70)
    with embedding_with(Ideas()):
        await embed(people.ada)
    other = Ideas(EmbeddingModel("other", "test", 4, "other"), breaks_after=64)
    with embedding_with(other):
        with pytest.raises(UnavailableError):
            await embed(people.ada)
        assert await sets_of(people.ada) == [("ideas", True), ("other", False)]
        other.breaks_after = 1_000
        await embed(people.ada)
        assert len(other.texts) == 70
        assert await sets_of(people.ada) == [("other", True)]
        assert len(await search_passages(people.ada, "Ferien")) == 10
    async with unit_of_work(people.ada) as uow:
        partitions = await uow.session.scalar(
            text("SELECT count(*) FROM pg_inherits WHERE inhparent = CAST('passage_vector' AS regclass)")
        )
        assert partitions == 1


async def test_vectors_go_with_their_passages(library: Library, people: People, model: Ideas) -> None:
    stored = await library.add(people.ada, "Urlaub", "Geld")
    await embed(people.ada)
    async with unit_of_work(people.ada) as uow:
        await index_version(uow, await hold_sets(uow), stored.version_id, stored.document_id, passages_of(["Auto"]))
    await embed(people.ada)
    assert model.texts == ["Urlaub", "Geld", "Auto"]
    assert [hit.text for hit in await search_passages(people.ada, "car")] == ["Auto"]
    async with unit_of_work(people.ada) as uow:
        await remove_versions(uow, [stored.version_id])
        assert (await uow.session.scalars(select(PassageVector.number))).all() == []


async def test_words_alone_answer_while_the_model_does_not(library: Library, people: People, model: Ideas) -> None:
    await library.add(people.ada, "Urlaub im Sommer")
    await embed(people.ada)
    model.breaks_after = 0
    assert [hit.text for hit in await search_passages(people.ada, "Urlaub")] == ["Urlaub im Sommer"]
    assert await search_passages(people.ada, "Ferien") == []


async def test_indexing_starts_the_job_only_with_a_model(library: Library, people: People) -> None:
    async def count() -> int | None:
        async with unit_of_work(people.ada) as uow:
            return await uow.session.scalar(
                text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name"), {"name": EMBED_TASK}
            )

    await library.add(people.ada, "Urlaub")
    assert await count() == 0
    with embedding_with(Ideas()):
        await library.add(people.ada, "Geld")
    assert await count() == 1
    await embed(people.ada)
    assert await sets_of(people.ada) == []
