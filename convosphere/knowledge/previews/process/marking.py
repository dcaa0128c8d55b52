"""`python -m …process.marking`: a page that was made, with the passage marked that stands on its input."""

import sys
from typing import Final

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.office.marks import mark_passage
from convosphere.knowledge.previews.process.serving import serve
from convosphere.knowledge.previews.schemas import MOST_BYTES

_MOST_TOLD: Final = 200_000


def mark(source: Source, _number: int) -> bytes:
    """The page with its marks."""
    passage = sys.stdin.buffer.read(_MOST_TOLD).decode(errors="replace")
    return mark_passage(source.read(MOST_BYTES).decode(errors="replace"), passage).encode()


if __name__ == "__main__":
    serve({DocumentType.HTML: mark})
