"""Another model for search by meaning: tried beside the one of now, compared, and taken or dropped."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, InvalidInputError
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.chunking import switching
from convosphere.knowledge.chunking.making import make
from convosphere.knowledge.chunking.schemas import ChunkSettings
from convosphere.knowledge.chunking.vectors import estimate, get_vector_state
from convosphere.knowledge.evaluation import service as trials
from convosphere.knowledge.evaluation import tasks as trial_tasks
from convosphere.knowledge.health.scanning import scan
from convosphere.knowledge.parsing.schemas import Chunking
from convosphere.knowledge.search import filling
from convosphere.knowledge.search.service import search_passages, search_set
from convosphere.knowledge.search.status import SearchWay, read_search_status
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.service import offering, prices
from convosphere.llm.service.prices import PriceDraft
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work
from tests.integration.knowledge.test_chunking import SMALL, count, end_of_searches, handbook, made, shadow, sizes
from tests.integration.knowledge.test_embedding_model import booked, offer, served, serving
from tests.integration.knowledge.test_search_questions import ranks
from tests.integration.usage.test_budgets import add_budget
from tests.provider.fixtures import RunningProvider, provider

__all__ = ["provider"]
assert trial_tasks, "Imported for its tasks."

A, B = "our-server/vectors-a", "our-server/vectors-b"


@pytest_asyncio.fixture(autouse=True)
async def _models(people: People, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A workspace that searches by the vectors of one of two models."""
    async with serving(provider, monkeypatch):
        await offer(people.ada, provider)
        await offering.set_default(people.ada, "embedding", A)
        yield


def embedded(provider: RunningProvider, model: str) -> list[str]:
    """All texts that a model was to make vectors of; the provider knows it without its own name before it."""
    name = model.removeprefix("our-server/")
    asked = [record for record in provider.provider.records if record.path == "/embeddings"]
    return [each for record in asked if record.model == name for each in record.body["input"]]


async def try_model(ada: Actor, work: Work, model: str = B, settings: ChunkSettings | None = None) -> None:
    """Have all vectors made by another model, beside those of now."""
    await switching.start(ada, settings or ChunkSettings(), model)
    await work()


async def test_another_model_is_tried_compared_and_taken(
    people: People, add: Upload, work: Work, provider: RunningProvider
) -> None:
    added = await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    before = await sizes(people.ada, added.id)
    await prices.set_price(people.ada, B, PriceDraft("own", "2", "0"))
    state = await get_vector_state(people.ada)
    assert (state.chosen, [model.id for model in state.models]) == (A, ["", A, B])
    told = estimate(state, B, Chunking())
    assert told
    assert told.nanos == 2_000 * told.tokens > 0
    assert abs(told.tokens - sum(before) / 4) < 40 * len(before)
    assert estimate(state, "", Chunking()) is None, "the settings name no model"
    twice = estimate(state, B, Chunking(100, 50))
    assert twice
    assert twice.tokens > 1.4 * told.tokens

    await try_model(people.ada, work)
    found = await shadow(people.ada)
    assert (found.state, found.model, found.is_other, found.kept) == ("ready", B, True, 0)
    assert found.is_useless, "sentences that are all alike cannot be told apart by a model"
    assert found.vectors == found.passages == len(before)
    assert await served(people.ada) == [A, B], "one of each set"
    assert (await offering.list_defaults(people.ada))["embedding"] == A
    assert (await read_search_status(people.bob)).model == A
    assert (await search_passages(people.ada, "Sentence 42 travel"))[0].document_id == added.id
    await trials.add_question(people.ada, "What does sentence 42 of travel say?", added.id, "")
    await trials.begin_trial(people.ada)
    await work()
    assert await ranks(people.ada) == [(1, 1)]
    assert not (await trials.get_evaluation(people.ada)).by_words
    assert {model for _, model, _ in await booked(people.ada)} == {A, B}

    await switching.switch(people.ada, found.id)
    read = len(embedded(provider, B))
    await end_of_searches(people.ada, work)
    assert await served(people.ada) == [B]
    assert len(embedded(provider, B)) == read, "nothing is made twice"
    assert (await offering.list_defaults(people.ada))["embedding"] == B
    assert (await read_search_status(people.bob)).model == B
    assert await sizes(people.ada, added.id) == before
    acts = "SELECT count(*) FROM audit_entry WHERE action = 'model:set_default'"
    assert await count(people.ada, acts) == 2
    assert {finding.count for finding in await scan(people.ada)} == {0}


async def test_model_and_cutting_change_together(people: People, add: Upload, work: Work) -> None:
    added = await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    await try_model(people.ada, work, settings=SMALL)
    await switching.switch(people.ada, (await shadow(people.ada)).id)
    await add(people.ada, "later.md", handbook("later"))
    await end_of_searches(people.ada, work)
    await work()  # What the job began.
    assert max(await sizes(people.ada, added.id)) <= 360 + 80
    assert await served(people.ada) == [B]
    assert await count(people.ada, "SELECT count(*) FROM passage_vector") == (
        await count(people.ada, "SELECT count(*) FROM passage")
    )


async def test_what_was_tried_is_dropped_and_what_nobody_may_choose_is_refused(
    people: People, add: Upload, work: Work
) -> None:
    await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    with pytest.raises(ForbiddenError):
        await switching.start(people.bob, ChunkSettings(), B)
    with pytest.raises(ForbiddenError):
        await get_vector_state(people.bob)
    with pytest.raises(InvalidInputError):
        await switching.start(people.ada, ChunkSettings(), A)
    await offering.open_model(people.ada, B, is_restricted=True)
    for model in (B, "our-server/test-echo", "our-server/none"):
        with pytest.raises(ModelNotFoundError):
            await switching.start(people.ada, ChunkSettings(), model)
    await offering.open_model(people.ada, B, is_restricted=False)
    librarian = replace(people.ada, permissions=people.ada.permissions - {Permission.MODEL_MANAGE})
    assert (await get_vector_state(librarian)).models == ()
    with pytest.raises(ForbiddenError):
        await switching.start(librarian, ChunkSettings(), B)
    await try_model(people.ada, work)
    with pytest.raises(ForbiddenError):
        await switching.switch(librarian, (await shadow(people.ada)).id)
    await switching.drop(people.ada, (await shadow(people.ada)).id)
    await end_of_searches(people.ada, work)
    assert await served(people.ada) == [A]
    assert (await offering.list_defaults(people.ada))["embedding"] == A


async def test_words_alone_can_be_tried_as_well(people: People, add: Upload, work: Work) -> None:
    await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    set_id = await made(people.ada, work, ChunkSettings(Chunking(100)))
    await switching.drop(people.ada, set_id)
    await try_model(people.ada, work, model="")
    found = await shadow(people.ada)
    assert (found.state, found.model, found.vectors, found.is_other) == ("ready", "", 0, True)
    assert len((await search_set(people.ada, "Sentence 42 travel", found.id, 1)).passages) == 1
    await switching.switch(people.ada, found.id)
    await end_of_searches(people.ada, work)
    assert (await read_search_status(people.bob)).way == SearchWay.WORDS
    assert await count(people.ada, "SELECT count(*) FROM vector_set") == 0
    assert await offering.list_defaults(people.ada) == {}


async def test_a_model_that_goes_away_loses_nothing(people: People, add: Upload, work: Work) -> None:
    added = await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    await switching.start(people.ada, ChunkSettings(), B)
    await offering.open_model(people.ada, B, is_enabled=False)
    await work()
    failed = await shadow(people.ada)
    assert (failed.state, failed.model) == ("failed", B)
    assert failed.error
    assert B in str(failed.error.as_dict()), "it says which model is gone"
    assert (await search_passages(people.ada, "Sentence 42 travel"))[0].document_id == added.id
    await offering.open_model(people.ada, B, is_enabled=True)
    await switching.retry(people.ada, failed.id)
    await work()
    assert (await shadow(people.ada)).state == "ready"
    await offering.remove_model(people.ada, B)
    await trials.add_question(people.ada, "What does sentence 42 of travel say?", added.id, "")
    await trials.begin_trial(people.ada)
    await work()
    assert (await trials.get_evaluation(people.ada)).by_words, (
        "figures of words alone are not passed off as the model's"
    )
    with pytest.raises(ModelNotFoundError):
        await switching.switch(people.ada, failed.id)
    assert await served(people.ada) == [A, B]
    assert (await offering.list_defaults(people.ada))["embedding"] == A
    await switching.drop(people.ada, failed.id)
    await end_of_searches(people.ada, work)
    assert await served(people.ada) == [A]


async def test_a_comparison_says_that_a_used_up_budget_made_it_one_of_words(
    people: People, add: Upload, work: Work, provider: RunningProvider
) -> None:
    added = await add(people.ada, "handbook.md", handbook("travel"))
    await work()
    await try_model(people.ada, work)
    async with unit_of_work(people.ada) as uow:
        # As of a model that tells texts apart, which the tests' own cannot do with sentences that are all alike.
        await uow.session.execute(text("UPDATE vector_set SET trust = 0.5, least_likeness = 0.9"))
    await trials.add_question(people.ada, "What does sentence 42 of travel say?", added.id, "")
    asked = len(embedded(provider, A)), len(embedded(provider, B))
    for amount, by_words in ((1_000_000, False), (1, True)):
        await add_budget(people.ada, amount)
        await trials.begin_trial(people.ada)
        await work()
        assert (await trials.get_evaluation(people.ada)).by_words is by_words
        assert await ranks(people.ada) == [(1, 1)]
        now = len(embedded(provider, A)), len(embedded(provider, B))
        assert now == (asked[0] + 1, asked[1] + 1), "each was asked once, while there was a budget"


async def test_a_job_that_is_cut_off_goes_on_where_it_stopped(
    people: People, add: Upload, work: Work, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_BATCH", 2)
    await add(people.ada, "handbook.md", handbook("travel", 160))
    await work()
    await switching.start(people.ada, ChunkSettings(), B)
    found = await shadow(people.ada)
    assert people.ada.workspace_id
    job = asyncio.create_task(make(system_actor(people.ada.workspace_id), found.id))
    while (await shadow(people.ada)).vectors == 0:  # noqa: ASYNC110
        await asyncio.sleep(0)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    half = await shadow(people.ada)
    assert 0 < half.vectors < half.passages
    await work()
    done = await shadow(people.ada)
    assert (done.state, done.vectors) == ("ready", done.passages)
    async with unit_of_work(people.ada) as uow:
        bodies = set(
            await uow.session.scalars(text("SELECT concat_ws(E'\\n', nullif(heading, ''), text) FROM passage"))
        )
    read = [body for body in embedded(provider, B) if body in bodies]
    assert set(read) == bodies
    assert len(read) - len(set(read)) <= 2, "at most the batch that was on its way is made again"
