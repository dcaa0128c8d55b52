"""`python -m convosphere.core.images.process`: an image on standard input, what it becomes on standard output.

With three numbers, x, y and side of a `Part`, it becomes that square. The answer is width, height and the encoded
image. Whatever is wrong with the image ends the process without one.
"""

import sys
from typing import Final

from PIL import Image

from convosphere.core.confined.confinement import confine_memory, confine_process, confine_time
from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.making import make_image, make_square
from convosphere.core.images.schemas import HEADER, REFUSED, Part

MEGABYTES: Final = 384
"""Of 16 million pixels, a copy as read, one on white and what shrinks them."""
SECONDS: Final = 20


def main(numbers: list[str]) -> int:
    """Read, confine, make, write."""
    data = sys.stdin.buffer.read()
    # Loaded while files may still be opened.
    Image.init()
    confine_process()
    confine_memory(MEGABYTES)
    confine_time(SECONDS)
    try:
        made = make_square(data, Part(*map(float, numbers))) if numbers else make_image(data)
    except (ImageRefusedError, MemoryError):
        return REFUSED
    sys.stdout.buffer.write(HEADER.pack(made.width, made.height) + made.data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
