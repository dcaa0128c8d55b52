"""Frames as the app takes them in: the process may be in the hands of a hostile file, so nothing is believed."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from convosphere.knowledge.parsing.process.frames import Frame

_frames: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="kind")])


def decode_frame(body: bytes) -> Frame:
    """The frame of these bytes.

    Raises:
        ValueError: it is none.
    """
    return _frames.validate_json(body)
