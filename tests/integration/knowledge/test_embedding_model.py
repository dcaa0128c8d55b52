"""An embedding model that is connected later gives the documents that are there their vectors."""

import pytest
from sqlalchemy import text

from convosphere.core.jobs import do_jobs, open_jobs
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import Installation
from convosphere.knowledge.search.service import search_passages
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.worker import _embedding
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library, library
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
    async with _embedding(get_settings()), open_jobs(addresses.app_url, 1):
        await do_jobs(concurrency=1, drain_seconds=0, until_idle=True)
        async with unit_of_work(people.ada) as uow:
            current = await uow.session.scalar(text("SELECT model FROM vector_set WHERE is_current"))
            vectors = await uow.session.scalar(text("SELECT count(*) FROM passage_vector"))
        assert current == "test-embedding"
        assert vectors == 1
        assert len(await search_passages(people.ada, "How many days of holiday?")) == 1
