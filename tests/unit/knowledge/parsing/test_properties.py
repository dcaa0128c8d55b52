"""What files say of themselves, in one form."""

from datetime import date

import pytest

from convosphere.knowledge.parsing.documents import finish
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.languages import document_language
from convosphere.knowledge.parsing.process.markup import MARKUP_READERS
from convosphere.knowledge.parsing.process.office import OFFICE_READERS
from convosphere.knowledge.parsing.properties import UNKNOWN_LANGUAGE, author_of, day_of, language_of
from convosphere.knowledge.parsing.schemas import Limits, Origin, ParsedDocument
from convosphere.knowledge.parsing.sources import Source
from tests.unit.knowledge.parsing import office_files as made

PAGE = b"""<html lang="de-AT"><head><title>Eule</title><meta property="article:author" content="http://example.org/x">
<meta name="author" content="Eva"><meta property="article:published_time" content="2024-05-03T10:00:00+02:00">
<meta property="article:modified_time" content="2025-06-01"></head><body><p>Uhu</p></body></html>"""


def parsed(kind: DocumentType, data: bytes) -> ParsedDocument:
    readers = {**MARKUP_READERS, **OFFICE_READERS}
    return finish(readers[kind](Source(data), Limits(), lambda _: None), "Name.ending", Limits())


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2024-05-03T10:00:00Z", date(2024, 5, 3)),
        ("D:20240503104539+02'00'", date(2024, 5, 3)),
        ("D:2024", date(2024, 1, 1)),
        ("Fri, 03 May 2024 10:00:00 +0200", date(2024, 5, 3)),
        ("2024-02-31", None),
        ("1601-01-01", None),
        ("9999-12-31", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_are_understood_or_left_out(told: str, day: date | None) -> None:
    assert day_of(told) == day


@pytest.mark.parametrize(
    ("told", "author"),
    [
        ("Ada Lovelace <ada@example.org>", "Ada Lovelace"),
        ("ada@example.org", "ada@example.org"),
        ("python-docx", ""),
        ("Microsoft Office User", ""),
        ("Eve\u202e\n Mallory", "Eve Mallory"),
        ("x" * 1_000, "x" * 200),
    ],
)
def test_an_author_is_a_person(told: str, author: str) -> None:
    assert author_of({"author": told}) == author


def test_languages_are_codes() -> None:
    assert [language_of(each) for each in ("de-DE", "EN", "german", "x", "<b>")] == ["de", "en", "", "", ""]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("佢哋今日去咗邊度呀？我哋唔知，你哋食咗飯未呀？" * 8, "zh"),
        ("ab cd ef gh xx yy zz qq " * 60, UNKNOWN_LANGUAGE),
        ("Der Garten wird im Frühjahr umgegraben und gedüngt. " * 8, "de"),
    ],
)
def test_a_recognised_language_is_one_that_people_choose(text: str, language: str) -> None:
    assert document_language(text) == language


def test_a_page_says_who_wrote_it_when_and_in_which_language() -> None:
    document = parsed(DocumentType.HTML, PAGE)
    assert document.metadata == {"author": "Eva", "created": "2024-05-03", "modified": "2025-06-01"}
    # One short word tells no language, so that the page is believed.
    assert (document.language, document.origins) == ("de", {"title": Origin.FILE, "language": Origin.FILE})


def test_a_workbook_that_tells_no_day_has_none() -> None:
    sheet = made.archive(made.parts_of(made.workbook({"A": [["Eule"]]}), without="docProps/core.xml"))
    assert parsed(DocumentType.XLSX, sheet).metadata == {}
