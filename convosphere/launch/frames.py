"""Which frames of a socket are let through: those that a page of ours sends (Socket.IO protocol 5, Engine.IO 4).

Anything else would be refused further in as well, but with a log entry that repeats it whole, cookies included.
"""

import json
from collections.abc import Container
from contextlib import suppress

_BARE = {"1", "2", "3", "40/_event,", "41/_event,"}  # Close, ping, pong, connect, disconnect.
_CONNECT = "40/_event,"
_WITH_CONTENT = (_CONNECT, "42/_event,")  # Connect, event.


def is_frame_of_page(frame: str | None, handlers: Container[str]) -> bool:
    """Whether a page of ours can have sent a frame; `handlers` are the names of all events that there are."""
    if frame is None:  # Bytes.
        return False
    kind = next((kind for kind in _WITH_CONTENT if frame.startswith(kind) and frame != kind), "")
    if not kind:
        return frame in _BARE
    try:
        return _is_content(kind, json.loads(frame.removeprefix(kind)), handlers)
    except (ValueError, RecursionError):
        return False


def is_connection(frame: str | None) -> bool:
    """Whether a frame opens what events go through, as the first of each line does."""
    return frame is not None and frame.startswith(_CONNECT)


def is_return(frame: str) -> bool:
    """Whether the page was connected before: one that begins says which defaults it was built with."""
    with suppress(ValueError, RecursionError):
        match json.loads(frame.removeprefix(_CONNECT)):
            case {"event": {"payload": {"hashes": _}}}:
                return False
            case {"event": _}:
                return True
    return False


def _is_content(kind: str, content: object, handlers: Container[str]) -> bool:
    match kind, content:
        case ("40/_event,", {"event": event}) | ("42/_event,", ["event", event]):
            return isinstance(event, dict) and _is_event(event, handlers)
        case ("40/_event,", dict()) | ("42/_event,", ["client_error", dict()] | ["ping"]):
            return True
    return False


def _is_event(event: dict[str, object], handlers: Container[str]) -> bool:
    name, payload, place = event.get("name"), event.get("payload", {}), event.get("router_data", {})
    if not (isinstance(name, str) and isinstance(payload, dict) and isinstance(place, dict)):
        return False
    texts = (place.get("pathname", ""), place.get("asPath", ""))
    return (
        name in handlers and isinstance(place.get("query", {}), dict) and all(isinstance(text, str) for text in texts)
    )
