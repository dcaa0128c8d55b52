"""Documents in the index, and a gateway without any model but the Reader."""

from collections.abc import AsyncIterator

import pytest_asyncio

from convosphere.core.settings import get_settings
from convosphere.llm.gateway import Gateway
from tests.integration.knowledge.search.conftest import library

__all__ = ["library"]


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    """A gateway with nothing set up."""
    async with Gateway(get_settings()) as running:
        yield running
