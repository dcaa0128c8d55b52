"""JSON, whole or a value in each line: cut along its structure, with the way to each part as heading."""

import json
from collections.abc import Iterator
from typing import TypeAlias

from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.errors import TooComplexError
from convosphere.knowledge.parsing.plain.text import read_source, text_blocks
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | float | bool | None"
_WHOLE = 900
"""Characters up to which a value is not cut."""
_DEEPEST_HEADING = 6
_LONGEST_KEY = 120
_WRITER = json.JSONEncoder(ensure_ascii=False, indent=1)


def read_json(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read JSON; what is none is read as text, with a warning.

    Raises:
        TooComplexError: values are nested beyond the limit.
    """
    del report
    text, warnings = read_source(source, limits)
    try:
        blocks = list(_blocks(_value(text), 1, limits.depth))
    except ValueError:
        warnings.append(ParseWarning(WarningCode.NOT_WELL_FORMED))
        blocks = text_blocks(text)
    except RecursionError:
        raise TooComplexError from None
    return Draft(blocks, warnings=warnings, is_named_by_file=True)


def _value(text: str) -> JsonValue:
    """The value of a file, a list for one in each line."""
    try:
        return json.loads(text)
    except ValueError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:
            raise
        return [json.loads(line) for line in lines]


def _blocks(value: JsonValue, level: int, depth: int) -> Iterator[Block]:
    if depth < 0:
        raise TooComplexError
    if not isinstance(value, dict | list) or _length(value) <= _WHOLE:
        yield Block(BlockKind.CODE, _written(value))
    elif isinstance(value, dict):
        yield from _members(value, level, depth)
    else:
        yield from _items(value, level, depth)


def _members(value: dict[str, JsonValue], level: int, depth: int) -> Iterator[Block]:
    """Small members together, each large one under a heading of its own."""
    small: dict[str, JsonValue] = {}
    for key, member in value.items():
        if _length(member) <= _WHOLE // 2:
            small[key] = member
            if _length(small) < _WHOLE:
                continue
        if small:
            yield Block(BlockKind.CODE, _written(small))
        if key not in small:
            yield _heading(key, level)
            yield from _blocks(member, level + 1, depth - 1)
        small = {}
    if small:
        yield Block(BlockKind.CODE, _written(small))


def _items(value: list[JsonValue], level: int, depth: int) -> Iterator[Block]:
    """Small items in groups under the range of their numbers."""
    start, group, length = 0, list[JsonValue](), 0
    for number, item in enumerate(value):
        size = _length(item)
        if group and length + size > _WHOLE:
            yield from _group(group, start, level, depth)
            start, group, length = number, [], 0
        group.append(item)
        length += size
    yield from _group(group, start, level, depth)


def _group(group: list[JsonValue], start: int, level: int, depth: int) -> Iterator[Block]:
    last = start + len(group) - 1
    yield _heading(f"[{start}]" if last == start else f"[{start}–{last}]", level)
    if len(group) == 1:
        yield from _blocks(group[0], level + 1, depth - 1)
    else:
        yield Block(BlockKind.CODE, _written(group))


def _heading(text: str, level: int) -> Block:
    text = " ".join(text.split())[:_LONGEST_KEY] or '""'
    return Block(BlockKind.HEADING, text, min(level, _DEEPEST_HEADING), text)


def _written(value: JsonValue) -> str:
    return "".join(_WRITER.iterencode(value))


def _length(value: JsonValue) -> int:
    """Characters that it takes, counted until they are too many: what is nested is looked at anew at each level."""
    length = 0
    for piece in _WRITER.iterencode(value):
        length += len(piece)
        if length > _WHOLE:
            break
    return length
