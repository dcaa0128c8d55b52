"""Documents of people, and the worker that reads them, in the test's own process."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from convosphere.core.database import Database
from convosphere.core.jobs import do_jobs, open_jobs
from convosphere.core.permissions import Actor
from convosphere.knowledge import tasks
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.schemas import UploadedDocument
from convosphere.knowledge.service.processing import reading_with
from convosphere.knowledge.service.uploads import upload
from convosphere.launch.postgres import DatabaseAddresses

Upload = Callable[..., Awaitable[UploadedDocument]]
Work = Callable[[], Awaitable[None]]

assert tasks, "Imported for its tasks."


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 64 * 1024):
        yield data[start : start + 64 * 1024]


@pytest.fixture
def add(database: Database) -> Upload:
    """Uploads a document: `await add(actor, "name.md", b"content", is_shared=True)`."""

    async def add_document(
        actor: Actor, name: str, data: bytes, *, is_shared: bool = False, folder_path: str = ""
    ) -> UploadedDocument:
        return await upload(
            actor, chunks(data), size=len(data), name=name, folder_path=folder_path, is_shared=is_shared
        )

    return add_document


@pytest_asyncio.fixture
async def work(database: Database, addresses: DatabaseAddresses, file_reader: Parser) -> AsyncIterator[Work]:
    """Does all jobs that wait: `await work()`."""

    async def do_all() -> None:
        await do_jobs(concurrency=2, drain_seconds=60, until_idle=True)

    async with (
        open_jobs(addresses.app_url, 2),
        reading_with(file_reader),
    ):
        yield do_all
