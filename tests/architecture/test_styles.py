"""What style sheets may not say, since the browser would pay for it at every change of a page."""

import re
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SELECTOR = re.compile(r"[^{}]+(?=\{)")
# After `:has(…)` and a combinator only what is named; parentheses nest once.
UNNAMED = re.compile(r":has\((?:[^()]|\([^()]*\))*\)[^,{]*[\s>+~]\s*(?::(?!is\(\.|where\(\.)|\*)")


def test_what_follows_has_is_named() -> None:
    """`a:has(b) > :last-child` says of no element what it is: each element that comes restyles the whole page."""
    found = [
        (sheet.name, selector.strip())
        for sheet in ASSETS.glob("*.css")
        for selector in SELECTOR.findall(re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL))
        for part in selector.split(",\n")
        if UNNAMED.search(part)
    ]
    assert found == []
    assert UNNAMED.search(".long-piece:has(+ [data-continued]) > :last-child ")
