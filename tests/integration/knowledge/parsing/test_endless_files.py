"""Files beyond all measure, with the limits that the product has: the rest is left out, and named."""

import asyncio
import os
import zipfile
from pathlib import Path

from convosphere.knowledge.parsing.office.sheets import read_xlsx
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.parsing.process.unpacker import unpacking_apart
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


async def test_who_wants_no_more_of_a_large_file_is_not_kept_waiting(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "stored", "w") as made:
        made.writestr("a.bin", os.urandom(20_000_000))
    async with asyncio.timeout(60), unpacking_apart(LIMITS) as unpacker:
        (member,) = (await unpacker.contents(tmp_path / "stored")).members
        assert await anext(unpacker.pieces(member))
        await asyncio.sleep(1)  # What lies between is full by now, and the process stands still.
