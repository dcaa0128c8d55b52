"""Names of files that conversations are written to: safe on every system, and told from each other."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from convosphere.files.names import clean_name

LONGEST: Final = 100
"""Characters of a title in a name."""
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys('/\\:*?"<>|', " "))
# What Windows keeps for devices, whatever ending it has.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)


def file_name(title: str, ending: str) -> str:
    """A name for a conversation with this title."""
    return f"{_stem(title)}{ending}"


def unique_names(titles: Sequence[str]) -> list[str]:
    """Names for several, without endings; those of one title are numbered."""
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    names: list[str] = []
    for title in titles:
        stem = name = _stem(title)
        while name.casefold() in taken:
            numbers[stem] += 1
            name = f"{stem} ({numbers[stem] + 1})"
        taken.add(name.casefold())
        names.append(name)
    return names


def _stem(title: str) -> str:
    stem = clean_name(title.translate(_NOT_IN_NAMES))[:LONGEST].strip(". ")
    return f"{stem or 'chat'}-" if stem.casefold().partition(".")[0] in _DEVICES else stem or "chat"
