"""What an image may be, and what becomes of it."""

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Final

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t

MOST_BYTES: Final = 20_000_000
LONGEST_SIDE: Final = 1_568
"""Models shrink what is larger themselves, and are paid for it."""

MOST_BYTES_OF_SQUARE: Final = 5_000_000
SIDE: Final = 256
SMALLEST_PART: Final = 0.25

HEADER: Final = struct.Struct(">HH")
"""Width and height, before the image, as the process says them."""
REFUSED: Final = 3
"""With this it ends where there is no image to be made."""


@dataclass(frozen=True)
class MadeImage:
    """A JPEG without anything but its pixels; of a square, a WebP."""

    data: bytes = field(repr=False)
    width: int
    height: int


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
    """A square WebP without anything but its pixels."""

    image: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """What names it in addresses."""
        return hashlib.sha256(self.image).hexdigest()[:32]
