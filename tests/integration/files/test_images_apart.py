"""Images are made in a process of their own, which takes bombs for what they are, and is not believed."""

import io

import pytest
from PIL import Image

from convosphere.files.errors import ImageRefusedError
from convosphere.files.images import apart
from convosphere.files.images.apart import make_image_apart
from convosphere.files.images.making import make_image


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def test_what_comes_back_is_what_would_be_made_here() -> None:
    for form in ("PNG", "JPEG", "WEBP", "GIF"):
        data = encoded(Image.new("RGB", (3_000, 1_500), "red"), form)
        assert make_image_apart(data) == make_image(data)


def test_the_largest_that_is_taken_fits() -> None:
    made = make_image_apart(encoded(Image.new("RGBA", (4_000, 4_000), (9, 9, 9, 9))))
    assert (made.width, made.height) == (1_568, 1_568)


@pytest.mark.parametrize(
    "image",
    [Image.new("1", (20_000, 20_000)), Image.new("L", (12_001, 1)), Image.new("P", (4_100, 4_000))],
    ids=["20,000 by 20,000", "long", "many pixels"],
)
def test_bombs_are_refused(image: Image.Image) -> None:
    with pytest.raises(ImageRefusedError):
        make_image_apart(encoded(image))


def test_what_is_no_image_is_refused() -> None:
    whole = encoded(Image.new("RGB", (50, 50)))
    for data in (b"", b"no image", b"<svg/>", whole[:60], encoded(Image.new("RGB", (9, 9)), "TIFF")):
        with pytest.raises(ImageRefusedError):
            make_image_apart(data)


@pytest.mark.parametrize("module", ["this", "convosphere.files.images.missing"])
def test_a_process_that_speaks_nonsense_or_dies_is_not_believed(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_MODULE", module)
    with pytest.raises(ImageRefusedError):
        make_image_apart(encoded(Image.new("RGB", (9, 9))))


def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_PATIENCE_SECONDS", 0.01)
    with pytest.raises(ImageRefusedError):
        make_image_apart(encoded(Image.new("RGB", (9, 9))))
