"""The product's end: has an image made, and believes nothing of what comes back."""

import subprocess
import sys
from typing import Final

import structlog

from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.files.errors import ImageRefusedError
from convosphere.files.images.schemas import HEADER, LONGEST_SIDE, REFUSED, MadeImage

_log = structlog.get_logger(__name__)
_MODULE: Final = "convosphere.files.images.process"
_JPEG: Final = b"\xff\xd8\xff"
_PATIENCE_SECONDS: Final = 40.0


def make_image_apart(data: bytes) -> MadeImage:
    """The same as `making.make_image`, in a process without network, secrets or much memory that lives for one image.

    Decoders of images have been broken into by images. Blocking; for a thread.

    Raises:
        ImageRefusedError: it is no image, damaged, too large, or more than the process could take.
    """
    command = [*without_network(), sys.executable, "-m", _MODULE]
    try:
        made = subprocess.run(  # noqa: S603  # Of constants.
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
    return _checked(made.stdout)


def _checked(told: bytes) -> MadeImage:
    image = told[HEADER.size :]
    width, height = HEADER.unpack(told[: HEADER.size].ljust(HEADER.size, b"\0"))
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and image.startswith(_JPEG)):
        raise ImageRefusedError
    return MadeImage(image, width, height)
