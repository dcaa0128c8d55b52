"""A parser that the tests of a module share, since starting its processes is what takes time."""

from collections.abc import AsyncIterator

import pytest_asyncio

from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.parsing.schemas import Limits


@pytest_asyncio.fixture(scope="module")
async def parser() -> AsyncIterator[Parser]:
    """One reader at a time, half a minute and 400 MiB a file."""
    async with Parser(Limits(seconds=30, megabytes=400), readers=1) as parser:
        yield parser
