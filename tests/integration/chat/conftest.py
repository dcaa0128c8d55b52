"""A process that writes answers, with the test provider as its only source of models."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import follow_ups
from convosphere.core.events import EventHub
from convosphere.core.settings import get_settings
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm.gateway import Gateway
from convosphere.llm.routing import Patience
from tests.fixtures.people import People
from tests.provider.fixtures import RunningProvider, provider

__all__ = ["provider"]

# A busy machine lets a provider that answers at once wait for seconds.
PATIENT = Patience(20, 20, total=60, backoff=0.01)
HASTY = Patience(2, 2, total=2.5, backoff=0.01)


@pytest_asyncio.fixture
async def host(
    people: People,
    provider: RunningProvider,
    addresses: DatabaseAddresses,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> AsyncIterator[GenerationHost]:
    """What the web process has running beside its pages; where a test is marked `hasty`, it soon gives up."""
    monkeypatch.setenv("OPENAI_BASE_URL", provider.url)
    monkeypatch.setenv("OPENAI_API_KEY", "test-key")
    monkeypatch.setenv("CONVOSPHERE_DEFAULT_MODEL", "test-answer")
    # A busy machine takes longer than a process waits for lists of models; without them the Reader answers.
    monkeypatch.setattr("convosphere.llm.gateway.START_SECONDS", 30.0)
    get_settings.cache_clear()
    async with (
        EventHub(addresses.app_url).running() as hub,
        hub.subscribe("nothing") as notices,
        Gateway(get_settings(), HASTY if request.node.get_closest_marker("hasty") else PATIENT),
        GenerationHost(drain_seconds=0.2).running() as running,
    ):
        await notices.get()  # It listens.
        for person in (people.ada, people.bob, people.eve):
            await follow_ups.want(person, are_wanted=False)  # More questions to a model; a file of tests has its own.
        yield running
