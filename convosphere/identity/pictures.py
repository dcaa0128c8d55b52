"""Pictures of people: a stranger's bytes become a small square of our own making."""

import hashlib
import io
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.identity.errors import AvatarRefusedError

MOST_BYTES: Final = 5_000_000
SIDE: Final = 256
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
LONGEST_SIDE: Final = 12_000
SMALLEST_PART: Final = 0.25
# Of a JPEG an eighth of the size is decoded; of the others every pixel, at four bytes, and twice for a moment.
MOST_PIXELS: Final = {"JPEG": 36_000_000, "PNG": 16_000_000, "WEBP": 16_000_000, "GIF": 16_000_000}

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


@dataclass(frozen=True)
class Part:
    """The square of an upright picture that is to be shown.

    `x` and `y`: how much of what is left out lies before it, from 0 to 1; `side`: its length, 1 being the picture's
    shorter side.

    Raises:
        InvalidInputError: a number is not one of these.
    """

    x: float = 0.5
    y: float = 0.5
    side: float = 1.0

    def __post_init__(self) -> None:
        # Written so that it also fails for what is no number.
        if not (0 <= self.x <= 1 and 0 <= self.y <= 1 and SMALLEST_PART <= self.side <= 1):
            raise InvalidInputError(t("The request could not be read."))


MIDDLE: Final = Part()


@dataclass(frozen=True)
class Picture:
    """A square WebP without anything but its pixels, and its digest."""

    image: bytes
    digest: str


def make_picture(data: bytes, part: Part = MIDDLE) -> Picture:
    """Cut a square out of a picture and encode it anew, so that nothing else of the file remains: no place, no name.

    Its size is known from its head, before a pixel is decoded. Blocking; for a thread.

    Raises:
        AvatarRefusedError: it is no picture, damaged, or too large.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            check_size(opened)
            enough = max(2 * SIDE, math.ceil(SIDE / part.side))
            opened.draft("RGB", (enough, enough))
            turn = TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1))
            encoded = io.BytesIO()
            _bare(_square(plain(opened), part, turn), turn).save(encoded, "WEBP", quality=85, method=4)
    except DAMAGED:
        raise AvatarRefusedError from None
    image = encoded.getvalue()
    return Picture(image, hashlib.sha256(image).hexdigest()[:32])


def check_size(opened: Image.Image) -> None:
    """By magic: the format is what the bytes say, whatever the file was called."""
    width, height = opened.size
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS[opened.format or ""]:
        raise AvatarRefusedError


def plain(opened: Image.Image) -> Image.Image:
    mode = "RGBA" if opened.has_transparency_data else "RGB"
    return opened if opened.mode == mode else opened.convert(mode)


def _square(image: Image.Image, part: Part, turn: Turn | None) -> Image.Image:
    """The part in its final size, as it lies in the file."""
    x, y = turn.place(part.x, part.y) if turn else (part.x, part.y)
    side = part.side * min(image.size)
    left, top = x * (image.width - side), y * (image.height - side)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side))


def _bare(square: Image.Image, turn: Turn | None) -> Image.Image:
    """The pixels alone, upright: what else a file carried hangs on the object that was read."""
    bare = Image.new(square.mode, square.size)
    bare.paste(square)
    return bare.transpose(turn.act) if turn else bare
