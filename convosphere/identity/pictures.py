"""Pictures of people: a stranger's bytes become a small square of our own making."""

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image, ImageOps

from convosphere.identity.errors import AvatarRefusedError

MOST_BYTES: Final = 5_000_000
SIDE: Final = 256
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
LONGEST_SIDE: Final = 12_000
# Of a JPEG an eighth of the size is decoded; of the others every pixel, at four bytes, and twice for a moment.
MOST_PIXELS: Final = {"JPEG": 36_000_000, "PNG": 16_000_000, "WEBP": 16_000_000, "GIF": 16_000_000}

_DAMAGED = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, struct.error, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip

# How the camera was held, as Exif 2.3 counts it.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """A square WebP without anything but its pixels, and its digest."""

    image: bytes
    digest: str


def make_picture(data: bytes) -> Picture:
    """Cut the middle out of a picture and encode it anew, so that nothing else of the file remains: no place, no name.

    Its size is known from its head, before a pixel is decoded. Blocking; for a thread.

    Raises:
        AvatarRefusedError: it is no picture, damaged, or too large.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            _check_size(opened)
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))
            turned = opened.getexif().get(ExifTags.Base.Orientation, 1)
            square = ImageOps.fit(_plain(opened), (SIDE, SIDE), Image.Resampling.LANCZOS)
            encoded = io.BytesIO()
            _bare(square, turned).save(encoded, "WEBP", quality=85, method=4)
    except _DAMAGED:
        raise AvatarRefusedError from None
    image = encoded.getvalue()
    return Picture(image, hashlib.sha256(image).hexdigest()[:32])


def _check_size(opened: Image.Image) -> None:
    """By magic: the format is what the bytes say, whatever the file was called."""
    width, height = opened.size
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS[opened.format or ""]:
        raise AvatarRefusedError


def _plain(opened: Image.Image) -> Image.Image:
    mode = "RGBA" if opened.has_transparency_data else "RGB"
    return opened if opened.mode == mode else opened.convert(mode)


def _bare(square: Image.Image, orientation: int) -> Image.Image:
    """The pixels alone, upright: what else a file carried hangs on the object that was read."""
    bare = Image.new(square.mode, square.size)
    bare.paste(square)
    turn = _TURNS.get(orientation)
    return bare if turn is None else bare.transpose(turn)
