"""Makes the files that the parser is tried on: good ones, broken ones, hostile ones."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

STYLES = getSampleStyleSheet()
PARAGRAPH = (
    "Für Übernachtungen im Inland werden die tatsächlichen Kosten erstattet, höchstens jedoch 120 Euro je Nacht. "
    "Größere Beträge genehmigt die Geschäfts-<br/>führung vorab schriftlich. Die Haupt- und Nebenkosten sind zu "
    "trennen, und die Nord-<br/>Süd-Verbindung zählt ebenso. "
)


def german_pdf(path: Path, chapters: int = 4, encryption: str | None = None) -> Path:
    """Chapters of one page each, with running head, page number, two levels of headings, list and table."""

    def furniture(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2 * cm, 28.5 * cm, "Handbuch Reisekosten, Stand 2026")
        canvas.drawCentredString(10.5 * cm, 1 * cm, f"Seite {document.page} von {chapters}")

    story: list[Flowable] = []
    for number in range(1, chapters + 1):
        story += [
            Paragraph(f"{number}. Übernachtung und Verpflegung", STYLES["Heading1"]),
            Paragraph(f"{number}.1 Höhe der Pauschale", STYLES["Heading2"]),
            *[Paragraph(PARAGRAPH * 2, STYLES["BodyText"]) for _ in range(3)],
            Paragraph("Folgende Belege sind nötig:", STYLES["BodyText"]),
            Paragraph("Rechnung des Hotels", STYLES["BodyText"], bulletText="•"),
            Paragraph("Beleg der Bewirtung", STYLES["BodyText"], bulletText="•"),
            Table([["Land", "Pauschale", "Nacht"], ["Deutschland", "28 €", "120 €"], ["Österreich", "40 €", "117 €"]]),
            PageBreak(),
        ]
    lock = StandardEncryption(encryption) if encryption else None
    template = SimpleDocTemplate(str(path), pagesize=A4, title="Reisekosten", author="Kurt Müller", encrypt=lock)
    template.build(story, onFirstPage=furniture, onLaterPages=furniture)
    return path


def two_column_pdf(path: Path) -> Path:
    """Two columns; a sentence runs from the foot of the first to the head of the second."""
    canvas = Canvas(str(path), pagesize=A4)
    left = ("The first column tells how the", "garden was laid out and who", "watered the roses when")
    right = ("the summer was dry. Then came", "autumn, and all leaves fell.")
    for x, lines in ((60, left), (320, right)):
        for number, line in enumerate(lines):
            canvas.drawString(x, 700 - 14 * number, line)
    canvas.save()
    return path


def scanned_pdf(path: Path, image: bytes) -> Path:
    """A page that is one picture."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(io.BytesIO(image)), 0, 0, 500, 700)
    canvas.save()
    return path


def half_scanned_pdf(path: Path) -> Path:
    """A page of text, one that is a picture, another of text."""
    writer = PdfWriter()
    text = german_pdf(path.with_suffix(".text"), 1)
    for part in (text, scanned_pdf(path.with_suffix(".scan"), huge_png(50)), text):
        writer.append(part)
    writer.write(path)
    return path


def pdf_with_huge_picture(path: Path, side: int = 20_000) -> Path:
    """Text beside a picture whose stream unpacks to `side` squared bytes."""
    pixels = zlib.compress(bytes(side * side), 9)
    content = b"BT /F1 12 Tf 72 700 Td (The budget for 2027 is four million.) Tj ET q 9 0 0 9 0 0 cm /I Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> /XObject << /I 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (side, side, len(pixels), pixels),
    ]
    return _write_pdf(path, objects)


def faxed_pdf(path: Path) -> Path:
    """A page that is one black picture, packed as fax machines and scanners do (ITU-T T.6), and a script."""
    tiff = io.BytesIO()
    Image.new("1", (320, 320), 1).save(tiff, "TIFF", compression="group4")
    read = Image.open(tiff)
    [start], [length] = read.tag_v2[273], read.tag_v2[279]
    pixels = tiff.getvalue()[start : start + length]
    content = b"q 400 0 0 600 100 100 cm /I Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert('run'); this.print()) >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /XObject /Subtype /Image /Width 320 /Height 320 /ColorSpace /DeviceGray /BitsPerComponent 1 "
        b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 320 /Rows 320 >> /Length %d >>\nstream\n%s\nendstream"
        % (len(pixels), pixels),
    ]
    return _write_pdf(path, objects)


def endless_pdf(path: Path, pages: int) -> Path:
    """So many pages of a line each."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> >>"
        % (kids, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(1, pages + 1):
        content = b"BT /F1 12 Tf 72 700 Td (The file of case %d is closed.) Tj ET" % number
        objects += [
            b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>" % (3 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    return _write_pdf(path, objects)


def endless_workbook(path: Path, rows: int) -> Path:
    """A sheet of so many rows that are all alike; not packed, since it would be so far that it is refused."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    source = path.with_suffix(".source")
    Workbook().save(source)
    row = '<row><c t="str"><v>4711 4711 4711 4711 4711 4711 4711 4711</v></c></row>'
    sheet = f"<worksheet {main}><sheetData>{row * rows}</sheetData></worksheet>"
    with_part(source, path, "xl/worksheets/sheet1.xml", sheet.encode(), zipfile.ZIP_STORED)
    return path


def pdf_bomb(path: Path, megabytes: int) -> Path:
    """A page whose content stream unpacks to so many megabytes of drawing."""
    stream = zlib.compress(b"0 0 m 1 1 l S q Q " * (megabytes * 1_000_000 // 18), 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    return _write_pdf(path, objects)


def _write_pdf(path: Path, objects: list[bytes]) -> Path:
    body = bytearray(b"%PDF-1.7\n")
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    path.write_bytes(body)
    return path


def huge_png(side: int = 20_000) -> bytes:
    """A valid picture of `side` squared white pixels in a few hundred kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\x00" + b"\xff" * side
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def word_document(path: Path, picture: bytes | None = None) -> Path:
    """Headings, text, list, table, and a header that is furniture."""
    document = Document()
    document.core_properties.title = "Urlaubsordnung"
    document.core_properties.author = "Erika Mustermann"
    document.sections[0].header.paragraphs[0].text = "Kopfzeile"
    document.add_heading("Urlaub", 1)
    document.add_paragraph("Der Urlaub beträgt dreißig Tage im Jahr und ist mit der Leitung abzustimmen.")
    document.add_heading("Antrag", 2)
    document.add_paragraph("Der Antrag braucht:")
    document.add_paragraph("den Zeitraum", style="List Bullet")
    document.add_paragraph("eine Vertretung", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Art", "Tage", "Hochzeit", "2"), strict=True):
        cell.text = text
    if picture:
        document.add_picture(io.BytesIO(picture), width=cm)
    document.save(str(path))
    return path


def with_part(source: Path, target: Path, name: str, content: bytes, packing: int = zipfile.ZIP_DEFLATED) -> Path:
    """A copy of an archive with one part added or replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content, packing)
    return target


def compound_file(path: Path, stream: str) -> Path:
    """The start of an OLE container with one named stream in its directory, as encrypted and old Office files have."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(2_000))
    return path
