"""Lines of a page into blocks: what belongs together, what is a heading, what is furniture."""

from convosphere.knowledge.parsing.blocks import Block, BlockKind
from convosphere.knowledge.parsing.pdf.furniture import without_furniture
from convosphere.knowledge.parsing.pdf.headings import heading_rule, outline_key
from convosphere.knowledge.parsing.pdf.layout import blocks_of
from convosphere.knowledge.parsing.pdf.lines import Line

FULL = 500.0


def line(
    text: str,
    y: float,
    *,
    page: int = 1,
    size: float = 10,
    bold: bool = False,
    right: float = FULL,
    cells: tuple[str, ...] = (),
) -> Line:
    return Line(text, page, size, bold, 50, right, y, cells or (text,), hyphen=False)


def read(lines: list[Line], outline: dict[str, int] | None = None) -> list[Block]:
    return list(blocks_of(lines, heading_rule(lines, outline or {})))


def texts(lines: list[Line]) -> list[str]:
    return [block.text for block in read(lines)]


def joined(*rows: str) -> str:
    return "/".join(texts([line(row, 700 - 12 * number) for number, row in enumerate(rows)]))


def test_lines_of_a_paragraph_join_and_a_gap_parts() -> None:
    lines = [
        line("a full line of words", 700),
        line("goes on here.", 688, right=200),
        line("A new one", 660, right=120),
    ]

    assert texts(lines) == ["a full line of words goes on here.", "A new one"]


def test_hyphens_at_line_ends() -> None:
    assert joined("die Geschäfts-", "führung tagt") == "die Geschäftsführung tagt"
    assert joined("die Haupt-", "und Nebenkosten") == "die Haupt- und Nebenkosten"
    assert joined("die Nord-", "Süd-Achse") == "die Nord-Süd-Achse"
    assert joined("it is OP-", "TIONAL and", "OPTIONAL") == "it is OPTIONAL and OPTIONAL"
    assert joined("a well-", "known fact that is", "well-known") == "a well-known fact that is well-known"


def test_a_paragraph_goes_on_over_the_page() -> None:
    lines = [line("the sentence does not end", 60), line("before the next page.", 780, page=2)]

    assert texts(lines) == ["the sentence does not end before the next page."]


def test_headings_by_size_weight_and_outline() -> None:
    body = [line("body text that fills the whole line", 600 - 12 * number) for number in range(10)]
    lines = [
        line("Big", 720, size=18, right=90),
        line("2.1 Smaller", 690, size=14, right=120),
        line("Bold one", 660, bold=True, right=100),
        line("Known to the outline", 630, right=150),
        *body,
    ]
    blocks = read(lines, {outline_key("3 Known to the Outline"): 2})

    assert [(block.text, block.level) for block in blocks if block.kind is BlockKind.HEADING] == [
        ("Big", 1),
        ("2.1 Smaller", 2),
        ("Bold one", 3),
        ("Known to the outline", 2),
    ]


def test_rows_keep_their_cells() -> None:
    lines = [line("Land Satz", 700, cells=("Land", "Satz")), line("Peru 4 €", 688, cells=("Peru", "4 €"))]

    assert texts(lines) == ["Land | Satz", "Peru | 4 €"]


def page_of_a_handbook(page: int) -> list[Line]:
    return [
        line(f"Rent {page * 100} Euro", 50, page=page),
        line("1. Chapter", 750, page=page, size=18),
        line(f"Handbook {page}", 790, page=page, size=8),
        *(line(f"text {page} {number} of the body", 700 - 12 * number, page=page) for number in range(9)),
        line(f"- {page} -", 30, page=page),
    ]


def test_running_heads_and_page_numbers_go_but_titles_stay() -> None:
    lines = [row for page in range(1, 5) for row in page_of_a_handbook(page)]
    kept = [found.text for found in without_furniture(lines)]

    assert not [text for text in kept if text.startswith(("Handbook", "-"))]
    assert kept.count("1. Chapter") == 4
    assert len(kept) == 44


def test_a_table_of_contents_goes() -> None:
    lines = [line(f"{number} Chapter ........ {number * 3}", 700 - 12 * number) for number in range(1, 6)]

    assert [found.text for found in without_furniture([*lines, line("Real text", 500)])] == ["Real text"]
