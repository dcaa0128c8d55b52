"""Tables, data and source code: what their passages hold and where they say that it stands."""

import pytest

from convosphere.knowledge.parsing.documents import finish
from convosphere.knowledge.parsing.errors import NoTextError, TooComplexError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.plain.tables import delimiter_of
from convosphere.knowledge.parsing.process.text import TEXT_READERS
from convosphere.knowledge.parsing.schemas import Limits, ParsedDocument, WarningCode
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.parsing.tables import column_name

LIMITS = Limits()


def parsed(kind: DocumentType, data: bytes, limits: Limits = LIMITS) -> ParsedDocument:
    """A document as the reading process makes it."""
    return finish(TEXT_READERS[kind](Source(data), limits, print), "Name.ending", limits)


def headings(document: ParsedDocument) -> list[str]:
    return [passage.heading for passage in document.passages]


def test_each_passage_of_a_table_carries_its_head_and_its_place() -> None:
    rows = "".join(f"Müller {n};Köln;{n},50\r\n" for n in range(60))
    document = parsed(DocumentType.CSV, f"Name;Ort;Betrag\r\n{rows}".encode("cp1252"))

    assert headings(document) == ["A1:C31", "A32:C61"]
    assert all("Name | Ort | Betrag\n" in passage.text for passage in document.passages)
    assert "Müller 59 | Köln | 59,50" in document.text
    assert document.title == "Name"


def test_formulas_in_a_table_stay_text_and_rows_have_an_end() -> None:
    document = parsed(DocumentType.CSV, b"a,b\n=cmd|' /C calc'!A0,@SUM(A1)\n" + b"1,2\n" * 50, Limits(rows=20))

    assert "=cmd|' /C calc'!A0 | @SUM(A1)" in document.text
    assert [(warning.code, warning.page) for warning in document.warnings] == [(WarningCode.ROWS_LEFT_OUT, 21)]


@pytest.mark.parametrize(("sample", "mark"), [("a;b\n1,5;2\n", ";"), ("a\tb\n", "\t"), ("a,b\n1,2", ","), ("", ",")])
def test_what_parts_cells_is_found(sample: str, mark: str) -> None:
    assert delimiter_of(sample) == mark


def test_columns_are_named_as_in_a_sheet() -> None:
    assert [column_name(n) for n in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ('<span id="page-9"></span>Chapter <b>7</b> <!-- new -->', "Chapter 7"),
        ("The `<span>` of **snake_case** &amp; co ##", "The <span> of snake_case & co"),
        ("![Heron](heron.png) [Birds](birds.md) {#birds}", "Heron Birds"),
    ],
)
def test_a_heading_of_markdown_is_named_by_its_text_alone(heading: str, label: str) -> None:
    document = parsed(DocumentType.MARKDOWN, f"# {heading}\n\nIt is long.\n".encode())

    assert (document.title, headings(document)) == (label, [label])
    assert heading in document.text


def test_a_heading_without_a_word_names_nothing() -> None:
    document = parsed(DocumentType.MARKDOWN, b'# Birds\n\n## <a id="herons"></a>\n\nThey fish.\n')

    assert headings(document) == ["Birds"]


def test_json_is_cut_along_its_structure() -> None:
    people = ",".join(f'{{"id": {n}, "name": "Jörg {n}"}}' for n in range(60))
    document = parsed(DocumentType.JSON, f'{{"version": 3, "staff": {{"people": [{people}]}}}}'.encode())

    assert headings(document)[0].startswith("staff › people › [0–")
    assert all("people" in heading for heading in headings(document))
    assert '"name": "Jörg 59"' in document.text


def test_json_in_lines_and_json_that_is_none() -> None:
    assert '"b": 2' in parsed(DocumentType.JSON, b'{"a": 1}\n{"b": 2}\n').text
    broken = parsed(DocumentType.JSON, b'{"name": "cut o')
    assert [warning.code for warning in broken.warnings] == [WarningCode.NOT_WELL_FORMED]
    assert broken.text == '{"name": "cut o'


@pytest.mark.parametrize(
    "data", [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 600 + b'"' + b"x" * 999 + b'"' + b"}" * 600]
)
def test_deep_json_is_refused(data: bytes) -> None:
    with pytest.raises(TooComplexError):
        parsed(DocumentType.JSON, data)


def test_xml_is_read_by_element() -> None:
    source = (
        '<feed xmlns="x"><entry id="7"><title>Tür &amp; Tor</title></entry><entry><title>Zwei</title></entry></feed>'
    )
    assert parsed(DocumentType.XML, source.encode()).text == "entry: id = 7\ntitle: Tür & Tor\n\ntitle: Zwei"
    broken = parsed(DocumentType.XML, b"<a><b>text")
    assert [warning.code for warning in broken.warnings] == [WarningCode.NOT_WELL_FORMED]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><d>&b;</d>", TooComplexError),
        (b"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><d>&x;</d>", TooComplexError),
        (b"<a>" * 300, TooComplexError),
        (b"<a><b/></a>", NoTextError),
    ],
    ids=["laughs", "foreign", "deep", "empty"],
)
def test_hostile_xml_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(DocumentType.XML, data)


PYTHON = """import os

@cache
def area(side):
    # a square
    return side ** 2


class Garden:
    \"\"\"Roses.\"\"\"

    def water(self):
        return "wet"
"""
JAVA = (
    "class Shop {\n  /** Sells. */\n  public int sell(int pieces) {\n    if (pieces > 0) {\n      go();\n    }\n  }\n}"
)
SCRIPT = "export const add = (a, b) => {\n  return a + b;\n};\n\nfunction gone() {}\n"
SQL = "CREATE TABLE person (\n  id int\n);\n\ncreate or replace function f() returns int;\n"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (PYTHON, ["area", "Garden", "water"]),
        (JAVA, ["Shop", "sell"]),
        (SCRIPT, ["add", "gone"]),
        (SQL, ["person", "f"]),
        ("[server]\nport = 1\n", ["server"]),
        ("pub fn run(x: u8) -> u8 { x }\n\nimpl Tree {}\n", ["run", "Tree"]),
        ("func (t *Tree) Walk(depth int) error {\n", ["Walk"]),
    ],
    ids=["python", "java", "javascript", "sql", "toml", "rust", "go"],
)
def test_code_is_cut_at_its_definitions(source: str, names: list[str]) -> None:
    draft = TEXT_READERS[DocumentType.CODE](Source(source.encode()), Limits(), print)
    assert [block.label for block in draft.blocks if block.label] == names


def test_code_keeps_its_lines_and_names_what_it_belongs_to() -> None:
    body = "".join(f"        value_{n} = {n}\n" for n in range(60))
    document = parsed(DocumentType.CODE, (PYTHON + body).encode())

    assert "@cache\ndef area(side):\n    # a square\n    return side ** 2" in document.text
    assert headings(document)[-1] == "Garden › water"
    assert document.title == "Name"


def test_long_lines_of_code_cost_no_time() -> None:
    assert parsed(DocumentType.CODE, b"var a=" + b"function(" * 50_000).text
