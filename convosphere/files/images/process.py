"""`python -m convosphere.files.images.process`: an image on standard input, what it becomes on standard output.

The answer is width, height and the JPEG. Whatever is wrong with the image ends the process without one.
"""

import sys
from typing import Final

from PIL import Image

from convosphere.core.confined.confinement import confine_memory, confine_process, confine_time
from convosphere.files.errors import ImageRefusedError
from convosphere.files.images.making import make_image
from convosphere.files.images.schemas import HEADER, REFUSED

MEGABYTES: Final = 384
"""Of 16 million pixels, a copy as read, one on white and what shrinks them."""
SECONDS: Final = 20


def main() -> int:
    """Read, confine, make, write."""
    data = sys.stdin.buffer.read()
    Image.preinit()
    confine_process()
    confine_memory(MEGABYTES)
    confine_time(SECONDS)
    try:
        made = make_image(data)
    except (ImageRefusedError, MemoryError):
        return REFUSED
    sys.stdout.buffer.write(HEADER.pack(made.width, made.height) + made.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
