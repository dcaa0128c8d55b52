"""A JSON file of any size as its conversations, one after the other, in memory for one of them."""

from collections.abc import Iterator
from typing import Any, Final

import ijson

from convosphere.chat.transfer.reading.archive import TextFile
from convosphere.chat.transfer.reading.errors import Fault, ImportRefusedError
from convosphere.core.i18n import t

LARGEST_ITEM: Final = 64_000_000
"""Bytes of one conversation."""
MOST_EVENTS: Final = 2_000_000
"""Names, values and brackets of one: many small ones take more memory than bytes."""
DEEPEST: Final = 60
"""ChatGPT's reach about twenty."""
_CHUNK = 64 * 1024
_OPENING: Final = frozenset({"start_map", "start_array"})
_CLOSING: Final = frozenset({"end_map", "end_array"})
_LISTED: Final = "conversations"

Event = tuple[str, Any]


class _Limited:
    """A file from which nothing is read for one conversation that would not fit."""

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self.since = 0

    def read(self, size: int = _CHUNK) -> bytes:
        self.since += size
        # A single text may be as long as the file: nothing tells of it before its end.
        if self.since > 2 * LARGEST_ITEM:
            raise ImportRefusedError(t("A single text in this file is too large to be read."))
        return self._file.read(size)


class ItemReader:
    """Iterates over what the list in a file holds; `head` is what stands before the list.

    A file is a list, an object with a list of `conversations`, or a single object. `is_damaged` says that it ended in
    the middle, or is no JSON from somewhere on: what came before that counts.

    Raises:
        ImportRefusedError: while iterating, it is no JSON, or holds something that does not fit into memory.
    """

    def __init__(self, file: TextFile) -> None:
        self._limited = _Limited(file)
        self._events: Iterator[Event] = ijson.basic_parse(self._limited, use_float=True, buf_size=_CHUNK)
        self._has_begun = False
        self.head: dict[str, object] = {}
        self.is_damaged = False

    def __iter__(self) -> Iterator[object | Fault]:
        try:
            yield from self._items()
        except (ijson.JSONError, UnicodeDecodeError):  # The former also where it ends too early.
            if not self._has_begun:
                raise ImportRefusedError(_NO_JSON) from None
            self.is_damaged = True

    def _items(self) -> Iterator[object | Fault]:
        event = next(self._events, ("", None))[0]
        if event == "start_array":
            yield from self._listed()
        elif event == "start_map":
            yield from self._object()
        else:
            raise ImportRefusedError(_NO_JSON)

    def _listed(self) -> Iterator[object | Fault]:
        for event, value in self._events:
            self._has_begun = True
            if event == "end_array":
                return
            yield self._value(event, value)
            self._limited.since = 0

    def _object(self) -> Iterator[object | Fault]:
        """An object's list of conversations, or the object itself, if it has none."""
        is_list = False
        for event, name in self._events:
            if event == "end_map":
                break
            following, value = next(self._events)
            if name == _LISTED and following == "start_array":
                is_list = True
                yield from self._listed()
            elif isinstance(found := self._value(following, value), Fault):
                yield found
            elif not is_list:  # What stands behind the list says nothing that is needed.
                self.head[str(name)] = found
        if not is_list:
            self._has_begun = True
            yield self.head

    def _value(self, event: str, value: object) -> object | Fault:
        """The value that begins with an event, without what no database keeps."""
        builder: ijson.ObjectBuilder | None = ijson.ObjectBuilder()
        builder.event(event, _clean(value))
        depth, events, fault = int(event in _OPENING), 1, None
        while depth:
            event, value = next(self._events)
            depth += (event in _OPENING) - (event in _CLOSING)
            events += 1
            if fault is None and (fault := self._fault(depth, events)):
                builder = None
            if builder:
                builder.event(event, _clean(value))
            else:
                self._limited.since = 0
        return builder.value if builder else fault or Fault.DAMAGED

    def _fault(self, depth: int, events: int) -> Fault | None:
        if depth > DEEPEST:
            return Fault.TOO_DEEP
        return Fault.TOO_LARGE if self._limited.since > LARGEST_ITEM or events > MOST_EVENTS else None


_NO_JSON = t("This file is no JSON. Choose an export of ConvoSphere, Open WebUI or ChatGPT.")


def _clean(value: object) -> object:
    if isinstance(value, str) and ("\x00" in value or not value.isascii()):
        return value.replace("\x00", "").encode(errors="replace").decode()
    return value
