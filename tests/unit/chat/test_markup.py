"""A growing answer is cut into blocks of Markdown that stand for themselves."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convosphere.answers.citations import cited_numbers, link_citations
from convosphere.chat import markup
from convosphere.chat.markup import BlockSplitter, plain_line, with_citations


def split(text: str) -> tuple[list[str], str]:
    splitter = BlockSplitter()
    splitter.take(text)
    return splitter.blocks, splitter.tail


@pytest.mark.parametrize(
    ("text", "blocks", "tail"),
    [
        ("One", [], "One"),
        ("One\n\n", [], "One\n\n"),
        ("One\n\nTwo", ["One"], "Two"),
        ("# Title\n\nText\n\nMore", ["# Title", "Text"], "More"),
        ("1. a\n\n2. b", [], "1. a\n\n2. b"),
        ("- a\n\n  more of a\n\nText", ["- a\n\n  more of a"], "Text"),
        ("```py\na\n\nb\n```\n\nText", ["```py\na\n\nb\n```"], "Text"),
        ("```py\na\n\nb", [], "```py\na\n\nb"),
        ("$$\na\n\nb\n$$\n\nText", ["$$\na\n\nb\n$$"], "Text"),
        ("| a |\n|---|\n| b |\n\nText", ["| a |\n|---|\n| b |"], "Text"),
    ],
)
def test_blocks_end_where_something_new_begins(text: str, blocks: list[str], tail: str) -> None:
    assert split(text) == (blocks, tail)


@given(st.text(alphabet="a\n`$-1. #|", max_size=200), st.data())
def test_pieces_make_no_difference_and_nothing_is_lost(text: str, data: st.DataObject) -> None:
    splitter = BlockSplitter()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    for cut in (*cuts, len(text)):
        splitter.take(text[:cut])
    assert (splitter.blocks, splitter.tail) == split(text)
    assert "".join((*splitter.blocks, splitter.tail)).replace("\n", "") == text.replace("\n", "")


def test_a_long_table_goes_on_under_its_head() -> None:
    head = "| City | People |\n|---|---:|\n"
    blocks, tail = split("Cities:\n\n" + head + "".join(f"| Town {n} | {n} |\n" for n in range(400)))
    tables = [blocks[0].removeprefix("Cities:\n\n"), *blocks[1:], tail]
    assert len(tables) > 2
    assert all(table.startswith(head) for table in tables)
    assert sum(len(table.strip().splitlines()) - 2 for table in tables) == 400


def test_a_head_without_an_end_is_not_said_again() -> None:
    blocks, tail = split(f"|{'-' * 2_000}\n|{'-' * 2_000}\n" + "| a |\n" * 800)
    assert "".join((*blocks, tail)).count("a") == 800


class CountingPattern:
    """A regular expression that counts the characters it is shown."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self.shown = 0

    def findall(self, text: str, start: int = 0, end: int | None = None) -> list[str]:
        end = len(text) if end is None else end
        self.shown += end - start
        return self._pattern.findall(text, start, end)


def test_a_long_block_of_code_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fences = CountingPattern(markup._FENCE)
    monkeypatch.setattr(markup, "_FENCE", fences)
    code = "```\n" + "a line of code\n\n" * 200
    splitter = BlockSplitter()
    for end in range(0, len(code), 10):
        splitter.take(code[:end])
    assert fences.shown <= len(code)


@pytest.mark.parametrize("opening", ["```" + "x" * 30_000, "`" * 30_000, "~" * 30_000])
def test_code_whose_opening_has_no_end_is_cut_all_the_same(opening: str) -> None:
    """Said again as it stands, it would never become shorter."""
    blocks, tail = split(f"{opening}\ncode")
    assert tail.endswith("code")
    assert sum(map(len, blocks)) < 2 * len(opening)


def test_marks_become_links_and_unknown_ones_go() -> None:
    assert with_citations("So it is [1]. And [2, 3] too [9].", "m", {1, 2, 3}) == (
        "So it is [1](#cite-m-1). And [2](#cite-m-2)[3](#cite-m-3) too ."
    )


@pytest.mark.parametrize(
    "text",
    [
        "`a[1]`", "```\na[1]\n```", "```\na[1]", "~~~\na[1]\n~~~", "[1](https://example.org)",
        "![a][1] and [b][1]\n\n[1]: https://example.org/a.png",
        r"$\sqrt[1]{a}$", "$$\na[1]\n$$", "$$\na[1]", r"\[\sqrt[1]{a}\]", r"\(a[1]\)", "from [0, 1] on",
    ],
)  # fmt: skip
def test_code_links_and_mathematics_are_left_alone(text: str) -> None:
    assert link_citations(text, {1}, str) == text
    assert cited_numbers(text) == set()


def test_marks_between_prices_and_behind_formulas_are_marks() -> None:
    assert link_citations(r"$5 [1], $6 [2], $\sqrt[3]{8}$ [3]", {1, 2, 3}, str) == (
        r"$5 [1](1), $6 [2](2), $\sqrt[3]{8}$ [3](3)"
    )


def test_where_nothing_is_cited_brackets_stay() -> None:
    assert with_citations("From [1, 9] to a[2].", "m", set()) == "From [1, 9] to a[2]."


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        (" Two\n\twords ", "Two words"),
        ("Invoice \u202efdp.exe\u202c", "Invoice fdp.exe"),
        ("\u2067a\u2069\u200e\u061cb", "ab"),
        ("a\x00\x1b[31m\x07b\x85c", "a[31mbc"),
        ("tags\U000e0041\U000e007f, line\u2028end", "tags, line end"),
        (
            "\u0646\u0627\u0645\u0647\u200c\u0647\u0627 \U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\u0646\u0627\u0645\u0647\u200c\u0647\u0627 \U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
    ],
)
def test_nothing_hides_or_turns_in_a_title(title: str, plain: str) -> None:
    assert plain_line(title) == plain
