"""What travels between the app and its readers, and what is believed of it."""

from dataclasses import replace

import pytest

from convosphere.knowledge.parsing.errors import DamagedFileError, UnsupportedTypeError, error_from_code
from convosphere.knowledge.parsing.process.checking import decode_frame
from convosphere.knowledge.parsing.process.frames import HEADER, PassageSpan, ResultFrame, encode_frame
from convosphere.knowledge.parsing.schemas import Layout


def test_an_error_is_rebuilt_from_its_code() -> None:
    error = error_from_code("unsupported_type", {"found": "PNG", "expected": "PDF"})

    assert isinstance(error, UnsupportedTypeError)
    assert "The name says PDF, but the content is PNG." in str(error)
    assert isinstance(error_from_code("no such code", {}), DamagedFileError)


LAYOUT = Layout("hp", (0, 5), (4, 10), (1, 0), (None, 1), ("Some",))


def frame(*spans: tuple[int, int], layout: Layout | None = LAYOUT) -> ResultFrame:
    found = [PassageSpan(start, end, None, "", "en") for start, end in spans]
    return ResultFrame("Title", "en", None, "Some text.", found, [], {}, {}, layout)


def test_a_document_survives_the_way_between_processes() -> None:
    decoded = decode_frame(encode_frame(frame((0, 4), (5, 10)))[HEADER.size :])

    assert isinstance(decoded, ResultFrame)
    document = decoded.document()
    assert [passage.text for passage in document.passages] == ["Some", "text."]
    assert document.layout == LAYOUT


@pytest.mark.parametrize("spans", [[(0, 11)], [(-1, 4)], [(5, 10), (0, 4)], [(3, 3)], [(0, 9), (2, 8)]])
def test_a_lying_process_is_not_believed(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="out of order"):
        frame(*spans).document()


@pytest.mark.parametrize(
    "layout",
    [
        replace(LAYOUT, ends=(4, 11)),
        replace(LAYOUT, starts=(5, 0)),
        replace(LAYOUT, kinds="hx"),
        replace(LAYOUT, kinds="h"),
        replace(LAYOUT, labels=()),
    ],
)
def test_a_layout_that_is_none_is_not_believed(layout: Layout) -> None:
    with pytest.raises(ValueError, match="layout"):
        frame((0, 4), layout=layout).document()


@pytest.mark.parametrize("body", [b"", b"{}", b'{"kind":"result","text":7}', b"\xff"])
def test_a_broken_frame_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        decode_frame(body)
