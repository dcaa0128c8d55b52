"""The product's end: has an image made, and believes nothing of what comes back.

Decoders of images have been broken into by images, so each is decoded in a process without network, secrets or much
memory, that lives for it alone.
"""

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.core.images.bare import is_bare_jpeg
from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.schemas import HEADER, LONGEST_SIDE, MIDDLE, REFUSED, SIDE, MadeImage, Part, Picture

_log = structlog.get_logger(__name__)
_MODULE: Final = "convosphere.core.images.process"
_JPEG: Final = b"\xff\xd8\xff"
_WEBP: Final = b"RIFF"
_PATIENCE_SECONDS: Final = 40.0

# One at a time, since the process of a large image takes 230 MB for a moment.
_threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="images")


async def make_image(data: bytes) -> MadeImage:
    """The same as `making.make_image`, apart.

    Raises:
        ImageRefusedError: it is no image, damaged, too large, or more than the process could take.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads, _make_image, data)


async def make_picture(data: bytes, part: Part = MIDDLE) -> Picture:
    """The same as `making.make_square`, apart.

    Raises:
        ImageRefusedError: as above.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads, _make_picture, data, part)


async def keep_or_make_image(data: bytes) -> MadeImage:
    """An image as it came, if it is one of ours, can be drawn and holds nothing but pixels; else made anew.

    Raises:
        ImageRefusedError: as above.
    """
    made = await make_image(data)
    return MadeImage(data, made.width, made.height) if is_bare_jpeg(data, made.width, made.height) else made


def _make_image(data: bytes) -> MadeImage:
    made = _told(data)
    if not (0 < made.width <= LONGEST_SIDE and 0 < made.height <= LONGEST_SIDE and made.data.startswith(_JPEG)):
        raise ImageRefusedError
    return made


def _make_picture(data: bytes, part: Part) -> Picture:
    made = _told(data, part.x, part.y, part.side)
    if not ((made.width, made.height) == (SIDE, SIDE) and made.data.startswith(_WEBP)):
        raise ImageRefusedError
    return Picture(made.data)


def _told(data: bytes, *numbers: float) -> MadeImage:
    """What a process says of an image; whether that can be is for others to see."""
    command = [*without_network(), sys.executable, "-m", _MODULE, *map(str, numbers)]
    try:
        made = subprocess.run(  # noqa: S603  # Of constants and numbers.
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean_environment(),
            timeout=_PATIENCE_SECONDS, start_new_session=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        _log.warning("image_took_too_long", size=len(data))
        raise ImageRefusedError from None
    if made.returncode not in {0, REFUSED}:
        _log.warning("image_process_died", size=len(data), status=made.returncode)
    if made.returncode:
        raise ImageRefusedError
    width, height = HEADER.unpack(made.stdout[: HEADER.size].ljust(HEADER.size, b"\0"))
    return MadeImage(made.stdout[HEADER.size :], width, height)
