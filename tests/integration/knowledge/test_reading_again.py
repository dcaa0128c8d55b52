"""What was read is read again once the server can read more of it, and answers by what was read meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from convosphere.core.permissions import Actor
from convosphere.knowledge.errors import NotRetryableError
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.service import documents, reading, versions
from convosphere.knowledge.service.processing import reading_with
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work, chunks
from tests.integration.knowledge.parsing import makers


@pytest_asyncio.fixture(scope="module")
async def blind() -> AsyncIterator[Parser]:
    """A parser on a server that recognises no text in pictures."""
    async with Parser(Limits(seconds=60), readers=1) as parser:
        yield parser


async def pages_with(actor: Actor, words: str) -> set[int | None]:
    return {passage.page for passage in await search_passages(actor, words)}


async def test_a_page_that_was_a_picture_is_found_once_it_is_read_again(
    people: People, add: Upload, work: Work, *, blind: Parser, seeing: Parser, tmp_path: Path
) -> None:
    added = await add(people.bob, "Minutes.pdf", makers.half_scanned_pdf(tmp_path / "minutes").read_bytes())
    async with reading_with(blind):
        await work()
    before = await documents.get_document(people.bob, added.id)
    assert ["tesseract" in str(told) for told in before.warnings] == [True]
    assert not await pages_with(people.bob, "Punkte")
    cited = await reading.get_cited_passage(people.bob, before.version_id, 0, 40)

    await documents.retry_document(people.bob, added.id)
    row = (await documents.get_document(people.bob, added.id)).row
    assert (row.status, row.is_renewing) == ("ready", True)
    assert await pages_with(people.bob, "Pauschale") == {1, 3}, "what was read is searched meanwhile"
    with pytest.raises(NotRetryableError):
        await documents.retry_document(people.bob, added.id)

    async with reading_with(seeing):
        await work()
    assert await pages_with(people.bob, "Punkte") == {2}
    now = await reading.get_cited_passage(people.bob, before.version_id, 0, 40)
    assert (now.highlighted, now.newer) == (cited.highlighted, "same")
    rows = await versions.list_versions(people.bob, added.id)
    assert [(row.number, row.state, row.why) for row in rows] == [(2, "current", "Read again"), (1, "past", "")]


async def test_the_newest_file_is_read_again_where_it_could_not_be(people: People, add: Upload, work: Work) -> None:
    added = await add(people.bob, "plan.md", b"The meadow is mown in June.\n")
    await work()
    broken = b"%PDF-1.7 nothing more"
    await versions.add_version(people.bob, added.id, chunks(broken), size=len(broken), name="plan.pdf")
    await work()
    await documents.retry_document(people.bob, added.id)
    rows = await versions.list_versions(people.bob, added.id)
    assert [(row.number, row.state) for row in rows] == [(2, "reading"), (1, "current")]
