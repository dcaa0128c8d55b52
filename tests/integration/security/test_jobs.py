"""What stands in the queue, which belongs to no workspace."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.service.uploads import upload
from tests.fixtures.people import People

SECRET = b"The blue heron nests at dawn."


async def chunks() -> AsyncIterator[bytes]:
    yield SECRET


async def test_jobs_carry_ids_alone(people: People) -> None:
    await upload(people.bob, chunks(), size=len(SECRET), name="heron.md", folder_path="secret", is_shared=True)
    async with unit_of_work(people.zoe) as uow:
        found = await uow.session.scalars(text("SELECT args::text FROM procrastinate_jobs"))
        arguments = [json.loads(row) for row in found]
    assert arguments
    for name, value in [item for row in arguments for item in row.items()]:
        assert isinstance(value, int) or str(UUID(value)) == value, (name, value)
