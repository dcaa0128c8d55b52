"""Images before models."""

from dataclasses import dataclass, field
from typing import Final

PIXELS_PER_TOKEN: Final = 750
"""About what providers count an image as; Anthropic documents this figure, OpenAI's tiles come close to it."""


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image before a model, which counts it as about so many tokens."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    tokens: int


def tokens_of(width: int, height: int) -> int:
    """About how many tokens a model counts an image as."""
    return width * height // PIXELS_PER_TOKEN + 1
