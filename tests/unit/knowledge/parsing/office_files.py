"""Makes the sheets, slides, texts and books that the readers are tried on."""

import io
import zipfile

import openpyxl
from pptx import Presentation
from pptx.util import Inches

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "style")
)
_NAMES += (
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"'
    ' xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP file of some parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def workbook(sheets: dict[str, list[list[object]]], hidden: str = "") -> bytes:
    """An Excel workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Eva Krüger"
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell in sheet["D"][1:]:
            cell.number_format = "0.0%"
        if name == hidden:
            sheet.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def endless_sheet(rows: int) -> bytes:
    """A workbook whose only sheet claims to be as wide as can be and has so many rows."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    row = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>Wert {n}</t></is></c><c r="B{n}"><v>{n}</v></c></row>'
        for n in range(1, rows + 1)
    )
    return archive(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'spreadsheetml.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r" Type="{types}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{types}"><sheets><sheet name="Viel" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
            f'Type="{types}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet {main}><dimension ref="A1:XFD1048576"/><sheetData>{row}'
            "</sheetData></worksheet>",
        }
    )


def slides() -> bytes:
    """A presentation of two slides, with list, table and notes."""
    show = Presentation()
    show.core_properties.title = "Jahresplan"
    first = show.slides.add_slide(show.slide_layouts[1])
    for number, text in enumerate(("Überblick", "Umsätze steigen")):
        first.shapes[number].text_frame.text = text  # pyright: ignore[reportAttributeAccessIssue]
    notes = first.notes_slide.notes_text_frame
    assert notes
    notes.text = "Hier kurz warten."
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes[0].text_frame.text = "Zahlen"  # pyright: ignore[reportAttributeAccessIssue]
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for (row, column), words in {(0, 0): "Jahr", (0, 1): "Summe", (1, 0): "2026", (1, 1): "7 €"}.items():
        table.cell(row, column).text = words
    target = io.BytesIO()
    show.save(target)
    return target.getvalue()


def open_document(kind: str, body: str, styles: str = "", parts: dict[str, bytes] | None = None) -> bytes:
    """An OpenDocument file: `kind` is text, spreadsheet or presentation; `parts` are pictures in it.

    It has an empty part, as all have that come from LibreOffice.
    """
    meta = f"<office:document-meta {_NAMES}><office:meta><dc:title>Größe</dc:title>"
    meta += "<meta:initial-creator>Jörg</meta:initial-creator></office:meta></office:document-meta>"
    looks = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content = f"<office:document-content {_NAMES}>{looks}"
    content += f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"{content}</office:document-content>",
            "meta.xml": meta,
            "Configurations2/accelerator/current.xml": "",
            **(parts or {}),
        }
    )


def book() -> bytes:
    """An electronic book of a cover and two chapters, the second in a folder of its own."""
    package = """<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Die Gärten</dc:title><dc:creator>Ute Groß</dc:creator></metadata><manifest>
<item id="c" href="cover.xhtml"/><item id="b" href="text/zwei%20b.xhtml"/><item id="a" href="eins.xhtml"/></manifest>
<spine><itemref idref="c"/><itemref idref="a"/><itemref idref="b"/><itemref idref="gone"/></spine></package>"""
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": package,
            "OEBPS/cover.xhtml": page.format("<img src='cover.png'/>"),
            "OEBPS/eins.xhtml": page.format("<h1>Frühling</h1><p>Die Rosen blühen in allen Gärten der Stadt.</p>"),
            "OEBPS/text/zwei b.xhtml": page.format("<h1>Sommer</h1><p>Die Hitze währt bis in den späten August.</p>"),
        }
    )


def parts_of(packed: bytes, without: str) -> dict[str, str | bytes]:
    """The parts of a ZIP file but one."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != without}
