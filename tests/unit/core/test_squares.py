"""Pictures of people and assistants: squares that are nothing but pixels."""

import io
import zlib

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.making import make_square
from convosphere.core.images.schemas import SIDE, SMALLEST_PART, Part
from tests.fixtures.images import chunk, picture, png_that_says, with_place


@pytest.mark.parametrize(
    ("form", "mode", "size"),
    [
        ("PNG", "RGB", (640, 480)), ("JPEG", "RGB", (640, 480)), ("WEBP", "RGB", (640, 480)), ("GIF", "P", (640, 480)),
        ("PNG", "RGBA", (640, 480)), ("PNG", "L", (640, 480)), ("PNG", "1", (640, 480)), ("PNG", "P", (640, 480)),
        ("JPEG", "CMYK", (640, 480)), ("PNG", "RGB", (1, 1)), ("PNG", "RGB", (3, 2000)), ("JPEG", "RGB", (6000, 4000)),
    ],
)  # fmt: skip
def test_pictures_become_small_squares(form: str, mode: str, size: tuple[int, int]) -> None:
    made = make_square(picture(form, size, mode))
    with Image.open(io.BytesIO(made.data)) as opened:
        assert (opened.format, opened.size) == ("WEBP", (SIDE, SIDE))
        assert len(opened.getexif()) == 0
    assert (made.width, made.height) == (SIDE, SIDE)


def test_nothing_of_the_file_but_its_pixels_remains() -> None:
    made = make_square(with_place()).data
    for trace in (b"camera", b"script", b"Exif", b"EXIF"):
        assert trace not in made
    behind = make_square(picture("PNG") + b"PK\x03\x04 and a whole archive").data
    assert b"archive" not in behind


def test_a_picture_stands_as_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was held upright: what is left in the file is at the top.
    with Image.open(io.BytesIO(make_square(picture("JPEG", size=(400, 400), exif=exif)).data)) as opened:
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
    with Image.open(io.BytesIO(make_square(data.getvalue(), part).data)) as made:
        difference = ImageStat.Stat(ImageChops.difference(made.convert("RGB"), wanted))
    assert max(difference.mean) < 3


def test_a_part_of_a_large_photograph_stays_sharp() -> None:
    data = picture("JPEG", size=(4000, 3000))
    with Image.open(io.BytesIO(make_square(data, Part(0.5, 0.5, SMALLEST_PART)).data)) as made:
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
    with pytest.raises(ImageRefusedError):
        make_square(data)


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
    with pytest.raises(ImageRefusedError):
        make_square(data)


def test_a_text_that_unpacks_to_much_is_refused_or_left_out() -> None:
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(200_000_000), 9))
    whole = picture("PNG")
    with pytest.raises(ImageRefusedError):
        make_square(whole[:33] + bomb + whole[33:])
