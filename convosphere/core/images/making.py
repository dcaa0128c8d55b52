"""How images are made of a stranger's bytes. For a process of its own, see `apart`."""

import io
import math
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image

from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.schemas import LONGEST_SIDE, MIDDLE, SIDE, MadeImage, Part

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
LONGEST_SIDE_READ: Final = 12_000
# Of a JPEG an eighth of the size is decoded; of the others every pixel, at four bytes, and twice for a moment.
MOST_PIXELS: Final = {"JPEG": 36_000_000}
_MOST_PIXELS_WHOLE: Final = 16_000_000

DAMAGED = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, struct.error, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip

Place = tuple[float, float]


@dataclass(frozen=True)
class Turn:
    """What makes a picture upright, and where in its file a place of the upright picture is."""

    act: Image.Transpose
    place: Callable[[float, float], Place]


# How the camera was held, as Exif 2.3 counts it.
TURNS: Final = {
    2: Turn(Image.Transpose.FLIP_LEFT_RIGHT, lambda x, y: (1 - x, y)),
    3: Turn(Image.Transpose.ROTATE_180, lambda x, y: (1 - x, 1 - y)),
    4: Turn(Image.Transpose.FLIP_TOP_BOTTOM, lambda x, y: (x, 1 - y)),
    5: Turn(Image.Transpose.TRANSPOSE, lambda x, y: (y, x)),
    6: Turn(Image.Transpose.ROTATE_270, lambda x, y: (y, 1 - x)),
    7: Turn(Image.Transpose.TRANSVERSE, lambda x, y: (1 - y, 1 - x)),
    8: Turn(Image.Transpose.ROTATE_90, lambda x, y: (1 - y, x)),
}


def make_image(data: bytes, formats: tuple[str, ...] = FORMATS) -> MadeImage:
    """Shrink an image and encode it anew, upright and on white, so that nothing else of the file remains.

    Of a moving image the first frame is taken.

    Raises:
        ImageRefusedError: it is no image, damaged, or too large.
    """
    with _opened(data, LONGEST_SIDE, formats) as (opened, turn):
        small = _on_white(opened)
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return _encoded(_upright(small, turn), "JPEG", quality=85, optimize=True)


def make_square(data: bytes, part: Part = MIDDLE) -> MadeImage:
    """Cut a square out of a picture and encode it anew, so that nothing else of the file remains: no place, no name.

    Raises:
        ImageRefusedError: it is no picture, damaged, or too large.
    """
    with _opened(data, max(2 * SIDE, math.ceil(SIDE / part.side))) as (opened, turn):
        square = _square(_plain(opened), part, turn)
        bare = Image.new(square.mode, square.size)
        bare.paste(square)
        return _encoded(_upright(bare, turn), "WEBP", quality=85, method=4)


@contextmanager
def _opened(data: bytes, enough: int, formats: tuple[str, ...] = FORMATS) -> Iterator[tuple[Image.Image, Turn | None]]:
    """An image and how it lies. Its size is known from its head, before a pixel is decoded; `enough` pixels will do."""
    try:
        with Image.open(io.BytesIO(data), formats=formats) as opened:
            _check_size(opened)
            opened.draft("RGB", (enough, enough))
            yield opened, TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1))
    except DAMAGED:
        raise ImageRefusedError from None


def _check_size(opened: Image.Image) -> None:
    """By magic: the format is what the bytes say, whatever the file was called."""
    width, height = opened.size
    if max(width, height) > LONGEST_SIDE_READ or width * height > MOST_PIXELS.get(
        opened.format or "", _MOST_PIXELS_WHOLE
    ):
        raise ImageRefusedError


def _on_white(opened: Image.Image) -> Image.Image:
    """The pixels alone: what else a file carried hangs on the object that was read."""
    image = Image.new("RGB", opened.size, "white")
    if opened.has_transparency_data:
        seen = opened.convert("RGBA")
        image.paste(seen, mask=seen.getchannel("A"))
    else:
        image.paste(opened.convert("RGB"))
    return image


def _plain(opened: Image.Image) -> Image.Image:
    mode = "RGBA" if opened.has_transparency_data else "RGB"
    return opened if opened.mode == mode else opened.convert(mode)


def _square(image: Image.Image, part: Part, turn: Turn | None) -> Image.Image:
    """The part in its final size, as it lies in the file."""
    x, y = turn.place(part.x, part.y) if turn else (part.x, part.y)
    side = part.side * min(image.size)
    left, top = x * (image.width - side), y * (image.height - side)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side))


def _upright(image: Image.Image, turn: Turn | None) -> Image.Image:
    return image.transpose(turn.act) if turn else image


def _encoded(image: Image.Image, form: str, **options: object) -> MadeImage:
    encoded = io.BytesIO()
    image.save(encoded, form, **options)
    return MadeImage(encoded.getvalue(), *image.size)
