"""What these processes have in common: `python -m …process.images TYPE PATH NUMBER`, with what is made on output.

The answer is its length and its bytes. Whatever is wrong with the file ends the process without one.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NoReturn

from convosphere.core.confined.confinement import confine_memory, confine_process, confine_time
from convosphere.core.images.errors import ImageRefusedError
from convosphere.knowledge.parsing.detection import check_type
from convosphere.knowledge.parsing.errors import ParseError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.schemas import HEADER, REFUSED

MEGABYTES: Final = 512
SECONDS: Final = 20

Make = Callable[[Source, int], bytes]
"""Makes something of a file; the number says which page."""


def serve(makers: Mapping[DocumentType, Make]) -> NoReturn:
    """Confine, make, write, end. What a library needs is loaded before, while files may still be opened."""
    kind, path, number = sys.argv[1:]
    confine_process()
    confine_memory(MEGABYTES)
    confine_time(SECONDS)
    source = Source(Path(path))
    try:
        check_type(source, DocumentType(kind))
        made = makers[DocumentType(kind)](source, int(number))
    except (ParseError, ImageRefusedError, MemoryError, RecursionError):
        sys.exit(REFUSED)
    sys.stdout.buffer.write(HEADER.pack(len(made)) + made)
    sys.exit(0)
