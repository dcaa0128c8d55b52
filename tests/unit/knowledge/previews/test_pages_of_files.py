"""Files of office programs, books and e-mails as pages: what they mean can be seen."""

from email.message import EmailMessage

from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.office.epub import epub_page
from convosphere.knowledge.previews.office.mail import eml_page, msg_page
from convosphere.knowledge.previews.office.opendocument import odp_page, ods_page, odt_page
from convosphere.knowledge.previews.office.rtf import rtf_page
from tests.fixtures.images import picture
from tests.unit.knowledge.parsing import mail_files, office_files

DRAWN = '<img alt="{}" src="data:image/jpeg;base64,'


def body_of(page: bytes) -> str:
    return page.decode().partition("<body>")[2]


def test_a_text_of_opendocument_has_its_emphasis_tables_and_pictures() -> None:
    styles = '<style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>'
    text = (
        '<text:h text:outline-level="2">Größe</text:h>'
        '<text:p>Eine <text:span text:style-name="T1">starke</text:span> Säule<text:line-break/>&lt;b&gt;'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Fuß</text:p></text:note-body>"
        '</text:note><draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:title>Ein Turm</svg:title></draw:frame>'
        "</text:p><text:list><text:list-item><text:p>Erstens</text:p></text:list-item></text:list>"
        '<table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Jahr</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    data = office_files.open_document("text", text, styles, {"Pictures/a.png": picture("PNG", (40, 20))})
    shown = body_of(odt_page(Source(data), 0))
    assert shown.startswith(
        "<h2>Größe</h2><p>Eine <strong>starke</strong> Säule<br>&lt;b&gt;<small> (Fuß)</small></p>"
        + DRAWN.format("Ein Turm")
    )
    assert "<ul><li><p>Erstens</p></li></ul>" in shown
    assert '<td colspan="2"><p>Jahr</p></td>' in shown


def test_sheets_of_opendocument_are_tables_without_what_is_hidden() -> None:
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    row = "<table:table-row{}>{}</table:table-row>"
    repeated = ' table:number-columns-repeated="2"'
    rows = row.format("", cell.format("", "Schiff") + cell.format(repeated, "7"))
    rows += row.format(
        ' table:number-rows-repeated="1048575"', cell.format(' table:number-columns-repeated="16384"', "")
    )
    sheets = f'<table:table table:name="Flotte">{rows}</table:table>'
    sheets += f'<table:table table:name="Geheim" table:style-name="ta2">{rows}</table:table>'
    shown = body_of(ods_page(Source(office_files.open_document("spreadsheet", sheets, styles)), 0))
    assert '<th scope="row">1</th><td>Schiff</td><td class="number">7</td><td class="number">7</td></tr>' in shown
    assert shown.count("<tr>") == 2
    assert "Geheim" not in shown


def test_slides_of_opendocument_stand_below_one_another_with_their_notes() -> None:
    frame = "<draw:frame{}><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    title = frame.format(' presentation:class="title"', "Plan")
    notes = f"<presentation:notes>{frame.format('', 'Kurz warten')}</presentation:notes>"
    slide = f"<draw:page>{frame.format('', 'Umsatz')}{title}{notes}</draw:page>"
    shown = body_of(odp_page(Source(office_files.open_document("presentation", slide * 2)), 0))
    one = (
        '<section class="slide" id="slide-{0}"><small>{0}</small>'
        "<h2>Plan</h2><p>Umsatz</p><aside><p>Kurz warten</p></aside></section>"
    )
    assert shown == one.format(1) + one.format(2)


def test_a_book_has_its_chapters_and_its_pictures() -> None:
    parts = office_files.parts_of(office_files.book(), "OEBPS/cover.xhtml")
    cover = (
        '<html><head><title>Titel</title></head><body><svg><image width="1" xlink:href="i/c.png"/></svg></body></html>'
    )
    data = office_files.archive({**parts, "OEBPS/cover.xhtml": cover, "OEBPS/i/c.png": picture("PNG", (40, 20))})
    shown = body_of(epub_page(Source(data), 0))
    assert shown.count('class="chapter"') == 3
    assert '<img src="data:image/jpeg;base64,' in shown
    assert shown.index("data:image") < shown.index("Frühling")
    assert "Titel" not in shown


def test_an_email_has_its_head_its_body_and_what_came_with_it() -> None:
    message: EmailMessage = mail_files.letter("Größe <b>")
    message.add_alternative(
        "<p>Guten <b>Tag</b> <img alt='Turm' src='cid:turm@x'><img src='cid:gone'></p>", subtype="html"
    )
    page = message.get_payload()[1]  # pyright: ignore[reportIndexIssue]
    page.add_related(picture("PNG", (40, 20)), "image", "png", cid="<turm@x>", filename="turm.png")  # pyright: ignore[reportAttributeAccessIssue]
    message.add_attachment(b"x" * 1_500, "application", "pdf", filename="Plan <1>.pdf")
    message.add_attachment(mail_files.letter("Beigelegt"))
    shown = body_of(eml_page(Source(message.as_bytes()), 0))
    assert "<h1>Größe &lt;b&gt;</h1><dl><dt>From</dt><dd>Jörg Öztürk &lt;joerg@example.org&gt;</dd>" in shown
    assert f"<p>Guten <b>Tag</b> {DRAWN.format('Turm')}" in shown
    assert "<li>Plan &lt;1&gt;.pdf <small>2 kB</small></li><li>Beigelegt " in shown
    assert "turm.png" not in shown
    plain = body_of(eml_page(Source(mail_files.letter("Kurz", "Zeile 1\n\nZeile <2>").as_bytes()), 0))
    assert '<div class="plain">Zeile 1<br><br>Zeile &lt;2&gt;</div>' in plain


def test_an_email_of_outlook_has_the_same() -> None:
    texts = {0x0037: "Größe", 0x1000: "Zwölf Tonnen", 0x0C1A: "Jörg", 0x0C1F: "j@example.org"}
    shown = body_of(msg_page(Source(mail_files.outlook(texts, {"Notiz.txt": b"Hallo"}, "Eva Öz")), 0))
    assert "<h1>Größe</h1>" in shown
    assert "<dt>To</dt><dd>Eva Öz &lt;eva@example.org&gt;</dd>" in shown
    assert "Zwölf Tonnen" in shown
    assert "<li>Notiz.txt <small>1 kB</small></li>" in shown


def test_rich_text_has_its_paragraphs_and_tables() -> None:
    text = r"{\rtf1\ansi{\info{\title X}}Gr\'f6\'dfe <b>\par \trowd\cellx1\cellx2 Jahr\cell 7\cell\row\pard Ende\par}"
    assert body_of(rtf_page(Source(text.encode()), 0)) == (
        "<p>Größe &lt;b&gt;</p><table><tbody><tr><td>Jahr</td><td>7</td></tr></tbody></table><p>Ende</p>"
    )
