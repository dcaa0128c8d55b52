"""Citation marks in an answer's text: `[1]`, `[2, 3]`."""

import re
from collections.abc import Callable, Collection

_MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")
_FENCE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)


def cited_numbers(text: str) -> set[int]:
    """The numbers that a text cites outside of code."""
    marks = (mark for part in _prose(text) for mark in _MARK.findall(part))
    return {int(number) for mark in marks for number in re.split(r"[,;]", mark)}


def link_citations(text: str, numbers: Collection[int], address: Callable[[int], str]) -> str:
    """Turn marks of known numbers into Markdown links, drop marks of unknown ones, leave code as it is."""
    return replace_citations(text, numbers, lambda number: f"[{number}]({address(number)})")


def replace_citations(text: str, numbers: Collection[int], mark: Callable[[int], str]) -> str:
    """The same with any other mark for each number."""

    def replace(match: re.Match[str]) -> str:
        wanted = [int(number) for number in re.split(r"[,;]", match[1])]
        return "".join(mark(number) for number in wanted if number in numbers)

    parts = _FENCE.split(text)
    return "".join(part if index % 2 else _MARK.sub(replace, part) for index, part in enumerate(parts))


def _prose(text: str) -> list[str]:
    return _FENCE.split(text)[::2]
