"""People who are named in a message, such as `@Ada Lovelace`."""

from collections.abc import Mapping
from uuid import UUID


def mentioned(text: str, names: Mapping[UUID, str]) -> set[UUID]:
    """Those whose whole name stands behind an @; where one name begins another, the longer one counts."""
    words = text.casefold()
    folded = {person: name.casefold() for person, name in names.items() if name}
    found: set[UUID] = set()
    for place, sign in enumerate(words):
        if sign == "@" and not words[place - 1 : place].isalnum():
            here = {name for name in folded.values() if _stands_at(words, place + 1, name)}
            longest = max(here, key=len, default="")
            found |= {person for person, name in folded.items() if name == longest}
    return found


def _stands_at(words: str, place: int, name: str) -> bool:
    end = place + len(name)
    return words.startswith(name, place) and not words[end : end + 1].isalnum()
