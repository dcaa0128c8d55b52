"""What a site asks programs not to read (RFC 9309), judged in linear time: its patterns are strangers'."""

import re
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 500 * 1024
_MOST_RULES: Final = 5_000
_LONGEST_RULE: Final = 1_000


@dataclass(frozen=True)
class Rules:
    """For one program: patterns of paths, each with whether it allows them."""

    patterns: tuple[tuple[str, bool], ...] = ()
    delay_seconds: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether a path with its query may be read: the longest pattern decides, and of two the kinder."""
        fitting = [(len(pattern), allowed) for pattern, allowed in self.patterns if _fits(pattern, path)]
        return max(fitting, default=(0, True))[1]


def read_rules(text: str, agent: str) -> Rules:
    """The rules that a robots.txt has for a program, or for all if it names it nowhere."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    delays: dict[str, float] = {}
    named: list[str] = []
    was_rule = False
    for line in text.splitlines():
        key, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        key = key.lower()
        if key == "user-agent":
            named = [*([] if was_rule else named), value.lower()]
            was_rule = False
            groups.setdefault(value.lower(), [])
        elif key in {"allow", "disallow"}:
            was_rule = True
            for name in named if value and len(value) <= _LONGEST_RULE else ():
                if len(groups[name]) < _MOST_RULES:
                    groups[name].append((value, key == "allow"))
        elif key == "crawl-delay" and re.fullmatch(r"\d{1,3}(\.\d{1,3})?", value):
            was_rule = True
            delays.update(dict.fromkeys(named, float(value)))
    ours = agent.lower() if agent.lower() in groups else "*"
    return Rules(tuple(groups.get(ours, ())), delays.get(ours, 0.0))


def _fits(pattern: str, path: str) -> bool:
    """`*` stands for anything, `$` at the end for the end; the parts between stars are found one after another."""
    is_anchored = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for part in parts[:-1] if is_anchored else parts:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    if not is_anchored:
        return True
    return path.endswith(parts[-1]) and len(path) - len(parts[-1]) >= place if parts else place == len(path)
