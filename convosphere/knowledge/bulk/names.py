"""Names within a ZIP: safe on every system, and each there once."""

import re

_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


class Names:
    """Gives out names; two that some system takes for the same get a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def take(self, folder: str, name: str, file_name: str) -> str:
        """The place of a document called `name` in a folder, with the ending that its file came with."""
        dot = file_name.rfind(".")
        ending = file_name[dot:] if dot > 0 else ""
        stem = name[: -len(ending)] if ending and name.lower().endswith(ending.lower()) else name
        parts = [safe for part in folder.split("/") if (safe := _safe(part))]
        wanted = "/".join([*parts, (_safe(stem) or "_")])
        number = self._last.get(f"{wanted}{ending}".casefold(), 0)
        while True:
            number += 1
            place = f"{wanted}{ending}" if number == 1 else f"{wanted} ({number}){ending}"
            if place.casefold() not in self._taken:
                self._taken.add(place.casefold())
                self._last[f"{wanted}{ending}".casefold()] = number
                return place


def _safe(part: str) -> str:
    """One part of a path: no way up, nothing that a system forbids or means something else by."""
    plain = _FORBIDDEN.sub("_", part.replace("/", "_")).strip().rstrip(". ")
    if not plain.strip("."):
        return ""
    return f"_{plain}" if _RESERVED.match(plain) else plain
