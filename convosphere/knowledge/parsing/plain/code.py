"""Source code: cut at its definitions, each passage under the names of those that it belongs to."""

import re
from collections.abc import Iterator

from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.plain.text import read_source
from convosphere.knowledge.parsing.schemas import Limits, ReportProgress
from convosphere.knowledge.parsing.sources import Source

_MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|override|open|sealed|partial|"
    r"virtual|inline|unsafe|pub(?:\([^)]*\))?|extern|const|create(?: or replace)?|data)\s+)*"
)
_DEFINITION = re.compile(
    rf"(?P<indent>[ \t]*){_MODIFIERS}"
    r"(?:def|class|function|func|fn|fun|interface|struct|enum|trait|impl|type|module|namespace|record|object|protocol|"
    r"sub|procedure|proc|macro_rules!|table|view|trigger|service|message|resource)\b\*?\s+"
    r"(?:\([^)]*\)\s*)?(?P<name>[\w.:$\"'`<>-]+)",
    re.IGNORECASE,
)
# A method or function of C, C++, C# or Java: types and a name before brackets, and no statement.
_TYPED = re.compile(
    r"(?P<indent>[ \t]*)(?!return\b|else\b|new\b|if\b|for\b|while\b|switch\b|throw\b|await\b|using\b|case\b)"
    r"(?:[\w:<>,\[\]*&?]+[ \t]+)+[*&]*(?P<name>~?[\w:]+)[ \t]*\([^;{}]*\)?[^;=]*\{?[ \t]*$"
)
_ASSIGNED = re.compile(
    r"(?P<indent>[ \t]*)(?:export\s+)?(?:const|let|var)\s+(?P<name>\w+)\s*=\s*(?:async\s*)?(?:\(|function\b|\w+\s*=>)"
)
_SECTION = re.compile(r"(?P<indent>)\[+(?P<name>[\w.\" -]+)\]+\s*$")
_LEADING = re.compile(r"\s*(?:@|#(?!include|define|if|endif)|//|/\*|\*|--|;)")
_LONGEST_NAME = 80
_LONGEST_LINE = 1_000
_MOST_LEADING_LINES = 12
_DEEPEST = 5


def read_code(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read source code as it is."""
    del report
    text, warnings = read_source(source, limits)
    return Draft(list(code_blocks(text)), warnings=warnings, is_named_by_file=True)


def code_blocks(text: str) -> Iterator[Block]:
    """A heading for each line that defines something, with the comments above it; what follows is code."""
    lines = text.split("\n")
    starts = list(_definitions(lines))
    first = starts[0][0] if starts else len(lines)
    yield from _code(lines[:first], tight=False)
    open_indents: list[int] = []
    ends = [*(start for start, *_ in starts), len(lines)][1:]
    for (start, line, indent, name), after in zip(starts, ends, strict=False):
        while open_indents and open_indents[-1] >= indent:
            open_indents.pop()
        open_indents.append(indent)
        heading = "\n".join(lines[start : line + 1])
        tight = start > 0 and bool(lines[start - 1].strip())
        yield Block(BlockKind.HEADING, heading, min(len(open_indents), _DEEPEST), name, tight=tight)
        yield from _code(lines[line + 1 : after], tight=True)


def _definitions(lines: list[str]) -> Iterator[tuple[int, int, int, str]]:
    """For each definition: the line where it starts with its comments, its own line, its indent, its name."""
    free_from = 0
    for number, line in enumerate(lines):
        found = _match(line)
        if found is None:
            continue
        start = number
        while start > max(free_from, number - _MOST_LEADING_LINES) and _LEADING.match(lines[start - 1]):
            start -= 1
        free_from = number + 1
        yield start, number, len(found["indent"].expandtabs(4)), found["name"].strip("\"'`").rstrip(":")[:_LONGEST_NAME]


def _match(line: str) -> re.Match[str] | None:
    if len(line) > _LONGEST_LINE or not line.strip():
        return None
    return _DEFINITION.match(line) or _ASSIGNED.match(line) or _SECTION.match(line) or _typed(line)


def _typed(line: str) -> re.Match[str] | None:
    return _TYPED.match(line) if "(" in line and line.rstrip().endswith(("{", ")")) else None


def _code(lines: list[str], *, tight: bool) -> Iterator[Block]:
    """Stretches between empty lines."""
    stretch: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            stretch.append(line)
        elif stretch:
            yield Block(BlockKind.CODE, "\n".join(stretch), tight=tight)
            stretch, tight = [], False
