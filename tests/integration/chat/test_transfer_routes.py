"""A file that is refused says why, where the page can read it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from convosphere.chat.transfer_routes import ROUTES
from tests.fixtures.people import People
from tests.integration.chat.test_attachment_routes import browser_of

EXPORT = "/api/conversations/export"
IN_A_FRAME = {"sec-fetch-dest": "iframe"}


@pytest_asyncio.fixture
async def bob(people: People) -> AsyncIterator[httpx.AsyncClient]:
    """Bob's browser on a page of ours."""
    async with await browser_of(people.bob, ROUTES) as opened:
        yield opened


@pytest.mark.parametrize(
    ("ids", "code", "words"),
    [
        ("all", "not_found", "There is no conversation to export yet."),
        (str(uuid4()), "not_found", "temporary chats cannot"),
        (",".join(str(uuid4()) for _ in range(1_001)), "invalid_input", "at most {count}"),
        ("x" * 70_000, "body_refused", "That is too much to export at once."),
        ("nothing", "not_found", ""),
    ],
    ids=["none", "gone", "many", "huge", "nonsense"],
)
async def test_a_frame_of_the_page_reads_why_there_is_no_file(
    bob: httpx.AsyncClient, ids: str, code: str, words: str
) -> None:
    answer = await bob.post(EXPORT, data={"format": "pdf", "ids": ids}, headers=IN_A_FRAME)
    assert answer.status_code >= 400
    # What is shown in a frame runs nothing, and in no frame but ours.
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert answer.json()["code"] == code
    assert words in answer.json()["text"]


async def test_programs_get_problems_as_ever(bob: httpx.AsyncClient) -> None:
    answer = await bob.post(EXPORT, data={"format": "exe", "ids": "all"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == 422
