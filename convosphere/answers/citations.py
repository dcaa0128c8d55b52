"""Citation marks in an answer's text: `[1]`, `[2, 3]`."""

import re
from collections.abc import Callable, Collection

_MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")
# Code, mathematics as `assets/markdown.js` knows it, and addresses of links: brackets mean something else there. No
# part can run past the next one of its kind, so that a text is looked through once, whatever it says.
_APART = re.compile(
    r"(```.*?(?:```|\Z)|^ {0,3}~~~.*?(?:^ {0,3}~~~|\Z)|`[^`\n]*`"
    r"|\$\$.*?\$\$|^ {0,3}\$\$.*\Z|\\\[(?:(?!\\\[).)*?\\\]|\\\((?:(?!\\\()[^\n])*?\\\)"
    r"|(?<![\\$\w])\$(?![\s$])[^$\n]*(?<![\s\\])\$(?![\d$])"
    r"|^ {0,3}\[[^\]\n]{1,100}\]:[ \t]*<?[A-Za-z][\w+.-]{,30}:[^\n]*)",
    re.DOTALL | re.MULTILINE,
)
_ADDRESS = re.compile(r" {0,3}\[(\d{1,3})\]:")


def cited_numbers(text: str) -> set[int]:
    """The numbers that a text cites outside of code and mathematics."""
    parts = _APART.split(text)
    others = _others(parts)
    marks = (_numbers(mark) for part in parts[::2] for mark in _MARK.findall(part))
    return {number for mark in marks if others.isdisjoint(mark) for number in mark}


def link_citations(text: str, numbers: Collection[int], address: Callable[[int], str]) -> str:
    """Turn marks of known numbers into Markdown links and drop those of unknown ones; what is no mark stays."""
    return replace_citations(text, numbers, lambda number: f"[{number}]({address(number)})")


def replace_citations(text: str, numbers: Collection[int], mark: Callable[[int], str]) -> str:
    """The same with any other mark for each number. Where nothing can be cited, brackets are no marks at all."""
    if not numbers:
        return text
    parts = _APART.split(text)
    others = _others(parts)

    def replace(match: re.Match[str]) -> str:
        wanted = _numbers(match[1])
        if not others.isdisjoint(wanted):
            return match[0]
        return "".join(mark(number) for number in wanted if number in numbers)

    return "".join(part if index % 2 else _MARK.sub(replace, part) for index, part in enumerate(parts))


def _numbers(mark: str) -> list[int]:
    return [int(number) for number in re.split(r"[,;]", mark)]


def _others(parts: list[str]) -> set[int]:
    """Numbers that no passage has: those of addresses, as in `[here][1]` with `[1]: https://…` below it, and 0."""
    return {0} | {int(found[1]) for part in parts[1::2] if (found := _ADDRESS.match(part))}
