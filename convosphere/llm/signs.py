"""Makes of what a model says a text that can be stored and sent."""

import re
from dataclasses import replace

from convosphere.llm.schemas import StreamEvent, TextPiece

_BROKEN = re.compile("[\x00\ud800-\udfff]")
_FIRST_HALVES = range(0xD800, 0xDC00)


class WholeSigns:
    """For one stream: joins signs whose two halves come in two pieces, replaces lone halves and leaves out NUL."""

    def __init__(self) -> None:
        self._half = ""

    def mend(self, event: StreamEvent) -> StreamEvent:
        """The event with a whole text; a half at the end waits for the next piece."""
        if not isinstance(event, TextPiece) or not (self._half or _BROKEN.search(event.text)):
            return event
        text = self._half + event.text
        self._half = text[-1] if text and ord(text[-1]) in _FIRST_HALVES else ""
        whole = text.removesuffix(self._half) if self._half else text
        signs = whole.replace("\x00", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return replace(event, text=signs)
