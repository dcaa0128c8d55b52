"""What is shown of a document."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

Part = Literal["image", "html", "thumbnail"]
"""What is made of a file: the column `document_preview.kind`."""
LONGEST_SIDE: Final = 1_568
MOST_BYTES: Final = 16_000_000
"""Of anything that is made; more is taken for a hostile process."""
HEADER: Final = struct.Struct(">I")
"""Length of what follows."""
REFUSED: Final = 3
"""With this a process ends where there is nothing to be made."""


@dataclass(frozen=True)
class Source:
    """A version's file. `may_take`: whoever asked may have it, and not only see what it shows."""

    document_id: UUID
    version_id: UUID
    workspace_id: UUID
    name: str
    media_type: str
    sha256: str
    path: Path
    may_take: bool
