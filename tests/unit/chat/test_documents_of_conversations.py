"""Documents of conversations, each opened again by a reader that is not ours."""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from docx import Document
from lxml import etree
from markdown_it import MarkdownIt
from PIL import Image
from pypdf import PdfReader

from convosphere.chat.transfer.names import file_name, unique_names
from convosphere.chat.transfer.schema import PortableConversation
from convosphere.chat.transfer.schemas import ExportFormat
from convosphere.chat.transfer.writing.apart import DocumentWriter
from convosphere.chat.transfer.writing.blocks import blocks_of
from convosphere.chat.transfer.writing.process import Request, document_of

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror=alert(1)> <iframe srcdoc="x"></iframe>\n\n'
    "![pixel](https://evil.example/p.png) [click](javascript:alert(1)) [data](data:text/html,x)\n\n"
    '[quote](https://a.example/" onclick="alert(1)) \x01\x0b\ufffe '
)
ANSWER = """## Owls

Bertram **hunts** *hedgehogs* ~~slowly~~ with `code <b>` at night [1], and [2, 3] says so too.

1. first
2. second with [a link](https://example.org/?a=1&b=2)
   - inner

> a quotation

```python
print("[1] <x>")   # stays
```

| Owl | Weight |
|-----|-------:|
| Bertram [1] | 2 kg |

Grüße, „Ordnung“ – 5 € 😀 中文 日本語 한국어 Ж Ω → ∑
"""


def conversation(answer: str = ANSWER, title: str = "Owls & <hedgehogs>", **fields: Any) -> PortableConversation:
    begun = datetime(2026, 11, 20, 12, tzinfo=UTC)
    cited = [
        {"number": number, "document": name, "document_id": UUID(int=number), "version_id": UUID(int=9), "start": 0,
         "end": 5, "page": page, "seconds": seconds}
        for number, name, page, seconds in (
            (1, "Owls & co.pdf", 4, None), (2, "Night.mp3", None, 75), (3, "", None, None)
        )
    ]  # fmt: skip
    return PortableConversation.model_validate(
        {
            "id": "convosphere:x", "title": title, "created_at": begun, "updated_at": begun, "active": 2,
            "messages": [
                {"number": 1, "role": "user", "parts": [{"type": "text", "text": "Who hunts?"}], "created_at": begun},
                {"number": 2, "parent": 1, "role": "assistant", "parts": [{"type": "text", "text": answer}],
                 "citations": cited, "model": "test-answer", "created_at": begun},
                {"number": 3, "parent": 1, "role": "assistant", "parts": [{"type": "text", "text": "Another branch"}],
                 "created_at": begun},
            ],
            **fields,
        }
    )  # fmt: skip


def made(
    form: ExportFormat, told: PortableConversation | None = None, contents: Mapping[str, Path] | None = None
) -> bytes:
    return document_of(
        Request(conversation=told or conversation(), form=form, locale="en", contents=dict(contents or {}))
    )


class _Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def addresses(tags: _Tags) -> set[str]:
    return {value or "" for _, attrs in tags.tags for name, value in attrs.items() if name in {"href", "src", "srcset"}}


def test_markdown_has_footnotes_that_other_readers_know() -> None:
    text = made(ExportFormat.MARKDOWN).decode()
    assert "at night [^1], and [^2][^3] says" in text
    assert '[1] <x>")' in text, "code stays as it is"
    assert re.findall(r"^\[\^\d\]: .*", text, re.MULTILINE) == [
        "[^1]: Owls & co.pdf, page 4", "[^2]: Night.mp3, at 1:15", "[^3]: A document that is not there any more",
    ]  # fmt: skip
    assert "Another branch" not in text
    headings = [token for token in MarkdownIt().parse(text) if token.type == "heading_open"]
    assert len(headings) == 5
    assert "# Owls & \\<hedgehogs\\>" in text


def test_a_page_is_self_contained_and_says_everything() -> None:
    page = _Tags(made(ExportFormat.HTML).decode())
    names = [tag for tag, _ in page.tags]
    assert {"h1", "article", "strong", "em", "s", "code", "pre", "table", "blockquote", "sup"} <= set(names)
    assert not {"script", "link", "iframe", "img", "object", "form", "base"} & set(names)
    assert addresses(page) == {"https://example.org/?a=1&b=2", "#note-1", "#note-2", "#note-3"}
    for said in ("Who hunts?", "Owls & <hedgehogs>", 'print("[1] <x>")', "Owls & co.pdf, page 4", "😀 中文"):
        assert said in page.text
    policy = next(attrs["content"] for tag, attrs in page.tags if "http-equiv" in attrs)
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_nothing_hostile_gets_into_a_page() -> None:
    page = _Tags(made(ExportFormat.HTML, conversation(HOSTILE, title=HOSTILE[:150])).decode())
    assert not {"script", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert {address.partition(":")[0] for address in addresses(page)} <= {"https", "#note-1"}
    assert "<script>alert(1)</script>" in page.text, "it is shown as what was written"


@pytest.mark.parametrize("form", [ExportFormat.PDF, ExportFormat.DOCX, ExportFormat.MARKDOWN])
def test_nothing_hostile_stops_a_document(form: ExportFormat) -> None:
    assert made(form, conversation(HOSTILE * 3, title="<b>&amp;</para>"))


def test_a_pdf_says_everything_in_every_script() -> None:
    reader = PdfReader(io.BytesIO(made(ExportFormat.PDF)))
    text = "\n".join(page.extract_text() for page in reader.pages)
    said = (
        "Owls & <hedgehogs>", "Who hunts?", "Bertram", "hedgehogs", "second", "inner", "a quotation", "print(",
        "Grüße, „Ordnung“ – 5 €", "[grinning face]", "Ж Ω → ∑", "Owls & co.pdf, page 4", "Night.mp3, at 1:15", "2 kg",
    )  # fmt: skip
    assert [each for each in said if each not in text.replace("\xa0", " ")] == []
    assert "Another branch" not in text
    assert reader.metadata is not None
    assert reader.metadata.title == "Owls & <hedgehogs>"
    fonts = {str(font) for page in reader.pages for font in page["/Resources"]["/Font"]}  # type: ignore[index]
    assert fonts
    assert b"/JavaScript" not in made(ExportFormat.PDF)


def test_word_opens_a_document_with_real_footnotes() -> None:
    data = made(ExportFormat.DOCX)
    document = Document(io.BytesIO(data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for said in ("Owls & <hedgehogs>", "Who hunts?", "1. first", 'print("[1] <x>")', "😀 中文 日本語 한국어"):
        assert said in text
    assert document.tables[0].rows[1].cells[1].text == "2 kg"
    assert document.core_properties.title == "Owls & <hedgehogs>"
    with ZipFile(io.BytesIO(data)) as package:
        notes = etree.fromstring(package.read("word/footnotes.xml"))
        body = etree.fromstring(package.read("word/document.xml"))
        types = package.read("[Content_Types].xml").decode()
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    told = ["".join(note.itertext()).strip() for note in notes.findall("w:footnote", space)]
    assert told[2:] == ["Owls & co.pdf, page 4", "Night.mp3, at 1:15", "A document that is not there any more"]
    key = f"{{{space['w']}}}id"
    assert [each.get(key) for each in body.iter(f"{{{space['w']}}}footnoteReference")] == ["1", "2", "3", "1"]
    assert "wordprocessingml.footnotes+xml" in types


def test_images_of_questions_come_with_it(tmp_path: Path) -> None:
    path = tmp_path / "image"
    Image.new("RGB", (60, 30), "red").save(path, "JPEG")
    told = conversation()
    file = {"type": "file", "kind": "image", "name": "owl.png", "width": 60, "height": 30, "content": "files/x.jpg"}
    plain = told.model_dump()
    plain["messages"][0]["parts"] = [file, {"type": "text", "text": "What is this?"}]
    told = PortableConversation.model_validate(plain)
    contents = {"files/x.jpg": path}
    page = _Tags(made(ExportFormat.HTML, told, contents).decode())
    assert (
        next(attrs["src"] for tag, attrs in page.tags if tag == "img" and attrs["src"])[:23]
        == "data:image/jpeg;base64,"
    )
    reader = PdfReader(io.BytesIO(made(ExportFormat.PDF, told, contents)))
    assert len(reader.pages[0].images) == 1
    assert len(Document(io.BytesIO(made(ExportFormat.DOCX, told, contents))).inline_shapes) == 1
    assert b"owl.png" in made(ExportFormat.MARKDOWN, told, contents)


@pytest.mark.parametrize("form", [ExportFormat.PDF, ExportFormat.DOCX, ExportFormat.HTML])
@pytest.mark.parametrize(
    "answer",
    [
        "x" * 40_000,
        "```\n" + "y" * 50_000 + "\n" + "z\n" * 3_000 + "```",
        "| a |" + " b |" * 60 + "\n" + "|-" * 61 + "|\n" + "| c |" * 61,
        "| a | b |\n|--|--|\n| " + "word " * 5_000 + " | x |",
        "> " * 300 + "deep",
        "- " * 200 + "deep",
        "*" * 5_000 + "[" * 5_000,
        "99999999999999. x",
    ],
    ids=["long", "code", "columns", "cell", "quotes", "lists", "marks", "number"],
)
def test_absurd_answers_become_documents(form: ExportFormat, answer: str) -> None:
    assert len(made(form, conversation(answer))) > 500


def test_what_is_too_long_to_be_markdown_stands_as_it_is_written() -> None:
    (block,) = blocks_of("**x**" * 100_000)
    assert (block.kind, len(block.runs[0].text)) == ("code", 500_000)


async def test_documents_are_written_in_a_process_of_their_own() -> None:
    async with DocumentWriter() as writer:
        pdf = await writer.write(conversation(), ExportFormat.PDF, "de", {})
        page = await writer.write(conversation(), ExportFormat.HTML, "de", {})
    assert pdf.startswith(b"%PDF-")
    assert "Quellen" in page.decode()


def test_names_of_files_are_safe_and_told_from_each_other() -> None:
    assert file_name("../../etc/passwd", ".md") == "etc passwd.md"
    assert file_name("a\u202egpj.exe\x00\n\t", ".pdf") == "agpj.exe.pdf"
    assert [file_name(title, ".md") for title in ("", "...", "CON", "nul.txt", "/\\:*?")] == [
        "chat.md", "chat.md", "CON-.md", "nul.txt-.md", "chat.md",
    ]  # fmt: skip
    assert len(file_name("é" * 500, ".md").encode()) < 255
    assert unique_names(["a", "A", "a", "a (2)"]) == ["a", "A (2)", "a (3)", "a (2) (2)"]
