"""Empty, locked, broken, mislabelled and hostile files: each fails alone, with a reason that says what to do."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from convosphere.core.confined.processes import clean_environment, without_network
from convosphere.knowledge.parsing.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    NoTextError,
    ParseError,
    ParseMemoryError,
    ParseTimeoutError,
    TooComplexError,
    UnsupportedTypeError,
)
from convosphere.knowledge.parsing.parser import Parser
from convosphere.knowledge.parsing.schemas import Limits
from tests.fixtures.waiting import until
from tests.integration.knowledge.parsing import makers

Maker = Callable[[Path], Path]
DEEP = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
LAUGHS = b"<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><d>&b;</d>"


def written(data: bytes) -> Maker:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


def truncated(maker: Maker) -> Maker:
    def cut(path: Path) -> Path:
        data = maker(path).read_bytes()
        path.write_bytes(data[: len(data) // 2])
        return path

    return cut


def word_with(name: str, content: bytes) -> Maker:
    def make(path: Path) -> Path:
        return makers.with_part(makers.word_document(path.with_suffix(".source")), path, name, content)

    return make


CASES: list[tuple[str, Maker, str, type[ParseError]]] = [
    ("empty", written(b""), "a.pdf", EmptyFileError),
    ("blank", written(b" \n\t\n"), "a.txt", EmptyFileError),
    ("locked pdf", lambda path: makers.german_pdf(path, 1, "secret"), "a.pdf", EncryptedFileError),
    ("locked docx", lambda path: makers.compound_file(path, "EncryptedPackage"), "a.docx", EncryptedFileError),
    (
        "truncated pdf",
        truncated(makers.german_pdf),
        "a.pdf",
        DamagedFileError,
    ),
    ("truncated docx", truncated(makers.word_document), "a.docx", DamagedFileError),
    ("noise as pdf", written(bytes(range(256)) * 40), "a.pdf", DamagedFileError),
    ("scan", lambda path: makers.scanned_pdf(path, makers.huge_png(50)), "a.pdf", NoTextError),
    ("only markup", written(b"<html><body><script>x()</script></body></html>"), "a.html", NoTextError),
    ("deep xml", word_with("word/document.xml", DEEP + b"<w:p>" * 90_000), "a.docx", TooComplexError),
    ("entities", word_with("word/document.xml", LAUGHS), "a.docx", TooComplexError),
    ("zip bomb", word_with("word/media/x.bin", bytes(300_000_000)), "a.docx", TooComplexError),
    ("deep html", written(b"<div>" * 100_000 + b"text"), "a.html", TooComplexError),
]


@pytest.mark.parametrize(("make", "name", "error"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_it_fails_alone_and_says_why(
    parser: Parser, tmp_path: Path, make: Maker, name: str, error: type[ParseError]
) -> None:
    with pytest.raises(error):
        await parser.parse(make(tmp_path / "stored"), name)

    (tmp_path / "next").write_text("The next file is read.")
    assert (await parser.parse(tmp_path / "next", "b.txt")).text == "The next file is read."
    assert (
        "sleeping" in (await parser.parse(written(b"<p>No dogs are sleeping here.</p>")(tmp_path / "n"), "b.html")).text
    )


@pytest.mark.parametrize(
    ("make", "name", "found"),
    [
        (makers.word_document, "a.pdf", "DOCX"),
        (lambda path: makers.german_pdf(path, 1), "a.docx", "PDF"),
        (lambda path: makers.german_pdf(path, 1), "a.txt", "PDF"),
        (lambda path: makers.compound_file(path, "WordDocument"), "a.docx", "DOC"),
        (written(makers.huge_png(10)), "a.md", "PNG"),
        (written(b"PK\x05\x06" + bytes(18)), "a.txt", "ZIP"),
        (written(b"{\\rtf1 Hallo}"), "a.txt", "RTF"),
        (written(b"x"), "photo.psd", "PSD"),
    ],
)
async def test_a_wrong_name_is_told_what_the_file_is(
    parser: Parser, tmp_path: Path, make: Maker, name: str, found: str
) -> None:
    with pytest.raises(UnsupportedTypeError) as caught:
        await parser.parse(make(tmp_path / "stored"), name)

    assert caught.value.values["found"] == found
    assert found in str(caught.value)


async def test_pictures_are_never_unpacked(tmp_path: Path) -> None:
    # 20,000 by 20,000 pixels are 400 MB, a hundred times what these readers may add.
    async with Parser(Limits(seconds=30, megabytes=100)) as parser:
        word = await parser.parse(makers.word_document(tmp_path / "w", makers.huge_png()), "a.docx")
        pdf = await parser.parse(makers.pdf_with_huge_picture(tmp_path / "p"), "a.pdf")

    assert "dreißig Tage" in word.text
    assert pdf.text == "The budget for 2027 is four million."


async def test_too_much_memory_ends_the_reader_alone(tmp_path: Path) -> None:
    (tmp_path / "big").write_text("Ein Satz mit vielen Wörtern steht hier. " * 500_000)
    (tmp_path / "small").write_text("Kurz und gut.")
    async with Parser(Limits(seconds=60, megabytes=32), readers=1) as parser:
        with pytest.raises(ParseMemoryError):
            await parser.parse(tmp_path / "big", "a.txt")
        assert (await parser.parse(tmp_path / "small", "b.txt")).text == "Kurz und gut."


async def test_a_pdf_whose_streams_explode_ends_alone(tmp_path: Path) -> None:
    async with Parser(Limits(seconds=20, megabytes=64), readers=1) as parser:
        with pytest.raises((ParseMemoryError, DamagedFileError, NoTextError)):
            await parser.parse(makers.pdf_bomb(tmp_path / "bomb", 400), "a.pdf")
        document = await parser.parse(makers.german_pdf(tmp_path / "good", 1), "b.pdf")
    assert document.pages == 1


async def test_too_much_processor_time_ends_the_reader_alone(tmp_path: Path) -> None:
    (tmp_path / "big").write_text("Ein Satz mit vielen Wörtern steht hier. " * 400_000)
    (tmp_path / "small").write_text("Kurz und gut.")
    async with Parser(Limits(seconds=1), readers=1) as parser:
        with pytest.raises(ParseTimeoutError):
            await parser.parse(tmp_path / "big", "a.txt")
        assert (await parser.parse(tmp_path / "small", "b.txt")).text == "Kurz und gut."


@pytest.fixture(scope="module")
def long_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that takes many seconds to read."""
    return makers.german_pdf(tmp_path_factory.mktemp("long") / "stored", 400)


async def begun(parser: Parser, path: Path) -> asyncio.Task[object]:
    """A reading that has got somewhere."""
    started = asyncio.Event()
    task = asyncio.create_task(parser.parse(path, "a.pdf", lambda _: started.set()))
    task.add_done_callback(lambda _: started.set())  # Should it end before it begins, its error says why.
    await started.wait()
    return task


@pytest_asyncio.fixture
async def own_parser() -> AsyncIterator[Parser]:
    """A parser whose processes no other test uses."""
    async with Parser(Limits(seconds=30), readers=1) as parser:
        yield parser


def is_gone(process_id: int) -> bool:
    try:
        os.killpg(process_id, 0)
    except ProcessLookupError:
        return True
    return False


async def test_cancelling_ends_the_process_at_once(own_parser: Parser, long_pdf: Path) -> None:
    task = await begun(own_parser, long_pdf)
    (process_id,) = own_parser.process_ids
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert is_gone(process_id)
    assert own_parser.process_ids == ()


async def test_a_reader_that_hangs_is_ended(long_pdf: Path) -> None:
    async with Parser(Limits(seconds=1), readers=1) as parser:
        task = asyncio.create_task(parser.parse(long_pdf, "a.pdf"))
        # Not until it reads: a busy machine may take longer for that than this parser waits.
        await until(lambda: bool(parser.process_ids))
        (process_id,) = parser.process_ids
        os.killpg(process_id, signal.SIGSTOP)
        with pytest.raises(ParseTimeoutError):
            await task
    await until(lambda: is_gone(process_id))


async def test_a_killed_process_is_replaced(own_parser: Parser, long_pdf: Path, tmp_path: Path) -> None:
    task = await begun(own_parser, long_pdf)
    os.killpg(own_parser.process_ids[0], signal.SIGKILL)
    with pytest.raises(DamagedFileError):
        await task

    assert (await own_parser.parse(makers.german_pdf(tmp_path / "good", 1), "b.pdf")).pages == 1


async def test_processes_end_with_the_parser_and_when_idle(tmp_path: Path) -> None:
    (tmp_path / "stored").write_text("A text.")
    async with Parser(Limits(), idle_seconds=0.05) as parser:
        await parser.parse(tmp_path / "stored", "a.txt")
        (idle,) = parser.process_ids
        while parser.process_ids:  # noqa: ASYNC110 - There is no event to wait for: the parser tells nobody.
            await asyncio.sleep(0.02)
        await parser.parse(tmp_path / "stored", "a.txt")
        (last,) = parser.process_ids

    assert is_gone(idle)
    assert is_gone(last)


async def test_readers_have_no_network_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert "sk-secret" not in clean_environment().values()

    if not without_network():
        pytest.skip("user namespaces are not allowed on this machine")
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    attempt = f"import socket; socket.create_connection(('127.0.0.1', {port}), 3)"
    inside = await asyncio.create_subprocess_exec(
        *without_network(), sys.executable, "-c", attempt, stderr=subprocess.PIPE
    )
    _, complaint = await inside.communicate()
    server.close()
    await server.wait_closed()

    assert b"OSError" in complaint or b"ConnectionRefusedError" in complaint


async def test_unstructured_needs_neither_spacy_nor_network(tmp_path: Path) -> None:
    word = makers.word_document(tmp_path / "a.docx")
    page = written(b"<h1>A</h1><p>It is open on Mondays. It is closed on Sundays.</p>")(tmp_path / "a.html")
    code = f"""
import socket, sys
from pathlib import Path
def refuse(*_): raise AssertionError("network")
socket.socket.connect = socket.getaddrinfo = refuse
sys.modules["spacy"] = None
from convosphere.knowledge.parsing.markup.docx import read_docx
from convosphere.knowledge.parsing.markup.html import read_html
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source
word = read_docx(Source(Path({str(word)!r})), Limits(), print)
page = read_html(Source(Path({str(page)!r})), Limits(), print)
loaded = {{name for name, module in sys.modules.items() if module}}
print(len(word.blocks), len(page.blocks), sorted({{"spacy", "nltk", "numba", "torch", "pandas"}} & loaded))
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(),
        cwd=tmp_path,
    )  # fmt: skip
    output, complaint = await process.communicate()

    assert complaint.decode() == ""
    assert output.decode() == "8 2 []\n"
