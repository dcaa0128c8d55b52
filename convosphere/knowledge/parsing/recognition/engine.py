"""Asks tesseract what stands in a picture. It runs confined as its reader is, and is ended with it."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from convosphere.knowledge.parsing.cleaning import clean
from convosphere.knowledge.parsing.errors import TooComplexError

VARIABLE: Final = "TESSERACT"
"""The variable of the reading process that names the program."""
MOST_PIXELS: Final = 100_000_000
_USEFUL_PIXELS: Final = 12_000_000
"""An A4 page at 300 dots per inch has nine million."""
_LANGUAGES: Final = ("deu", "eng")
_SHARE: Final = 0.7
"""Of the time for a file; the rest is for what is made of the text."""
_SET_PARENT_DEATH_SIGNAL: Final = 1


class TimeUpError(TimeoutError):
    """There is no time left for a further picture."""


def find_program() -> str:
    """The path of tesseract, "" if the system has none."""
    return shutil.which("tesseract") or ""


class Engine:
    """Recognises the pictures of one file, as long as its time lasts."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + _SHARE * seconds
        self._program = os.environ[VARIABLE]

    def recognise(self, picture: Image.Image) -> str:
        """The cleaned text of a picture, "" if there is none.

        Raises:
            TooComplexError: it is larger than any page.
            TimeUpError: there is no time left.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeUpError
        if picture.width * picture.height > MOST_PIXELS:
            raise TooComplexError
        command = [self._program, "stdin", "stdout", "-l", _languages(self._program)]
        try:
            done = subprocess.run(  # noqa: S603  # A fixed command; the picture goes in by a pipe.
                command, input=_plain(picture), capture_output=True, timeout=left, check=False, preexec_fn=_die_too,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise TimeUpError from None
        return clean(done.stdout.decode(errors="replace")).strip()


def _plain(picture: Image.Image) -> bytes:
    """A grey PNG, upright, no larger than is useful."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"RGBA", "LA", "PA", "P"}:  # What is transparent is paper.
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    grey = upright.convert("L")
    if (pixels := grey.width * grey.height) > _USEFUL_PIXELS:
        grey = grey.reduce(round((pixels / _USEFUL_PIXELS) ** 0.5 + 0.5))
    target = BytesIO()
    grey.save(target, "PNG", compress_level=1, dpi=(300, 300))
    return target.getvalue()


@cache
def _languages(program: str) -> str:
    """German and English, as far as they are installed."""
    told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    known = [language for language in _LANGUAGES if language in told.stdout.split()]
    return "+".join(known) or "eng"


def _die_too() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
