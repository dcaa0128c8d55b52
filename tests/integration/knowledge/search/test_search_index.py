"""Passages and the frequencies of their terms come and go together."""

import asyncio
import random
from collections import Counter

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.search.index import current_set, hold_sets, index_version, remove_versions
from convosphere.knowledge.search.models import DocumentFrequency, Passage, PassageSet
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.search.terms import index_language, make_term
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library, Stored, passages_of

WORDS = "Urlaub Antrag Frist Kündigung Vertrag Reise Kosten Hotel Server Daten Schutz Brand Alarm Kantine".split()


async def recount(actor: Actor) -> tuple[Counter[int], int]:
    """Frequencies and number of passages, from the passages themselves."""
    counts: Counter[int] = Counter()
    async with unit_of_work(actor) as uow:
        rows = (await uow.session.execute(text("SELECT language, tsvector_to_array(lexemes) FROM passage"))).all()
    for language, lexemes in rows:
        counts.update(make_term(lexeme, index_language(language)).dimension for lexeme in lexemes)
    return counts, len(rows)


async def kept(actor: Actor) -> tuple[dict[int, int], int]:
    """Frequencies and number of passages, as they are kept."""
    async with unit_of_work(actor) as uow:
        rows = await uow.session.execute(select(col(DocumentFrequency.dimension), col(DocumentFrequency.passage_count)))
        passage_set = await current_set(uow)
        return dict(rows.all()), passage_set.passage_count if passage_set else 0


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_frequencies_equal_a_recount_after_any_changes(library: Library, people: People, seed: int) -> None:
    chance = random.Random(seed)
    documents: list[Stored] = [await library.add(people.ada, "Anfang")]
    for _ in range(25):
        async with unit_of_work(people.ada) as uow:
            action = chance.random()
            if action < 0.3:
                documents.append(await library.store(uow))
            stored = chance.choice(documents)
            if action < 0.75:
                texts = [" ".join(chance.choices(WORDS, k=chance.randint(0, 12))) for _ in range(chance.randint(0, 4))]
                passages = passages_of(texts, chance.choice(["de", "en", "fr"]), chance.choice(["", "Abschnitt"]))
                await index_version(uow, await hold_sets(uow), stored.version_id, stored.document_id, passages)
            else:
                await remove_versions(uow, [stored.version_id])
        assert await kept(people.ada) == await recount(people.ada)
    for stored in documents:
        async with unit_of_work(people.ada) as uow:
            await remove_versions(uow, [stored.version_id])
    assert await kept(people.ada) == ({}, 0)


async def test_indexing_again_changes_nothing(library: Library, people: People) -> None:
    stored = await library.add(people.ada, "Der Vertrag endet.", "Die Frist beginnt.")
    before = await kept(people.ada)
    async with unit_of_work(people.ada) as uow:
        passages = passages_of(["Der Vertrag endet.", "Die Frist beginnt."])
        await index_version(uow, await hold_sets(uow), stored.version_id, stored.document_id, passages)
    assert await kept(people.ada) == before
    assert len(await search_passages(people.ada, "Vertrag")) == 1


async def test_what_is_removed_is_not_found(library: Library, people: People) -> None:
    stored = await library.add(people.ada, "Der Vertrag endet.")
    async with unit_of_work(people.ada) as uow:
        await remove_versions(uow, [stored.version_id])
        await remove_versions(uow, [stored.version_id])
    assert await search_passages(people.ada, "Vertrag") == []
    async with unit_of_work(people.ada) as uow:
        assert (await uow.session.scalars(select(Passage.number))).all() == []


async def test_removing_before_anything_was_indexed_is_nothing(library: Library, people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        await remove_versions(uow, [(await library.store(uow)).version_id])


async def test_a_unit_that_fails_leaves_nothing(library: Library, people: People) -> None:
    async def fail() -> None:
        async with unit_of_work(people.ada) as uow:
            stored = await library.store(uow)
            sets = await hold_sets(uow)
            await index_version(uow, sets, stored.version_id, stored.document_id, passages_of(["Vertrag"]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await kept(people.ada) == ({}, 0)


async def test_jobs_of_one_workspace_never_wait_for_one_another_in_a_circle(library: Library, people: People) -> None:
    async def work(number: int) -> None:
        chance = random.Random(number)
        for _ in range(4):
            async with unit_of_work(people.ada) as uow:
                for _ in range(2):
                    stored = await library.store(uow)
                    texts = [" ".join(chance.sample(WORDS, len(WORDS))) for _ in range(3)]
                    sets = await hold_sets(uow)
                    await index_version(uow, sets, stored.version_id, stored.document_id, passages_of(texts))
                    await asyncio.sleep(chance.random() / 50)

    # The first of them also make the set, at the same time.
    await asyncio.gather(*(work(number) for number in range(6)))
    assert await kept(people.ada) == await recount(people.ada)
    assert (await kept(people.ada))[1] == 6 * 4 * 2 * 3


async def test_a_set_takes_its_partition_with_it(library: Library, people: People) -> None:
    await library.add(people.ada, "Etwas")
    async with unit_of_work(people.ada) as uow:
        passage_set = await uow.session.scalar(select(PassageSet))
        await uow.session.delete(passage_set)
    async with unit_of_work(people.ada) as uow:
        partitions = await uow.session.execute(
            text("SELECT count(*) FROM pg_inherits WHERE inhparent = CAST('passage' AS regclass)")
        )
        assert partitions.scalar_one() == 0
    again = await library.add(people.ada, "Vertrag")
    assert [hit.document_id for hit in await search_passages(people.ada, "Vertrag")] == [again.document_id]


async def test_odd_texts_are_indexed(library: Library, people: People) -> None:
    texts = ["", "   ", "🙂 – …", "O'Neill \\ 'quoted' : * & | ! <->", "x" * 5_000, "½ ㏂ ﬁnanz 1.250,50"]
    await library.add(people.ada, *texts)
    assert await kept(people.ada) == await recount(people.ada)
    (hit,) = await search_passages(people.ada, "O'Neill 'quoted'")
    assert hit.number == 4
    (hit,) = await search_passages(people.ada, "Finanz 1250")
    assert hit.number == 6
    assert await search_passages(people.ada, '\' \\ : * & | ! <-> ""') == []
