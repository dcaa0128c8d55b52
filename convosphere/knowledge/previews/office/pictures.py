"""Pictures of a page: each is made anew, and a page has so many bytes of them as it takes."""

import base64
from html import escape
from typing import Final

from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.making import make_image

_MOST_BYTES: Final = 8_000_000


class Pictures:
    """The pictures of one page, which share one allowance. One that comes again costs nothing to make."""

    def __init__(self) -> None:
        self._left = _MOST_BYTES
        self._made: dict[bytes, str] = {}

    def address(self, data: bytes) -> str:
        """A picture as an address that holds it; "" for what is none, and where there is no more room."""
        address = self._made.get(data)
        if address is None:
            address = self._made[data] = _address_of(data) if self._left > 0 else ""
        self._left -= len(address)
        return address if self._left > 0 else ""

    def tag(self, data: bytes, told: str = "") -> str:
        """A picture as a part of a page; what is none leaves its description."""
        if address := self.address(data):
            return f'<img alt="{escape(told)}" src="{address}">'
        return f"<p>{escape(told)}</p>" if told else ""


def _address_of(data: bytes) -> str:
    try:
        return f"data:image/jpeg;base64,{base64.b64encode(make_image(data).data).decode()}"
    except ImageRefusedError:
        return ""
