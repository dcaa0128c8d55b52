"""One's own profile: what is kept, what is refused, and pictures that are nothing but pictures."""

import io
import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from PIL import Image, ImageChops, ImageOps, ImageStat
from sqlalchemy import text
from starlette.applications import Starlette

from convosphere.core.database import Database
from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity import ways
from convosphere.identity.errors import AvatarRefusedError
from convosphere.identity.pictures import SIDE, SMALLEST_PART, Part, make_picture
from convosphere.identity.routes import avatars as avatar_routes
from convosphere.identity.service import avatars, profiles
from tests.fixtures.people import People


def picture(form: str = "PNG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object) -> bytes:
    image = Image.new(mode, size)
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "white" if mode != "P" else 1))
    encoded = io.BytesIO()
    image.save(encoded, form, **options)
    return encoded.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_says(width: int, height: int, *, rows: int = 0) -> bytes:
    """A head that promises so many pixels, with a few of them."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(rows * (1 + 3 * width)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "A camera of Ada's"
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif, comment=b"<script>alert(1)</script>")


@pytest.mark.parametrize(
    "data",
    [
        picture("PNG"), picture("JPEG"), picture("WEBP"), picture("GIF", mode="P"), picture("PNG", mode="RGBA"),
        picture("PNG", mode="L"), picture("PNG", mode="1"), picture("PNG", mode="P"), picture("JPEG", mode="CMYK"),
        picture("PNG", size=(1, 1)), picture("PNG", size=(3, 2000)), picture("JPEG", size=(6000, 4000)),
    ],
)  # fmt: skip
def test_pictures_become_small_squares(data: bytes) -> None:
    made = make_picture(data)
    with Image.open(io.BytesIO(made.image)) as opened:
        assert (opened.format, opened.size) == ("WEBP", (SIDE, SIDE))
        assert len(opened.getexif()) == 0
    assert len(made.digest) == 32


def test_nothing_of_the_file_but_its_pixels_remains() -> None:
    made = make_picture(with_place()).image
    for trace in (b"camera", b"script", b"Exif", b"EXIF"):
        assert trace not in made
    behind = make_picture(picture("PNG") + b"PK\x03\x04 and a whole archive").image
    assert b"archive" not in behind


def test_a_picture_stands_as_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was held upright: what is left in the file is at the top.
    with Image.open(io.BytesIO(make_picture(picture("JPEG", size=(400, 400), exif=exif)).image)) as opened:
        turned = opened.convert("L")
    assert turned.getpixel((SIDE // 2, 20)) > 200
    assert turned.getpixel((SIDE // 2, SIDE - 20)) < 60


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("part", [Part(), Part(0, 1, 1), Part(1, 0, 0.5), Part(0.2, 0.7, SMALLEST_PART)])
def test_the_part_is_cut_out_of_the_picture_as_it_is_seen(orientation: int, part: Part) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    painted = Image.merge("RGB", [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.new("L", (256, 256))])
    painted = painted.rotate(30).resize((300, 200))
    data = io.BytesIO()
    painted.save(data, "PNG", exif=exif)
    seen = ImageOps.exif_transpose(Image.open(data)).convert("RGB")
    side = part.side * min(seen.size)
    left, top = part.x * (seen.width - side), part.y * (seen.height - side)
    wanted = seen.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side))
    with Image.open(io.BytesIO(make_picture(data.getvalue(), part).image)) as made:
        difference = ImageStat.Stat(ImageChops.difference(made.convert("RGB"), wanted))
    assert max(difference.mean) < 3


def test_a_part_of_a_large_photograph_stays_sharp() -> None:
    data = picture("JPEG", size=(4000, 3000))
    with Image.open(io.BytesIO(make_picture(data, Part(0.5, 0.5, SMALLEST_PART)).image)) as made:
        edge = made.convert("L").crop((SIDE // 2 - 4, 100, SIDE // 2 + 4, 101))
    assert edge.getpixel((0, 0)) > 200
    assert edge.getpixel((7, 0)) < 60


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<html><script>", b"%PDF-1.7",
        picture("BMP"), picture("TIFF"), picture("PNG")[:200], picture("JPEG")[:300], bytes(1000), picture("ICO"),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(AvatarRefusedError):
        make_picture(data)


@pytest.mark.parametrize(
    "data",
    [
        png_that_says(20_000, 20_000),
        png_that_says(20_000, 20_000, rows=50),
        png_that_says(4_294_967_295 // 2, 4),
        png_that_says(12_001, 1),
        png_that_says(5_000, 5_000),
        png_that_says(9_500, 9_500),
        picture("JPEG", size=(13_000, 100)),
    ],
)
def test_what_would_burst_is_refused_before_it_is_decoded(data: bytes) -> None:
    assert len(data) < 10_000_000
    with pytest.raises(AvatarRefusedError):
        make_picture(data)


def test_a_text_that_unpacks_to_much_is_refused_or_left_out() -> None:
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(200_000_000), 9))
    whole = picture("PNG")
    with pytest.raises(AvatarRefusedError):
        make_picture(whole[:33] + bomb + whole[33:])


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
