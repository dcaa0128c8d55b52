"""Pictures of assistants: made anew of what came, seen by who sees the assistant, and taken along in files."""

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from PIL import Image
from sqlalchemy import text
from starlette.applications import Starlette

from convosphere.assistants.errors import AssistantNotFoundError, DefinitionRefusedError
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.routes import ROUTES
from convosphere.assistants.schemas import ICONS, OWN_PICTURE
from convosphere.assistants.service import assistants, exchange, pictures
from convosphere.chat.service import answering
from convosphere.core.identifiers import new_id
from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.schemas import SIDE
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.cookies import cookie_name
from convosphere.identity.service.grants import EVERYONE, GrantKinds, remove_grant, set_grant
from convosphere.identity.ways import guard_routes
from tests.fixtures.images import picture, with_place
from tests.fixtures.people import People
from tests.integration.assistants.test_assistants import make
from tests.integration.assistants.test_exchange import lacks, taken_in
from tests.integration.assistants.test_gallery import FIT
from tests.integration.chat.test_answering import finished
from tests.integration.knowledge.test_file_routes import ORIGIN, sign_in

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(grants_of(ASSISTANTS))


def digest_of(icon: str) -> str:
    return icon.removeprefix(OWN_PICTURE)


async def sees(actor: Actor, icon: str) -> bool:
    try:
        return bool(await pictures.get_picture(actor, digest_of(icon)))
    except AssistantNotFoundError:
        return False


async def test_a_picture_is_ones_own_until_an_assistant_has_it(people: People) -> None:
    bob, eve = people.bob, people.eve
    icon = await pictures.add_picture(bob, with_place())
    made = await pictures.get_picture(bob, digest_of(icon))
    with Image.open(io.BytesIO(made)) as opened:
        assert (opened.format, opened.size) == ("WEBP", (SIDE, SIDE))
    assert b"Ada" not in made
    assert [await sees(actor, icon) for actor in (eve, people.ada, people.zoe)] == [False] * 3
    with pytest.raises(DefinitionRefusedError):
        await make(eve, FIT.model_copy(update={"icon": icon}))
    assistant_id = await make(bob, FIT.model_copy(update={"icon": icon}))
    assert not await sees(eve, icon)
    await set_grant(bob, "assistant", assistant_id, EVERYONE, "use")
    await assistants.set_state(bob, assistant_id, "active")
    assert await sees(eve, icon)
    assert not await sees(people.zoe, icon)
    detail = await assistants.get_assistant(eve, assistant_id)
    assert detail.icon == icon
    sent = await answering.send(eve, "Hello", conversation_id=None, client_key=new_id(), assistant_id=assistant_id)
    answered = await finished(eve, sent)
    assert answered.assistant_icon == icon
    await remove_grant(bob, "assistant", assistant_id, EVERYONE)
    assert await sees(eve, icon), "answers that were given keep their face"
    assert not await sees(people.ada, icon)


@pytest.mark.parametrize("icon", ["own-", f"own-{'0' * 32}", "own-../../x", "https://example.org/x", f"own-{'g' * 32}"])
async def test_a_picture_that_is_not_there_is_refused(people: People, icon: str) -> None:
    with pytest.raises(DefinitionRefusedError):
        await make(people.bob, FIT.model_copy(update={"icon": icon}))


async def test_what_is_no_picture_is_refused(people: People) -> None:
    for data in (b"", b"<svg onload='alert(1)'/>", b"GIF89a", picture("PNG")[:60]):
        with pytest.raises(ImageRefusedError):
            await pictures.add_picture(people.bob, data)


async def test_it_goes_out_and_comes_in_with_the_file(people: People) -> None:
    bob, zoe = people.bob, people.zoe
    icon = await pictures.add_picture(bob, picture("JPEG"))
    assistant_id = await make(bob, FIT.model_copy(update={"icon": icon}))
    _, written = await exchange.export_assistant(bob, assistant_id)
    file = json.loads(written)
    assert (file["assistant"]["icon"], len(written) < 60_000) == ("", True)
    assert icon not in written
    assert await lacks(zoe, written) == []
    assert not await sees(zoe, icon), "looking at a file keeps nothing"
    taken = await taken_in(zoe, written)
    assert pictures.is_own(taken.icon)
    assert await sees(zoe, taken.icon)


@pytest.mark.parametrize("hostile", ["x", "!!!", base64.b64encode(b"<svg/>").decode(), "A" * 250_000])
async def test_a_file_with_something_else_for_a_picture_comes_in_with_a_drawing(people: People, hostile: str) -> None:
    _, written = await exchange.export_assistant(people.bob, await make(people.bob, FIT))
    file = json.loads(written)
    file["assistant"] |= {"icon": "", "picture": hostile}
    assert ("picture", "") in await lacks(people.eve, json.dumps(file))
    assert (await taken_in(people.eve, json.dumps(file))).icon == ICONS[0]


async def test_what_nothing_has_goes_after_a_day(people: People) -> None:
    bob = people.bob
    used, unused = await asyncio.gather(
        pictures.add_picture(bob, picture("PNG")), pictures.add_picture(bob, picture("PNG", size=(50, 90)))
    )
    await make(bob, FIT.model_copy(update={"icon": used}))
    async with unit_of_work(bob) as uow:
        await uow.session.execute(text("UPDATE assistant_picture SET created_at = now() - interval '2 days'"))
    newest = await pictures.add_picture(bob, picture("GIF", mode="P"))
    assert [await sees(bob, icon) for icon in (used, unused, newest)] == [True, False, True]


@pytest_asyncio.fixture
async def client(people: People) -> AsyncIterator[httpx.AsyncClient]:
    """Bob's browser on a page of ours."""
    transport = httpx.ASGITransport(Starlette(routes=guard_routes(ROUTES)))
    headers = {"origin": ORIGIN, "x-requested-with": "convosphere"}
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as opened:
        opened.cookies.set(cookie_name(), await sign_in(people.bob))
        yield opened


async def test_the_routes_take_and_serve_pictures_and_nothing_else(client: httpx.AsyncClient, people: People) -> None:
    answer = await client.post("/api/assistant-pictures?x=0.5&y=0.5&side=0.5", content=picture("PNG"))
    icon = answer.json()["icon"]
    assert (answer.status_code, pictures.is_own(icon)) == (200, True)
    shown = await client.get(f"/api/assistant-pictures/{digest_of(icon)}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    for bad in ("/api/assistant-pictures?side=9", "/api/assistant-pictures?x=nan"):
        assert (await client.post(bad, content=picture("PNG"))).status_code == 422
    forged = await client.post("/api/assistant-pictures", content=picture("PNG"), headers={"x-requested-with": "x"})
    assert forged.status_code == 403
    client.cookies.clear()
    assert (await client.get(f"/api/assistant-pictures/{digest_of(icon)}")).status_code == 401
    client.cookies.set(cookie_name(), await sign_in(people.eve))
    for digest in (digest_of(icon), "0" * 32, "x"):
        assert (await client.get(f"/api/assistant-pictures/{digest}")).status_code == 404
