"""Letters that run from right to left, as a PDF shows them."""

import io
import unicodedata

import pytest
from pypdf import PdfReader

from convosphere.chat.transfer.schemas import ExportFormat
from convosphere.chat.transfer.writing.blocks import Run
from convosphere.chat.transfer.writing.turned import as_shown, is_turned, lines_of
from tests.unit.chat.test_documents_of_conversations import conversation, made

ANSWER = """# عنوان

السلام عليكم (GPU) 12.5

- שלום עולם

| الاسم | القيمة |
|---|---|
| تفاحة | 12 |
"""


def shown(*runs: Run, width: float = 1_000) -> list[str]:
    lines = lines_of(runs, width, lambda text, _: len(text))
    return ["".join(run.text for run in line) for line in lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("שלום (world)!", "!(world) םולש"),
        ("שלום (עולם) 12.5", "12.5 (םלוע) םולש"),
        ("So שלום, they said (once)", "So םולש, they said (once)"),
        ("שלום\u202e\u2066 a", "a םולש"),
    ],
)
def test_what_is_read_from_right_to_left_stands_so(text: str, expected: str) -> None:
    assert shown(Run(text)) == [expected]


def test_letters_join_as_their_neighbours_have_them() -> None:
    [line] = shown(Run("سلام"))
    assert [unicodedata.name(letter) for letter in line] == [
        "ARABIC LETTER MEEM ISOLATED FORM",
        "ARABIC LIGATURE LAM WITH ALEF FINAL FORM",
        "ARABIC LETTER SEEN INITIAL FORM",
    ]


def test_lines_are_broken_as_one_reads_and_keep_their_looks() -> None:
    runs = (Run("אבג "), Run("דהו", is_bold=True), Run(" זחט"))
    assert shown(*runs, width=8) == ["והד גבא", "טחז"]
    [first, _] = lines_of(runs, 8, lambda text, _: len(text))
    assert [(run.text, run.is_bold) for run in first] == [("והד", True), (" גבא", False)]
    assert [len(line) for line in shown(Run("א" * 25), width=10)] == [10, 10, 5]


def test_code_begins_at_its_left() -> None:
    assert as_shown('x = "שלום"  # so') == 'x = "םולש"  # so'
    assert not is_turned("x = 1", "ä")


def test_a_pdf_says_what_runs_from_right_to_left() -> None:
    pages = PdfReader(io.BytesIO(made(ExportFormat.PDF, conversation(ANSWER + "سلام " * 4_000)))).pages
    text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pages))
    for said in ("عنوان", "السلام", "(GPU)", "12.5", "שלום", "القيمة"):
        assert said in text
    assert text.count("سلام") > 3_999
