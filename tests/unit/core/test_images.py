"""Images for models: small, upright, bare; and nothing else gets through."""

import io

import pytest
from PIL import Image

from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.making import make_image
from convosphere.core.images.schemas import LONGEST_SIDE


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_images_become_small_jpegs(form: str) -> None:
    made = make_image(encoded(Image.new("RGB", (3_000, 1_500), "red"), form))
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.size) == ("JPEG", (LONGEST_SIDE, LONGEST_SIDE // 2))
    assert (made.width, made.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_what_a_camera_says_of_a_place_is_gone_and_the_image_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    made = make_image(encoded(Image.new("RGB", (40, 20)), "JPEG", exif=exif))
    assert (made.width, made.height) == (20, 40)
    assert b"secret" not in made.data
    with Image.open(io.BytesIO(made.data)) as image:
        assert not image.getexif()


def test_transparency_becomes_white() -> None:
    made = make_image(encoded(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG"))
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"no image", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        encoded(Image.new("RGB", (50, 50)), "PNG")[:60], encoded(Image.new("L", (13_000, 1)), "PNG"),
        encoded(Image.new("1", (5_000, 5_000)), "PNG"), encoded(Image.new("RGB", (9, 9)), "TIFF"),
    ],
)  # fmt: skip
def test_what_is_none_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(ImageRefusedError):
        make_image(data)
