"""Which lines are headings, and of which level: by the document's outline, by size, weight and numbers."""

import re
from collections import Counter
from dataclasses import dataclass

from convosphere.knowledge.parsing.pdf.lines import Line

Outline = dict[str, int]
"""Titles of the document's bookmarks, normalised by `outline_key`, and their levels from 1."""
_NUMBER = re.compile(r"(?:§+\s*)?(\d{1,2}(?:\.\d{1,3}){0,5})\.?\s+\S")
_BIGGER = 1.12
_LONGEST = 160
_LONGEST_BOLD = 110
_MOST_BOLD = 0.3
"""Where more of the text is bold than that, bold does not mean heading."""

Style = tuple[float, bool, int]
"""Size, weight, depth of the number."""


@dataclass(frozen=True)
class HeadingRule:
    """What makes a heading in one document."""

    body_size: float
    bold_counts: bool
    outline: Outline
    levels: dict[Style, int]

    def level(self, line: Line) -> int:
        """The level from 1, or 0 for no heading."""
        if known := self.outline.get(outline_key(line.text)):
            return known
        return (
            self.levels.get(_style(line), 0) if _is_candidate(line, self.body_size, bold_counts=self.bold_counts) else 0
        )


def outline_key(title: str) -> str:
    """Letters and digits alone, without a leading number."""
    return "".join(filter(str.isalnum, re.sub(r"^[\d.\s]+", "", title).lower()))


def heading_rule(lines: list[Line], outline: Outline) -> HeadingRule:
    """Learn a document's headings from its lines."""
    weights: Counter[float] = Counter()
    bold = 0
    for line in lines:
        weights[line.size] += len(line.text)
        bold += len(line.text) if line.bold else 0
    body = weights.most_common(1)[0][0] if weights else 0.0
    bold_counts = bold < _MOST_BOLD * max(1, weights.total())
    styles = {_style(line) for line in lines if _is_candidate(line, body, bold_counts=bold_counts)}
    return HeadingRule(body, bold_counts, outline, _levels(styles, lines, outline))


def _is_candidate(line: Line, body: float, *, bold_counts: bool) -> bool:
    text = line.text
    if len(text) > _LONGEST or len(line.cells) > 2 or sum(map(str.isalpha, text)) < 2 or text[:1] in "•–▪*":
        return False
    if line.size > body * _BIGGER:
        return True
    is_bold = bold_counts and line.bold and line.size > body * 0.9
    return is_bold and len(text) <= _LONGEST_BOLD and not text.endswith((".", ":", ";", ",", "!", "-"))


def _style(line: Line) -> Style:
    number = _NUMBER.match(line.text)
    return line.size, line.bold, number.group(1).count(".") + 1 if number else 0


def _levels(styles: set[Style], lines: list[Line], outline: Outline) -> dict[Style, int]:
    """Bigger is higher, at one size bold is higher, and deeper numbers are lower; the outline corrects."""
    fonts = sorted({style[:2] for style in styles}, reverse=True)
    levels: dict[Style, int] = {}
    level = 0
    for font in fonts:
        depths = sorted({style[2] for style in styles if style[:2] == font and style[2]})
        for extra, depth in enumerate(depths or [0]):
            levels[*font, depth] = level + 1 + extra
        levels[*font, 0] = level + 1
        level += max(1, len(depths))
    known: dict[Style, Counter[int]] = {}
    for line in lines:
        if entry := outline.get(outline_key(line.text)):
            known.setdefault(_style(line), Counter())[entry] += 1
    return levels | {style: counts.most_common(1)[0][0] for style, counts in known.items() if style in styles}
