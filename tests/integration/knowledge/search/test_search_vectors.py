"""Search by meaning, with a model that knows four ideas."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text
from sqlmodel import select

from convosphere.core.errors import UnavailableError
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.search.embedding import embedding_with
from convosphere.knowledge.search.index import index_version, remove_version
from convosphere.knowledge.search.models import PassageVector, VectorSet
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.search.vectors import EMBED_TASK, embed_passages
from convosphere.llm.errors import ProviderStreamBrokenError
from convosphere.llm.schemas import EmbeddingKind, EmbeddingModel
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library, passages_of

IDEAS = (("urlaub", "ferien", "holiday"), ("auto", "fahrzeug", "car"), ("geld", "lohn", "salary"))


@dataclass
class Model:
    """Knows which words mean the same; `texts` is what it was given."""

    embedding_model: EmbeddingModel | None = field(default_factory=lambda: EmbeddingModel("ideas", "test", 4))
    texts: list[str] = field(default_factory=list)
    breaks_after: int = 1_000

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind = "passage") -> list[list[float]]:
        if len(self.texts) >= self.breaks_after:
            raise ProviderStreamBrokenError("ideas")
        self.texts += texts if kind == "passage" else []
        return [self._vector(body.lower()) for body in texts]

    def _vector(self, body: str) -> list[float]:
        vector = [float(sum(word in body for word in words)) for words in IDEAS] + [0.2]
        return [value / math.hypot(*vector) for value in vector]


@pytest.fixture
def model() -> Iterator[Model]:
    connected = Model()
    with embedding_with(connected):
        yield connected


async def embed(actor: Actor) -> None:
    assert actor.workspace_id is not None
    await embed_passages(system_actor(actor.workspace_id))


async def sets_of(actor: Actor) -> list[tuple[str, bool]]:
    async with unit_of_work(actor) as uow:
        rows = await uow.session.scalars(select(VectorSet).order_by(VectorSet.model))
        return [(row.model, row.is_current) for row in rows]


async def test_other_words_of_the_same_meaning_are_found(library: Library, people: People, model: Model) -> None:
    await library.add(people.ada, "Der Urlaub dauert dreißig Tage.", "Das Fahrzeug steht im Hof.", heading="Regeln")
    assert await search_passages(people.ada, "holiday") == []
    await embed(people.ada)
    assert model.texts[0] == "Regeln\nDer Urlaub dauert dreißig Tage."
    assert [hit.number for hit in await search_passages(people.ada, "holiday", limit=1)] == [1]
    assert [hit.number for hit in await search_passages(people.ada, "car", limit=1)] == [2]
    (hit,) = await search_passages(people.ada, "Fahrzeug und Auto", limit=1)
    assert (hit.number, hit.matched_words) == (2, ("Fahrzeug",))
    assert hit.score == pytest.approx(1)


async def test_meaning_shows_nothing_that_the_actor_may_not_see(library: Library, people: People, model: Model) -> None:
    await library.add(people.bob, *["Urlaub"] * 30)
    shared = await library.add(people.ada, "Geld", is_shared=True)
    await embed(people.ada)
    assert {hit.document_id for hit in await search_passages(people.eve, "holiday", limit=1_000)} == {
        shared.document_id
    }
    assert await search_passages(people.eve, "holiday", languages=["en"]) == []
    assert await search_passages(people.eve, "holiday", document_ids=[]) == []
    assert await search_passages(people.zoe, "holiday") == []


async def test_quoted_words_are_wanted_as_they_are(library: Library, people: People, model: Model) -> None:
    await library.add(people.ada, "Urlaub im Sommer")
    await embed(people.ada)
    assert await search_passages(people.ada, '"Ferien im Sommer"') == []


async def test_another_model_takes_over_when_it_is_done(library: Library, people: People) -> None:
    await library.add(people.ada, *["Urlaub"] * 70)
    with embedding_with(Model()):
        await embed(people.ada)
    other = Model(EmbeddingModel("other", "test", 4), breaks_after=64)
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


async def test_vectors_go_with_their_passages(library: Library, people: People, model: Model) -> None:
    stored = await library.add(people.ada, "Urlaub", "Geld")
    await embed(people.ada)
    async with unit_of_work(people.ada) as uow:
        await index_version(uow, stored.version_id, stored.document_id, passages_of(["Auto"]))
    await embed(people.ada)
    assert model.texts == ["Urlaub", "Geld", "Auto"]
    assert [hit.text for hit in await search_passages(people.ada, "car")] == ["Auto"]
    async with unit_of_work(people.ada) as uow:
        await remove_version(uow, stored.version_id)
        assert (await uow.session.scalars(select(PassageVector.number))).all() == []


async def test_words_alone_answer_while_the_model_does_not(library: Library, people: People, model: Model) -> None:
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
    with embedding_with(Model()):
        await library.add(people.ada, "Geld")
    assert await count() == 1
    await embed(people.ada)
    assert await sets_of(people.ada) == []
