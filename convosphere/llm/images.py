"""Images before models."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image before a model, which counts it as about so many tokens."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    tokens: int
