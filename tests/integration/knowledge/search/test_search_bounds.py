"""What a question costs is bounded, however many passages have its words. Rows are counted, not seconds."""

import pytest
from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.search import queries
from convosphere.knowledge.search.index import current_set
from convosphere.knowledge.search.queries import list_candidates, make_scope
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.search.terms import make_term
from convosphere.knowledge.search.weights import FEEDBACK_PASSAGES
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library

MOST = 20
PASSAGES = 15
DOCUMENTS = 12


@pytest.fixture
def few_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_COMPARED", MOST)


async def count_read(uow: UnitOfWork) -> int:
    """Rows of passages that this transaction has read so far."""
    return (
        await uow.session.execute(
            text(
                "SELECT sum(pg_stat_get_xact_tuples_fetched(inhrelid) + pg_stat_get_xact_tuples_returned(inhrelid))"
                " FROM pg_inherits WHERE inhparent = 'passage'::regclass"
            )
        )
    ).scalar_one()


@pytest.mark.usefixtures("few_compared")
async def test_a_common_word_is_compared_with_no_more_passages_than_the_cap(library: Library, people: People) -> None:
    for _ in range(DOCUMENTS):
        await library.add(people.ada, *[f"Kantine {number}" for number in range(PASSAGES)])
    term = make_term("kantin", "de")
    async with unit_of_work(people.ada) as uow:
        passage_set = await current_set(uow)
        assert passage_set is not None
        assert passage_set.passage_count == DOCUMENTS * PASSAGES
        scope = make_scope(uow, passage_set.id, None, None)
        before = await count_read(uow)
        found = await list_candidates(
            uow, scope, {term.dimension: 1.0}, candidates="'kantin'", required=None, limit=PASSAGES * DOCUMENTS
        )
        assert len(found) == MOST
        assert MOST <= await count_read(uow) - before <= MOST + FEEDBACK_PASSAGES


@pytest.mark.usefixtures("few_compared")
async def test_the_cap_counts_only_what_the_actor_sees(library: Library, people: People) -> None:
    for _ in range(DOCUMENTS):
        await library.add(people.ada, *[f"Kantine {number}" for number in range(PASSAGES)])
    own = await library.add(people.bob, "Die Kantine öffnet mittags.")
    assert [hit.document_id for hit in await search_passages(people.bob, "Kantine")] == [own.document_id]
