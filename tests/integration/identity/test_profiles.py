"""One's own profile: what is kept, what is refused."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from PIL import Image, ImageStat
from sqlalchemy import text
from starlette.applications import Starlette

from convosphere.core.database import Database
from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity import ways
from convosphere.identity.routes import avatars as avatar_routes
from convosphere.identity.service import avatars, profiles
from tests.fixtures.images import picture
from tests.fixtures.people import People


async def test_a_picture_is_for_the_workspace_and_changes_its_address(database: Database, people: People) -> None:
    first = await avatars.set_avatar(people.ada, picture("PNG"))
    digest = first.rpartition("/")[2]
    assert await avatars.get_avatar(people.bob, _id(people.ada), digest)
    assert (await profiles.get_frame_facts(people.ada)).avatar == digest
    with pytest.raises(NotFoundError):
        await avatars.get_avatar(people.zoe, _id(people.ada), digest)
    second = await avatars.set_avatar(people.ada, picture("PNG", mode="L", size=(10, 10)))
    assert second != first
    with pytest.raises(NotFoundError):
        await avatars.get_avatar(people.bob, _id(people.ada), digest)
    await avatars.remove_avatar(people.ada)
    assert (await profiles.get_frame_facts(people.ada)).avatar == ""


@pytest_asyncio.fixture
async def client(people: People, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncClient]:
    """A browser of Ada's."""

    async def resolve(_token: str) -> Actor:
        return people.ada

    monkeypatch.setattr(ways, "resolve_actor", resolve)
    transport = ASGITransport(Starlette(routes=ways.guard_routes(avatar_routes.ROUTES)))
    async with AsyncClient(transport=transport, base_url="http://localhost:8000") as opened:
        yield opened


HEADERS = {"origin": "http://localhost:8000", "x-requested-with": "convosphere"}


async def test_the_route_serves_pictures_that_stay(database: Database, client: AsyncClient) -> None:
    answer = await client.post("/api/avatar", content=picture("JPEG"), headers=HEADERS)
    assert answer.status_code == 200
    shown = await client.get(answer.json()["address"])
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in shown.headers["cache-control"]
    assert "public" not in shown.headers["cache-control"]
    for address in (answer.json()["address"][:-1] + "_", "/api/people/nobody/avatar/x"):
        assert (await client.get(address)).status_code == 404


async def test_the_route_cuts_out_the_part_that_the_address_names(database: Database, client: AsyncClient) -> None:
    async def light(part: str) -> int:
        answer = await client.post(f"/api/avatar{part}", content=picture("PNG", size=(640, 300)), headers=HEADERS)
        shown = await client.get(answer.json()["address"])
        with Image.open(io.BytesIO(shown.content)) as made:
            return ImageStat.Stat(made.convert("L")).mean[0]

    assert await light("?x=0&y=0&side=1") > 250
    assert await light("?x=1&side=0.4") < 5
    assert 100 < await light("") < 160


@pytest.mark.parametrize(
    "part",
    [
        "x=-0.1", "x=1.1", "y=2", "side=0", "side=0.2", "side=1.01", "side=-1", "x=nan", "y=inf", "side=NaN", "x=",
        "x=0x10", "x=1e400", "x=%00", "side=0.5;x=2", "x=one", "side=1_0",
    ],
)  # fmt: skip
async def test_what_is_no_part_is_refused(database: Database, client: AsyncClient, part: str) -> None:
    answer = await client.post(f"/api/avatar?{part}", content=picture(), headers=HEADERS)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_the_route_takes_no_more_than_it_says(database: Database, client: AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(100_000)

    too_large = await client.post("/api/avatar", content=bytes(5_000_001), headers=HEADERS)
    unsaid = await client.post("/api/avatar", content=endless(), headers=HEADERS)
    lying = await client.post("/api/avatar", content=endless(), headers=HEADERS | {"content-length": "100"})
    assert {too_large.status_code, unsaid.status_code, lying.status_code} == {413}
    foreign = await client.post("/api/avatar", content=picture(), headers=HEADERS | {"origin": "http://evil.example"})
    bare = await client.post("/api/avatar", content=picture(), headers={"origin": HEADERS["origin"]})
    assert {foreign.status_code, bare.status_code} == {403}
    assert (await client.post("/api/avatar", content=b"<svg/>", headers=HEADERS)).status_code == 422


async def test_preferences_are_kept_and_only_those_that_exist(database: Database, people: People) -> None:
    await profiles.prefer(people.bob, "theme", "dark")
    await profiles.prefer(people.bob, "density", "compact")
    for zone in ("Asia/Kolkata", "Asia/Calcutta", "America/Argentina/Buenos_Aires", "UTC", "", "Europe/Berlin"):
        await profiles.prefer(people.bob, "time_zone", zone)
    facts = await profiles.get_frame_facts(people.bob)
    assert (facts.theme, facts.density, facts.time_zone) == ("dark", "compact", "Europe/Berlin")
    for preference, value in (
        ("theme", "pink"),
        ("density", ""),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "x" * 999),
    ):
        with pytest.raises(InvalidInputError):
            await profiles.prefer(people.bob, preference, value)  # pyright: ignore[reportArgumentType]
    assert (await profiles.get_frame_facts(people.eve)).theme == "", "somebody else's changed as well"


async def test_a_name_is_one_line_and_tells_the_trail(database: Database, people: People) -> None:
    await profiles.rename(people.bob, "  Robert \r\n Bcc: eve@example.org \u202e ")
    assert (await profiles.get_profile(people.bob)).name == "Robert Bcc: eve@example.org"
    with pytest.raises(InvalidInputError):
        await profiles.rename(people.bob, "\u200b\u202e\n")
    async with unit_of_work(people.ada) as uow:
        actions = list(await uow.session.scalars(text("SELECT action FROM audit_entry")))
    assert actions.count("account:rename") == 1


async def test_mails_about_security_cannot_be_muted(database: Database, people: People) -> None:
    await profiles.mute(people.bob, "new_sign_in", is_muted=True)
    await profiles.mute(people.bob, "new_sign_in", is_muted=True)
    assert (await profiles.get_profile(people.bob)).muted_mails == ("new_sign_in",)
    await profiles.mute(people.bob, "new_sign_in", is_muted=False)
    assert (await profiles.get_profile(people.bob)).muted_mails == ()
    for kind in ("password_changed", "email_changed", "anything"):
        with pytest.raises(InvalidInputError):
            await profiles.mute(people.bob, kind, is_muted=True)


async def test_whoever_looks_as_somebody_changes_nothing(database: Database, people: People) -> None:
    looking = replace(people.bob, permissions=frozenset(p for p in people.bob.permissions if p.only_reads))
    with pytest.raises(ForbiddenError):
        await profiles.rename(looking, "Mallory")
    with pytest.raises(ForbiddenError):
        await avatars.set_avatar(looking, picture())
    async with unit_of_work(ANONYMOUS) as uow:
        names = list(await uow.session.scalars(text("SELECT name FROM account WHERE name = 'Mallory'")))
    assert names == []


def _id(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def test_own_keys_are_kept_and_nothing_else_is(people: People) -> None:
    await profiles.keep_shortcuts(people.bob, {"new-chat": "mod+j", "palette": "", "off": "yes"})
    facts = await profiles.get_frame_facts(people.bob)
    assert facts.shortcuts == {"new-chat": "mod+j", "palette": "", "off": "yes"}
    assert (await profiles.get_frame_facts(people.eve)).shortcuts == {}
    for wrong in ({"new-chat": "x" * 41}, {"": "x"}, {"<b>": "x"}, {"a": "x y"}, {"A": "x"}):
        with pytest.raises(InvalidInputError):
            await profiles.keep_shortcuts(people.bob, wrong)
