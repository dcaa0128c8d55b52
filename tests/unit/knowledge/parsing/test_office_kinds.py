"""Sheets, slides, OpenDocument, books and RTF: what is read of them, and what is refused."""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest

from convosphere.knowledge.parsing.detection import check_type
from convosphere.knowledge.parsing.documents import finish
from convosphere.knowledge.parsing.errors import DamagedFileError, EncryptedFileError, TooComplexError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.process.markup import MARKUP_READERS
from convosphere.knowledge.parsing.process.office import OFFICE_READERS
from convosphere.knowledge.parsing.schemas import Limits, ParsedDocument, WarningCode
from convosphere.knowledge.parsing.sources import Source
from tests.unit.knowledge.parsing import office_files as made

LIMITS = Limits()
READERS = {**OFFICE_READERS, **MARKUP_READERS}


def parsed(kind: DocumentType, data: bytes, limits: Limits = LIMITS) -> ParsedDocument:
    """A document as the reading process makes it."""
    check_type(Source(data), kind)
    return finish(READERS[kind](Source(data), limits, lambda _: None), "Name.ending", limits)


def test_a_workbook_is_read_by_sheet_and_range() -> None:
    people = [
        ["Name", "Ort", "Beitritt", "Anteil"],
        ["Müller", "Köln", date(2026, 3, 1), 0.125],
        ["Öz", None, None, 1.0],
    ]
    data = made.workbook({"Leute": people, "Intern": [["geheim"]], "Leer": []}, hidden="Intern")
    document = parsed(DocumentType.XLSX, data)

    assert document.text == (
        "Leute\n\nA1:D3\nName | Ort | Beitritt | Anteil\nMüller | Köln | 2026-03-01 | 12.5 %\nÖz |  |  | 100 %\n\nLeer"
    )
    assert document.passages[0].heading.startswith("Leute › A1:D3")
    assert document.metadata["author"] == "Eva Krüger"
    assert [(warning.code, warning.part) for warning in document.warnings] == [(WarningCode.SHEET_HIDDEN, "Intern")]


def test_a_sheet_without_end_costs_neither_memory_nor_patience() -> None:
    data = made.endless_sheet(20_000)
    tracemalloc.start()
    try:
        document = parsed(DocumentType.XLSX, data, Limits(rows=500))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 20_000_000
    assert "Viel\n\nA1:B" in document.text
    assert "Wert 500 | 500" in document.text
    assert [(warning.code, warning.page, warning.part) for warning in document.warnings] == [
        (WarningCode.TABLE_WITHOUT_HEAD, None, "Viel"),
        (WarningCode.ROWS_LEFT_OUT, 501, "Viel"),
    ]


def test_slides_are_pages_with_their_notes() -> None:
    document = parsed(DocumentType.PPTX, made.slides())

    assert (document.title, document.pages) == ("Jahresplan", 2)
    assert document.text == "Überblick\n\nUmsätze steigen\n\nHier kurz warten.\n\nZahlen\n\nJahr | Summe\n2026 | 7 €"
    assert [(passage.page, passage.heading) for passage in document.passages] == [(1, "Überblick"), (2, "Zahlen")]


def test_an_opendocument_text() -> None:
    body = """<text:h text:outline-level="2">Über uns</text:h><text:p>Wir sind<text:s/><text:span>fünf</text:span>
Leute. <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Stand 2026</text:p></text:note-body>
</text:note></text:p><text:tracked-changes><text:p>gelöscht</text:p></text:tracked-changes><text:list><text:list-item>
<text:p>Eins</text:p><text:list><text:list-item><text:p>Tief</text:p></text:list-item></text:list></text:list-item>
</text:list><table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell>
<text:p>B</text:p></table:table-cell></table:table-row></table:table>"""
    document = parsed(DocumentType.ODT, made.open_document("text", body))

    assert document.title == "Größe"
    assert document.metadata == {"author": "Jörg"}
    assert document.text == "Über uns\n\nWir sind fünf Leute. (Stand 2026)\n\n• Eins\n• Tief\n\nA | B"


def test_opendocument_sheets_do_not_unfold_what_repeats() -> None:
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>"
    body = (
        f'<table:table table:name="Käse"><table:table-row>{cell.format("", "Sorte")}{cell.format("", "Preis")}'
        f'</table:table-row><table:table-row table:number-rows-repeated="1048000">'
        f"<table:table-cell "
        f'table:number-columns-repeated="16384"/></table:table-row><table:table-row '
        f'table:number-rows-repeated="999999">'
        f"{cell.format('', 'Gouda')}{cell.format('', '7,50')}</table:table-row></table:table>"
    )
    document = parsed(DocumentType.ODS, made.open_document("spreadsheet", body))

    assert document.text == "Käse\n\nA1:B1048002\nSorte | Preis\nGouda | 7,50"


def test_opendocument_slides() -> None:
    body = (
        '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Anfang</text:p></draw:text-box>'
        "</draw:frame><draw:frame><draw:text-box><text:p>Erstens</text:p></draw:text-box></draw:frame>"
        "<presentation:notes><draw:frame><draw:text-box><text:p>Leise reden</text:p></draw:text-box></draw:frame>"
        "</presentation:notes></draw:page><draw:page/>"
    )
    document = parsed(DocumentType.ODP, made.open_document("presentation", body))

    assert (document.text, document.pages) == ("Anfang\n\nErstens\n\nLeise reden", 2)
    assert document.passages[0].page == 1


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    document = parsed(DocumentType.EPUB, made.book())

    assert (document.title, document.metadata["author"]) == ("Die Gärten", "Ute Groß")
    assert document.text.index("Rosen blühen") < document.text.index("späten August")
    assert [passage.heading for passage in document.passages] == ["Frühling", "Sommer"]


def test_rich_text_keeps_its_umlauts() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\info{\title Stra\'dfenbau}}\f0 F\'fcr \u220?bermut"
        rb" und \u228\'e4rger.\par\pard Zweiter \b Absatz\b0\par{\pict\pngblip " + b"89504e47" * 900 + rb"}"
        rb"\trowd A\cell B\cell\row Ende}"
    )
    document = parsed(DocumentType.RTF, data)

    assert document.title == "Straßenbau"
    assert document.text == "Für Übermut und ärger.\n\nZweiter Absatz\nA | B\n\nEnde"


def packed(part: str, content: bytes) -> bytes:
    """A workbook with a hostile part."""
    target = io.BytesIO(made.endless_sheet(2))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("kind", "data", "error"),
    [
        (DocumentType.XLSX, lambda: packed("xl/a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), TooComplexError),
        (DocumentType.XLSX, lambda: packed("xl/media/a.bin", bytes(30_000_000)), TooComplexError),
        (DocumentType.XLSX, lambda: packed("xl/a.xml", b"<a>" * 1_000), TooComplexError),
        (DocumentType.XLSX, lambda: made.endless_sheet(2)[:-40], DamagedFileError),
        (DocumentType.ODT, lambda: made.open_document("spreadsheet", ""), DamagedFileError),
        (DocumentType.ODT, lambda: made.open_document("text", "<text:span>" * 100), DamagedFileError),
        (DocumentType.EPUB, lambda: made.archive({"mimetype": "application/epub+zip"}), DamagedFileError),
        (
            DocumentType.EPUB,
            lambda: made.archive(
                {"mimetype": "application/epub+zip", "META-INF/rights.xml": "<a/>", "META-INF/encryption.xml": "<a/>"}
            ),
            EncryptedFileError,
        ),
    ],
    ids=["entities", "bomb", "deep", "cut off", "belied", "broken", "hollow", "locked"],
)
def test_hostile_packages_are_refused(kind: DocumentType, data: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        finish(READERS[kind](Source(data()), LIMITS, lambda _: None), "Name", LIMITS)  # pyright: ignore[reportCallIssue]
