"""Passages: exact, complete, of even length, cut where a person would."""

import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convosphere.knowledge.parsing.blocks import Block, BlockKind, place
from convosphere.knowledge.parsing.cleaning import clean
from convosphere.knowledge.parsing.cutting import cut_text
from convosphere.knowledge.parsing.layout import check_layout, layout_of, placed_blocks
from convosphere.knowledge.parsing.passages import cut_passages
from convosphere.knowledge.parsing.plain.markdown import markdown_blocks
from convosphere.knowledge.parsing.schemas import DEFAULT_CHUNKING, Chunking, ParsedPassage

AIM, LONGEST = 800, 1_200

WORDS = "der Antrag the holiday wird z. B. am 3. März 2026 gestellt, approved! § 5 Abs. 2 - 👩‍👩‍👧 e\u0301 \n\n | # * `"


def passages_of(blocks: list[Block], chunking: Chunking = DEFAULT_CHUNKING) -> tuple[str, tuple[ParsedPassage, ...]]:
    text, placed, _ = place(blocks, 1_000_000)
    return text, cut_passages(text, placed, "en", chunking)


def paragraph(sentences: int) -> Block:
    text = " ".join(f"This sentence has number {number} and some words." for number in range(sentences))
    return Block(BlockKind.PARAGRAPH, text)


def heading(text: str, level: int) -> Block:
    return Block(BlockKind.HEADING, text, level, text)


def assert_exact_and_complete(text: str, passages: tuple[ParsedPassage, ...]) -> None:
    done = 0
    for number, passage in enumerate(passages, start=1):
        assert passage.number == number
        assert text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        assert not text[done : passage.start].strip()
        done = passage.end
    assert not text[done:].strip()


texts = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(WORDS.split(" ")), max_size=300).map(" ".join),
    st.text(alphabet="ab\u0301", min_size=1_000, max_size=3_000),
).map(clean)
any_blocks = st.lists(
    st.builds(
        Block,
        st.sampled_from(BlockKind),
        texts,
        st.integers(1, 6),
        st.just("Heading"),
        st.none() | st.integers(1, 9),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(any_blocks)
def test_offsets_are_exact_and_all_text_is_covered(found: list[Block]) -> None:
    text, passages = passages_of(found)

    assert_exact_and_complete(text, passages)


chunkings = st.builds(Chunking, st.integers(50, 500), st.integers(0, 100), st.booleans())


@settings(max_examples=100, deadline=None)
@given(any_blocks, chunkings)
def test_any_way_of_cutting_covers_all_and_repeats_whole_units(found: list[Block], chunking: Chunking) -> None:
    text, placed, _ = place(found, 1_000_000)

    begun, done = -1, 0
    for cut in cut_text(text, placed, chunking):
        assert not text[done : cut.fresh].strip()
        assert cut.fresh - cut.start <= chunking.shared
        assert begun < cut.start <= cut.fresh < cut.end
        begun, done = cut.start, cut.end
    assert not text[done:].strip()
    plain = cut_text(text, placed, Chunking(chunking.size, 0, chunking.is_by_section))
    assert [cut.start for cut in plain] == [cut.fresh for cut in cut_text(text, placed, chunking)]


@settings(max_examples=100, deadline=None)
@given(any_blocks, chunkings)
def test_what_is_kept_of_the_blocks_cuts_as_they_do(found: list[Block], chunking: Chunking) -> None:
    labelled = [replace(block, label="Heading" if block.kind is BlockKind.HEADING else "") for block in found]
    text, placed, _ = place(labelled, 1_000_000)
    layout = layout_of(placed)

    check_layout(layout, len(text))
    assert cut_text(text, list(placed_blocks(text, layout)), chunking) == cut_text(text, placed, chunking)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_no_word_of_markdown_gets_lost(source: str) -> None:
    text, passages = passages_of(list(markdown_blocks(source)))

    assert_exact_and_complete(text, passages)
    kept = {letter for letter in text if letter.isalnum()}
    assert {letter for letter in source if letter.isalnum()} <= kept or "<!--" in source


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_cleaning_is_normal_and_stable(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert not any(unicodedata.category(letter) == "Cc" and letter not in "\t\n" for letter in cleaned)


def test_cleaning_a_line_of_blanks_takes_no_square_of_its_length() -> None:
    """It would take hours."""
    blanks = " " * 1_000_000

    assert clean(f"a{blanks}b{blanks}\n{blanks}c\t") == f"a{blanks}b\n{blanks}c"


def test_long_text_is_cut_evenly_at_sentence_ends() -> None:
    _, passages = passages_of([paragraph(60)])

    assert all(passage.text.endswith(".") and passage.text.startswith("This") for passage in passages)
    assert all(0.7 * AIM < len(passage.text) < LONGEST for passage in passages)


def test_a_heading_starts_a_passage_and_gives_its_path() -> None:
    _, passages = passages_of(
        [heading("Travel", 1), paragraph(14), heading("Hotels", 2), paragraph(14), heading("Work", 1), paragraph(14)]
    )

    assert [passage.heading for passage in passages] == ["Travel", "Travel › Hotels", "Work"]
    assert passages[1].text.startswith("Hotels\n\nThis sentence")


def test_small_sections_of_one_chapter_share_a_passage() -> None:
    parts = [part for number in range(3) for part in (heading(f"Part {number}", 2), paragraph(2))]
    _, passages = passages_of([heading("Travel", 1), *parts])

    assert [passage.heading for passage in passages] == ["Travel"]


def test_no_heading_is_left_behind() -> None:
    _, passages = passages_of(
        [part for number in range(30) for part in (heading(f"Part {number}", 2), paragraph(number % 9 + 1))]
    )

    assert not any(passage.text.rsplit("\n\n", 1)[-1].startswith("Part") for passage in passages)


def test_a_list_stays_with_its_lead_in_and_rows_stay_whole() -> None:
    items = [Block(BlockKind.LIST_ITEM, f"• Item number {n} of the list", tight=n > 0) for n in range(50)]
    rows = [Block(BlockKind.TABLE_ROW, f"row {n} | cell | cell", tight=n > 0) for n in range(60)]
    _, passages = passages_of([paragraph(12), Block(BlockKind.PARAGRAPH, "You need:"), *items, *rows])

    assert "• Item number 0" in next(passage.text for passage in passages if "You need:" in passage.text)
    assert all(passage.text.rsplit("\n", 1)[-1].endswith(("list", "cell", "words.")) for passage in passages)


@pytest.mark.parametrize("rule", ["", "|---|---|\n"])
def test_rows_keep_the_head_of_their_table(rule: str) -> None:
    if rule:
        rows = "".join(f"| ship {number} | {number} knots |\n" for number in range(200))
        blocks = list(markdown_blocks(f"# Fleet\n\n| Name | Speed |\n{rule}{rows}\nAll of them sail.\n"))
    else:
        told = ["Name | Speed", *(f"ship {number} | {number} knots" for number in range(200))]
        rows_of = [Block(BlockKind.TABLE_ROW, row, tight=number > 0) for number, row in enumerate(told)]
        blocks = [heading("Fleet", 1), *rows_of, paragraph(1)]
    _, (first, *further) = passages_of(blocks)
    assert first.heading == "Fleet", "The head stands in it."
    assert len(further) > 2
    assert {passage.heading for passage in further} == {"Fleet › Name | Speed"}
    unnamed = [Block(BlockKind.TABLE_ROW, f"{number} | {number * 7}", tight=number > 0) for number in range(400)]
    assert {passage.heading for passage in passages_of([heading("Sums", 1), *unnamed])[1]} == {"Sums"}


def test_code_of_moderate_length_stays_whole() -> None:
    code = Block(BlockKind.CODE, "\n".join(f"value_{n} = compute({n})" for n in range(35)))
    _, passages = passages_of([paragraph(9), code, paragraph(9)])

    assert any(code.text in passage.text for passage in passages)


def test_each_passage_has_its_own_language() -> None:
    german = Block(BlockKind.PARAGRAPH, "Der Urlaub beträgt dreißig Tage und ist mit der Leitung abzustimmen. " * 12)
    _, passages = passages_of([paragraph(18), german])

    assert [passages[0].language, passages[-1].language] == ["en", "de"]


@pytest.mark.parametrize("length", [LONGEST * 3, 50_000])
def test_even_one_endless_word_is_cut(length: int) -> None:
    _, passages = passages_of([Block(BlockKind.PARAGRAPH, "x" * length)])

    assert sum(len(passage.text) for passage in passages) == length
    assert max(len(passage.text) for passage in passages) <= LONGEST


def test_passages_are_as_long_as_wanted() -> None:
    _, short = passages_of([paragraph(60)], Chunking(100))
    _, long = passages_of([paragraph(60)], Chunking(400))

    assert all(280 < len(passage.text) <= 600 for passage in short)
    assert all(1_120 < len(passage.text) <= 2_400 for passage in long)


def test_passages_begin_with_the_last_sentences_of_the_one_before() -> None:
    _, passages = passages_of([paragraph(60)], Chunking(overlap=30))

    for before, passage in pairwise(passages):
        shared = before.end - passage.start
        assert 50 < shared <= 120
        assert passage.text.startswith("This")
        assert before.text.endswith(passage.text[:shared])


def test_overlap_ends_at_headings_and_pages() -> None:
    def on_page(number: int) -> Block:
        return replace(paragraph(12), page=number)

    text, passages = passages_of([on_page(1), on_page(2), heading("Travel", 1), paragraph(12)], Chunking(overlap=100))
    assert [passage.text[:4] for passage in passages] == ["This", "This", "Trav"]
    assert not any(passage.start < before.end for before, passage in pairwise(passages))
    assert_exact_and_complete(text, passages)


def test_sections_stay_apart_where_that_is_wanted() -> None:
    parts = [part for number in range(3) for part in (heading(f"Part {number}", 2), paragraph(2))]
    _, passages = passages_of([heading("Travel", 1), *parts], Chunking(is_by_section=True))

    assert [passage.heading for passage in passages] == [f"Travel › Part {number}" for number in range(3)]
