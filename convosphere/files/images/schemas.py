"""What an image may be, and what becomes of it."""

import struct
from dataclasses import dataclass, field
from typing import Final

MOST_BYTES: Final = 20_000_000
LONGEST_SIDE: Final = 1_568
"""Models shrink what is larger themselves, and are paid for it."""

HEADER: Final = struct.Struct(">HH")
"""Width and height, before the image, as the process says them."""
REFUSED: Final = 3
"""With this it ends where there is no image to be made."""


@dataclass(frozen=True)
class MadeImage:
    """A JPEG without anything but its pixels."""

    data: bytes = field(repr=False)
    width: int
    height: int
