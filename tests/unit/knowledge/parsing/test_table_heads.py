"""Heads of tables: which row is one, where it goes along, and what is said where there is none."""

import pytest

from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.documents import finish
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, WarningCode
from convosphere.knowledge.parsing.table_heads import table_heads
from convosphere.knowledge.parsing.tables import Row, table_blocks

HEAD = "Name | Ort | Betrag"


def rows(count: int, page: int | None = None) -> list[Block]:
    return [Block(BlockKind.TABLE_ROW, f"Müller {n} | Köln | {n},50", page=page, tight=n > 0) for n in range(count)]


def head(page: int | None = None) -> Block:
    return Block(BlockKind.TABLE_ROW, HEAD, page=page)


def further(count: int, page: int | None = None) -> list[Block]:
    """Rows below another on their page."""
    return rows(count + 1, page)[1:]


def told(blocks: list[Block]) -> list[ParseWarning]:
    document = finish(Draft(blocks), "Name.pdf", Limits())
    return [warning for warning in document.warnings if warning.code is WarningCode.TABLE_WITHOUT_HEAD]


def test_the_head_of_a_table_goes_along_to_the_next_page() -> None:
    blocks = [head(1), *further(3, 1), *rows(2, 2)]

    assert table_heads(blocks) == ["", *[HEAD] * 5]
    assert told(blocks) == []


def test_a_table_that_begins_on_the_next_page_has_its_own_head() -> None:
    other = Block(BlockKind.TABLE_ROW, "Wer | Wo | Was", page=2)
    blocks = [head(1), *further(1, 1), other, *further(1, 2)]

    assert table_heads(blocks) == ["", HEAD, "", "Wer | Wo | Was"]


@pytest.mark.parametrize(
    "blocks",
    [[*rows(4, 3), *rows(2, 4)], [*rows(2, 1), Block(BlockKind.PARAGRAPH, "Ende.", page=1), *rows(90, 3)]],
    ids=["over pages", "over passages"],
)
def test_a_long_table_without_a_head_is_told(blocks: list[Block]) -> None:
    (warning,) = told(blocks)

    assert (warning.page, warning.part) == (3, "Müller 0 | Köln | 0,50")
    assert "on page 3 does not begin with a row that names its columns" in str(warning.message)


@pytest.mark.parametrize("blocks", [rows(4, 3), [head(), *further(90)]], ids=["short", "with a head"])
def test_of_other_tables_nothing_is_told(blocks: list[Block]) -> None:
    assert told(blocks) == []


def test_of_many_tables_without_heads_a_few_are_told() -> None:
    tables = [[*rows(90, page), Block(BlockKind.PARAGRAPH, "Ende.", page=page)] for page in range(1, 9)]

    assert [warning.page for warning in told([block for table in tables for block in table])] == [1, 2, 3]


def sheet(*first: tuple[str, ...]) -> tuple[list[Block], list[ParseWarning]]:
    """Rows of a sheet that begins with these."""
    cells = [*first, *((f"Müller {n}", "Köln", f"{n},50") for n in range(60))]
    warnings: list[ParseWarning] = []
    return list(table_blocks((Row(n, row) for n, row in enumerate(cells, start=1)), warnings, "Leute")), warnings


def test_the_head_of_a_sheet_may_stand_under_a_title() -> None:
    blocks, warnings = sheet(("Mitglieder 2026",), ("Name", "Ort", "Betrag"))

    assert [block.text for block in blocks].count(HEAD) == len([b for b in blocks if b.level == 2]) > 1
    assert warnings == []


def test_no_later_row_of_a_sheet_is_taken_for_its_head() -> None:
    blocks, warnings = sheet(("Öz", "Ulm", "7,50"), *[("Eva", "Bonn", "bezahlt")] * 50)

    assert [block.text for block in blocks].count("Eva | Bonn | bezahlt") == 50
    assert warnings == [ParseWarning(WarningCode.TABLE_WITHOUT_HEAD, part="Leute")]
