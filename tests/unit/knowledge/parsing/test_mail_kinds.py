"""E-mails: head, body, what is attached, and what is refused of it."""

import pytest

from convosphere.knowledge.parsing.detection import check_type
from convosphere.knowledge.parsing.documents import finish
from convosphere.knowledge.parsing.errors import ParseError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.process.mail import MAIL_READERS
from convosphere.knowledge.parsing.schemas import Limits, ParsedDocument, WarningCode
from convosphere.knowledge.parsing.sources import Source
from tests.unit.knowledge.parsing import mail_files as made
from tests.unit.knowledge.parsing import office_files

LIMITS = Limits()


def parsed(kind: DocumentType, data: bytes, limits: Limits = LIMITS) -> ParsedDocument:
    """A document as the reading process makes it."""
    check_type(Source(data), kind)
    return finish(MAIL_READERS[kind](Source(data), limits, lambda _: None), "Name.ending", limits)


def test_an_email_with_its_attachments() -> None:
    message = made.letter("Bericht für März")
    message.add_alternative("<p>Nur Verzierung</p>", subtype="html")
    message.add_attachment(office_files.slides(), maintype="application", subtype="pptx", filename="Plan.pptx")
    message.add_attachment(b"Name;Ort\nEva;Ulm\n", maintype="text", subtype="csv", filename="Liste.csv")
    message.add_attachment(b"\x89PNG nonsense", maintype="image", subtype="png", filename="Logo.png")
    message.add_attachment(b"cut off", maintype="application", subtype="pdf", filename="a.pdf")
    document = parsed(DocumentType.EML, message.as_bytes())

    assert document.title == "Bericht für März"
    assert document.metadata["author"] == "Jörg Öztürk"
    assert document.text.startswith("From: Jörg Öztürk <joerg@example.org>\nTo: team@example.org\nDate: Mon, 02 Mar")
    assert "über das Jahr." in document.text
    assert "Verzierung" not in document.text
    assert "Plan.pptx\n\nÜberblick\n\nUmsätze steigen" in document.text
    assert "Liste.csv\n\nA1:B2\nName | Ort\nEva | Ulm" in document.text
    warned = [(warning.code, warning.part) for warning in document.warnings]
    assert warned == [(WarningCode.PART_UNREADABLE, "Logo.png"), (WarningCode.PART_UNREADABLE, "a.pdf")]


def test_an_email_that_is_only_a_page() -> None:
    message = made.letter("Seite")
    message.set_content("<html><body><h1>Größe</h1><p>Wir sind fünf Leute hier.</p></body></html>", subtype="html")
    assert "Wir sind fünf Leute hier." in parsed(DocumentType.EML, message.as_bytes()).text


def test_emails_within_emails_end_somewhere() -> None:
    document = parsed(DocumentType.EML, made.nested(20))

    assert "Tiefe 16" in document.text
    assert "Tiefe 15" not in document.text
    assert [warning.code for warning in document.warnings] == [WarningCode.PARTS_LEFT_OUT]


def test_attachments_have_a_number_at_which_they_end() -> None:
    message = made.letter("Viele")
    for number in range(9):
        message.add_attachment(f"Text {number}.", filename=f"{number}.txt")
    document = parsed(DocumentType.EML, message.as_bytes(), Limits(attachments=5))

    assert "Text 4." in document.text
    assert "Text 5." not in document.text
    assert [warning.code for warning in document.warnings] == [WarningCode.PARTS_LEFT_OUT]


@pytest.mark.parametrize(
    "data",
    [
        b"From: x\nDate: nonsense\nSubject: =?nothing?q?=\nContent-Type: text/plain; charset=martian\n\nHallo Welt",
        b"Content-Type: multipart/mixed; boundary=b\nSubject: a\n\n--b\n\nHallo Welt",
    ],
    ids=["strange", "cut off"],
)
def test_broken_emails_are_read_as_far_as_they_go(data: bytes) -> None:
    assert "Hallo Welt" in parsed(DocumentType.EML, data).text


def test_an_email_of_outlook() -> None:
    texts = {
        0x0037: "Größe",
        0x1000: "Die Säule wiegt zwölf Tonnen und steht.",
        0x0C1A: "Jörg",
        0x0C1F: "j@example.org",
    }
    data = made.outlook(texts, {"Notiz.txt": "Ein Satz über Möwen.".encode(), "x.bin": b"1"}, "Eva Öz")
    document = parsed(DocumentType.MSG, data)

    assert document.title == "Größe"
    assert document.text == (
        'From: "Jörg" <j@example.org>\nTo: Eva Öz <eva@example.org>\nSubject: Größe\n\n'
        "Die Säule wiegt zwölf Tonnen und steht.\n\nNotiz.txt\n\nEin Satz über Möwen."
    )
    assert [(told.code, told.part) for told in document.warnings] == [(WarningCode.PART_UNREADABLE, "x.bin")]


def test_a_broken_email_of_outlook_is_refused() -> None:
    data = made.outlook({0x0037: "Größe"}, {}, "Eva")
    with pytest.raises(ParseError):
        parsed(DocumentType.MSG, data[:1600] + bytes(400))
