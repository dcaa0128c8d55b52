"""Text in pictures: read where the server has a program for that; where it has none, each file says what is missing."""

import io
from pathlib import Path

import pytest
from PIL import Image

from convosphere.knowledge.parsing.errors import NoTextError, ParseError, RecognitionMissingError, TooComplexError
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.parsing.schemas import WarningCode
from tests.integration.knowledge.parsing import makers


def picture(width: int, height: int, kind: str = "PNG", more: int = 0) -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (width, height), "white") for _ in range(more)]
    Image.new("RGBA" if kind == "PNG" else "RGB", (width, height)).save(
        target, kind, **({"save_all": True, "append_images": frames} if more else {})
    )
    return target.getvalue()


async def test_a_picture_and_a_scan_of_several_pages(seeing: Parser, tmp_path: Path) -> None:
    (tmp_path / "stored").write_bytes(picture(300, 200))
    document = await seeing.parse(tmp_path / "stored", "Foto.PNG")
    assert (document.text, document.title) == ("Größe\n\n300 mal 200 Punkte", "Foto")
    assert [(told.code, told.page) for told in document.warnings] == [(WarningCode.TEXT_RECOGNISED, 1)]

    (tmp_path / "stored").write_bytes(picture(80, 60, "TIFF", more=2))
    document = await seeing.parse(tmp_path / "stored", "Fax.tiff")
    assert document.pages == 3
    assert document.text.count("80 mal 60 Punkte") == 3

    (tmp_path / "stored").write_bytes(picture(80, 10, "JPEG"))
    with pytest.raises(NoTextError, match="in the picture"):
        await seeing.parse(tmp_path / "stored", "leer.jpg")


async def test_pages_that_are_pictures_stand_among_the_others(seeing: Parser, tmp_path: Path) -> None:
    document = await seeing.parse(makers.half_scanned_pdf(tmp_path / "stored"), "a.pdf")

    assert document.pages == 3
    assert [(told.code, told.page) for told in document.warnings] == [(WarningCode.TEXT_RECOGNISED, 2)]
    seen = next(passage for passage in document.passages if "Punkte" in passage.text)
    assert seen.page == 2
    assert document.passages[0].page == 1
    assert document.passages[-1].page == 3


async def test_huge_and_broken_pictures_are_refused(seeing: Parser, tmp_path: Path) -> None:
    (tmp_path / "stored").write_bytes(makers.huge_png())
    with pytest.raises(TooComplexError):
        await seeing.parse(tmp_path / "stored", "a.png")
    (tmp_path / "stored").write_bytes(picture(300, 200)[:90])
    with pytest.raises(ParseError):
        await seeing.parse(tmp_path / "stored", "a.png")


async def test_without_the_program_the_remedy_is_named(parser: Parser, tmp_path: Path) -> None:
    (tmp_path / "stored").write_bytes(picture(30, 20))
    with pytest.raises(RecognitionMissingError, match="tesseract-ocr"):
        await parser.parse(tmp_path / "stored", "a.png")

    document = await parser.parse(makers.half_scanned_pdf(tmp_path / "pdf"), "a.pdf")
    assert [(told.code, told.page) for told in document.warnings] == [(WarningCode.RECOGNITION_MISSING, 2)]
    assert "tesseract-ocr" in str(document.warnings[0].message)
