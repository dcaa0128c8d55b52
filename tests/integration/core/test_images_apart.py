"""Images are made in a process of their own, which takes bombs for what they are, and is not believed."""

import io

import pytest
from PIL import Image

from convosphere.core.images import apart, making
from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.schemas import SIDE, Part


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


async def test_what_comes_back_is_what_would_be_made_here() -> None:
    for form in ("PNG", "JPEG", "WEBP", "GIF"):
        data = encoded(Image.new("RGB", (3_000, 1_500), "red"), form)
        assert await apart.make_image(data) == making.make_image(data)
        part = Part(0, 1, 0.5)
        assert (await apart.make_picture(data, part)).image == making.make_square(data, part).data


async def test_the_largest_that_is_taken_fits() -> None:
    largest = encoded(Image.new("RGBA", (4_000, 4_000), (9, 9, 9, 9)))
    made = await apart.make_image(largest)
    assert (made.width, made.height) == (1_568, 1_568)
    with Image.open(io.BytesIO((await apart.make_picture(largest)).image)) as square:
        assert (square.format, square.size) == ("WEBP", (SIDE, SIDE))


@pytest.mark.parametrize(
    ("mode", "size"),
    [("1", (20_000, 20_000)), ("L", (12_001, 1)), ("P", (4_100, 4_000))],
    ids=["20,000 by 20,000", "long", "many pixels"],
)
async def test_bombs_are_refused(mode: str, size: tuple[int, int]) -> None:
    bomb = encoded(Image.new(mode, size))
    for make in (apart.make_image, apart.make_picture):
        with pytest.raises(ImageRefusedError):
            await make(bomb)


async def test_what_is_no_image_is_refused() -> None:
    whole = encoded(Image.new("RGB", (50, 50)))
    for data in (b"", b"no image", b"<svg/>", whole[:60], encoded(Image.new("RGB", (9, 9)), "TIFF")):
        for make in (apart.make_image, apart.make_picture):
            with pytest.raises(ImageRefusedError):
                await make(data)


@pytest.mark.parametrize("module", ["this", "convosphere.core.images.missing"])
async def test_a_process_of_nonsense_or_death_is_not_believed(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_MODULE", module)
    for make in (apart.make_image, apart.make_picture):
        with pytest.raises(ImageRefusedError):
            await make(encoded(Image.new("RGB", (9, 9))))


async def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_PATIENCE_SECONDS", 0.01)
    for make in (apart.make_image, apart.make_picture):
        with pytest.raises(ImageRefusedError):
            await make(encoded(Image.new("RGB", (9, 9))))
