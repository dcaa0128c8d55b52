"""What answers made is seen by its reader alone, in a frame that reaches nothing, in all its versions."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from convosphere.chat.artifact_routes import ROUTES
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Sent
from convosphere.chat.service import artifacts, conversations
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor
from convosphere.identity import ways
from convosphere.identity.cookies import cookie_name
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send
from tests.integration.knowledge.test_file_routes import sign_in

ORIGIN = "http://testserver"
PAGE = "```html\n<title>Clock</title><script>1</script>\n```"
DRAWING = "```svg\n<svg><title>Sun</title></svg>\n```"


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody is signed in to yet."""
    transport = httpx.ASGITransport(Starlette(routes=ways.guard_routes(ROUTES)))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as opened:
        yield opened


async def ask(actor: Actor, text: str, conversation_id: UUID | None = None) -> Sent:
    """A question whose answer is the text itself."""
    sent = await send(actor, f"{text}\n[[echo]]", conversation_id)
    await finished(actor, sent)
    return sent


async def test_each_version_is_found_in_its_order(people: People, host: GenerationHost) -> None:
    first = await ask(people.bob, f"{DRAWING}\n\n{PAGE}")
    second = await ask(people.bob, "no code", first.conversation_id)
    third = await ask(people.bob, PAGE.replace("1", "2"), second.conversation_id)
    view = await artifacts.open_artifact(people.bob, first.answer.id, 1)
    places = [artifacts.Place(first.answer.id, 1), artifacts.Place(third.answer.id, 0)]
    assert (view.artifact.kind, view.artifact.title, list(view.versions)) == ("html", "Clock", places)
    newest = await artifacts.open_artifact(people.bob, third.answer.id, 0)
    assert "2" in newest.artifact.text
    assert list(newest.versions) == places
    assert len((await artifacts.open_artifact(people.bob, first.answer.id, 0)).versions) == 1


@pytest.mark.parametrize("number", [-1, 2, 10**9])
async def test_what_is_not_there_is_not_found(people: People, host: GenerationHost, number: int) -> None:
    sent = await ask(people.bob, f"{DRAWING}\n\n{PAGE}")
    for wanted in (artifacts.open_artifact, artifacts.get_artifact):
        with pytest.raises(NotFoundError):
            await wanted(people.bob, sent.answer.id, number)
        for stranger in (people.ada, people.eve, people.zoe):
            with pytest.raises(NotFoundError):
                await wanted(stranger, sent.answer.id, 0)


async def test_a_frame_gets_its_page_by_the_rights_of_its_reader(
    people: People, host: GenerationHost, client: httpx.AsyncClient
) -> None:
    sent = await ask(people.bob, "\n\n".join([DRAWING, PAGE, "```md\n" + "x\n" * 12 + "```"]))
    address = f"/api/artifacts/{sent.answer.id}"
    assert (await client.get(f"{address}/0")).status_code == 401
    for actor, status in ((people.eve, 404), (people.bob, 200)):
        client.cookies.set(cookie_name(), await sign_in(actor))
        for number in (0, 1):
            assert (await client.get(f"{address}/{number}")).status_code == status
    answer = await client.get(f"{address}/1", headers={"sec-fetch-dest": "iframe"})
    assert answer.text == "<title>Clock</title><script>1</script>"
    assert answer.headers["content-security-policy"] == (
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        "img-src data: blob:; frame-ancestors 'self'"
    )
    assert "content-disposition" not in answer.headers
    outside = await client.get(f"{address}/1", headers={"sec-fetch-dest": "document"})
    assert outside.headers["content-disposition"].startswith("attachment")
    for missing in (
        f"{address}/2",
        f"{address}/3",
        f"{address}/-1",
        f"{address}/²",
        f"{address}/1e1",
        "/api/artifacts/x/0",
    ):
        assert (await client.get(missing)).status_code == 404, missing


async def test_long_conversations_are_read_on_in_windows(people: People, host: GenerationHost) -> None:
    sent = await ask(people.bob, "One")
    for text in ("Two", "Three", "Four"):
        await ask(people.bob, text, sent.conversation_id)
    whole = (await conversations.get_conversation(people.bob, sent.conversation_id)).messages
    page = await conversations.get_following(people.bob, sent.conversation_id, whole[1].id, size=3)
    assert page is not None
    assert ([one.id for one in page.messages], page.has_later) == ([one.id for one in whole[2:5]], True)
    page = await conversations.get_following(people.bob, sent.conversation_id, whole[4].id, size=3)
    assert page is not None
    assert ([one.id for one in page.messages], page.has_later) == ([one.id for one in whole[5:]], False)
    assert await conversations.get_following(people.bob, sent.conversation_id, uuid4()) is None
    with pytest.raises(NotFoundError):
        await conversations.get_following(people.eve, sent.conversation_id, whole[0].id)
