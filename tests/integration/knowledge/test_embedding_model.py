"""What makes vectors: a model of the settings that is connected later, and one that the workspace chooses itself."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, InvalidInputError
from convosphere.core.jobs import do_jobs, open_jobs
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import Installation
from convosphere.knowledge.search import embedding
from convosphere.knowledge.search.embedding import embedding_with, enqueue_embedding
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.search.status import SearchWay, read_search_status
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm.gateway import Gateway
from convosphere.llm.service import offering, prices, providers
from convosphere.llm.service.offering import NewModel
from convosphere.llm.service.prices import PriceDraft
from convosphere.llm.service.vectors import NewVectors
from convosphere.worker import LateModels, _models
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library, library
from tests.integration.llm.test_workspace_models import draft
from tests.integration.usage.test_budgets import add_budget, spent
from tests.provider.fixtures import RunningProvider, provider

__all__ = ["library", "provider"]


async def test_the_worker_embeds_what_is_there(
    people: People,
    library: Library,
    provider: RunningProvider,
    addresses: DatabaseAddresses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await library.add(people.ada, "Everybody has thirty days of holiday in a year.", language="en")
    async with unit_of_work(people.ada) as uow:
        uow.session.add(Installation(workspace_id=uow.workspace_id))
    monkeypatch.setenv("OPENAI_BASE_URL", provider.url)
    monkeypatch.setenv("OPENAI_API_KEY", "test-key")
    monkeypatch.setenv("EMBEDDING_MODEL", "test-embedding")
    get_settings.cache_clear()
    async with _models(get_settings()), open_jobs(addresses.app_url, 1):
        await do_jobs(concurrency=1, drain_seconds=0, until_idle=True)
        async with unit_of_work(people.ada) as uow:
            current = await uow.session.scalar(text("SELECT model FROM vector_set WHERE is_current"))
            vectors = await uow.session.scalar(text("SELECT count(*) FROM passage_vector"))
        assert current == "test-embedding"
        assert vectors == 1
        assert len(await search_passages(people.ada, "How many days of holiday?")) == 1


HOLIDAYS = "Everybody has thirty days of holiday in a year."


async def do_work(addresses: DatabaseAddresses) -> None:
    """What the worker has to do now; its models are those of a process of its own."""
    async with AsyncExitStack() as opened, open_jobs(addresses.app_url, 1):
        with embedding_with(LateModels(get_settings(), opened)):
            await do_jobs(concurrency=1, drain_seconds=0, until_idle=True)


@asynccontextmanager
async def serving(provider: RunningProvider, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """An application whose settings name no model for vectors, and whose jobs come from what people choose."""
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("PROVIDER_HOSTS", "127.0.0.1")
    monkeypatch.setenv("EMBEDDING_MODEL", "")
    monkeypatch.setattr(NewVectors, "_listeners", [enqueue_embedding])
    monkeypatch.setattr(embedding, "QUESTION_SECONDS", 60.0)  # Nobody waits here, and machines may be busy.
    get_settings.cache_clear()
    async with Gateway(get_settings()) as gateway:
        with embedding_with(gateway):
            yield gateway


async def offer(ada: Actor, provider: RunningProvider) -> UUID:
    """Two models for vectors, and one that chats."""
    provider_id = await providers.add_provider(ada, draft(provider))
    names = [NewModel("vectors-a", "embedding"), NewModel("vectors-b", "embedding"), NewModel("test-echo")]
    await offering.offer_models(ada, provider_id, names)
    return provider_id


async def served(actor: Actor) -> list[str]:
    async with unit_of_work(actor) as uow:
        rows = await uow.session.scalars(text("SELECT model FROM vector_set WHERE is_current ORDER BY created_at"))
        return list(rows)


async def booked(actor: Actor) -> list[tuple[str, str, int | None]]:
    async with unit_of_work(actor) as uow:
        rows = await uow.session.execute(
            text("SELECT DISTINCT purpose, model, account_id IS NULL AS by_job FROM model_call ORDER BY 2, 3")
        )
        return [(row.purpose, row.model, row.by_job) for row in rows]


async def test_a_workspace_chooses_what_makes_its_vectors(
    people: People,
    library: Library,
    provider: RunningProvider,
    addresses: DatabaseAddresses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await library.add(people.ada, HOLIDAYS, language="en")
    async with serving(provider, monkeypatch):
        provider_id = await offer(people.ada, provider)
        assert (await read_search_status(people.bob)).way == SearchWay.WORDS
        for actor, model, refusal in (
            (people.bob, "our-server/vectors-a", ForbiddenError),
            (people.ada, "our-server/test-echo", InvalidInputError),
            (people.zoe, "our-server/vectors-a", (ForbiddenError, InvalidInputError)),
        ):
            with pytest.raises(refusal):
                await offering.set_default(actor, "embedding", model)
        await offering.set_default(people.ada, "embedding", "our-server/vectors-a")
        assert (await read_search_status(people.bob)).way == SearchWay.FIRST
        await do_work(addresses)
        assert await served(people.ada) == ["our-server/vectors-a"]
        await offering.set_default(people.ada, "embedding", "our-server/vectors-b")
        status = await read_search_status(people.bob)
        assert (status.way, status.old) == (SearchWay.REPLACED, "our-server/vectors-a"), "the old ones serve meanwhile"
        assert len(await search_passages(people.bob, "How many days of holiday?")) <= 1
        await do_work(addresses)
        assert await served(people.ada) == ["our-server/vectors-b"]
        calls = await booked(people.ada)
        assert {purpose for purpose, _, _ in calls} == {"embedding"}
        assert {model for _, model, by_job in calls if by_job} == {"our-server/vectors-a", "our-server/vectors-b"}
        # Another workspace has chosen nothing.
        assert (await read_search_status(people.zoe)).way == SearchWay.WORDS
        await providers.enable_provider(people.ada, provider_id, is_enabled=False)
        assert (await read_search_status(people.bob)).way == SearchWay.WORDS, "nothing goes to another model instead"
        await providers.delete_provider(people.ada, provider_id)
        assert await offering.list_defaults(people.ada) == {}


async def test_vectors_are_paid_from_the_budget_and_wait_for_it(
    people: People,
    library: Library,
    provider: RunningProvider,
    addresses: DatabaseAddresses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await library.add(people.ada, *[HOLIDAYS] * 3, language="en")
    async with serving(provider, monkeypatch) as gateway:
        await offer(people.ada, provider)
        price = PriceDraft("own", "100", "0")
        await prices.set_price(people.ada, "our-server/vectors-a", price)
        await offering.set_default(people.ada, "embedding", "our-server/vectors-a")
        embedder = await gateway.embedder(people.ada)
        assert embedder is not None
        assert embedder.embedding_model.price is not None
        budget = await add_budget(people.ada, 3, unit="tokens")
        await do_work(addresses)
        assert await served(people.ada) == []
        assert await spent(people.ada, budget) == 0, "nothing is asked that the budget has no room for"
        async with unit_of_work(people.ada) as uow:
            await uow.session.execute(text("UPDATE budget SET amount = 1000000"))
            # The job tries again by itself, a moment later.
            await uow.session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL"))
        await do_work(addresses)
        assert await served(people.ada) == ["our-server/vectors-a"]
        async with unit_of_work(system_actor(people.ada.workspace_id)) as uow:  # pyright: ignore[reportArgumentType]
            sums = "SELECT sum(counted_tokens), sum(cost_nanos), count(*) FROM model_call"
            tokens, nanos, count = (await uow.session.execute(text(sums))).one()
            held = await uow.session.scalar(text("SELECT count(*) FROM budget_reservation"))
        assert await spent(people.ada, budget) == tokens > 0
        assert nanos == tokens * 100_000
        assert (held, count > 0) == (0, True)
