"""How documents are asked for and come back."""

import struct
from typing import Final

LENGTH: Final = struct.Struct(">Q")
"""Before each request and each answer: how many bytes follow."""
LONGEST: Final = 1_000_000_000
"""Bytes of an answer that are believed."""
