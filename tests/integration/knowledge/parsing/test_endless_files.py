"""Files beyond all measure, with the limits that the product has: the rest is left out, and named."""

from pathlib import Path

from convosphere.knowledge.parsing.office.sheets import read_xlsx
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, WarningCode
from convosphere.knowledge.parsing.sources import Source
from tests.integration.knowledge.parsing import makers

LIMITS = Limits()


async def test_a_pdf_of_ten_thousand_pages_is_read_in_part(tmp_path: Path) -> None:
    async with Parser(LIMITS, readers=1) as parser:
        document = await parser.parse(makers.endless_pdf(tmp_path / "stored", 10_000), "a.pdf")

    assert document.warnings == (ParseWarning(WarningCode.PAGES_LEFT_OUT, LIMITS.pages + 1),)
    assert (document.pages, document.passages[-1].page) == (10_000, LIMITS.pages)


def test_a_sheet_of_a_million_rows_is_read_in_part(tmp_path: Path) -> None:
    # By its reader alone: cutting what was read into passages takes as long again and shows nothing new.
    source = Source(makers.endless_workbook(tmp_path / "stored", 1_000_000).read_bytes())
    draft = read_xlsx(source, LIMITS, lambda _: None)

    assert draft.warnings == [ParseWarning(WarningCode.ROWS_LEFT_OUT, LIMITS.rows + 1, "Sheet")]
    assert draft.blocks[-1].text == "4711 4711 4711 4711 4711 4711 4711 4711"
