"""How recordings are cut, told by their bytes, and written down."""

import pytest

from convosphere.core.timecodes import timecode
from convosphere.knowledge.parsing.containers import container_of
from convosphere.knowledge.parsing.errors import NothingSaidError, UnsupportedTypeError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.schemas import ParsedDocument, ParsedPassage
from convosphere.knowledge.pictures.service import joined
from convosphere.knowledge.recordings.process.cutting import Cutter, is_silent
from convosphere.knowledge.recordings.schemas import BYTES_A_SECOND
from convosphere.knowledge.recordings.writing import Written, spread, write_down
from convosphere.llm.speech import Transcript, Utterance
from tests.fixtures.recordings import make_packed, make_wav

HEAD = 44
"""Bytes of a WAV before its samples."""


def samples_of(*parts: tuple[float, float]) -> bytes:
    return make_wav(*parts)[HEAD:]


def test_pieces_are_cut_where_it_is_quiet_and_lose_nothing() -> None:
    samples = samples_of((7.0, 1.0), (0.6, 0.0), (8.0, 1.0), (1.0, 0.002), (4.0, 1.0))
    cutter = Cutter(longest=10)
    whole = [piece for start in range(0, len(samples), 5_000) for piece in cutter.take(samples[start : start + 5_000])]
    pieces = [*whole, cutter.rest()]
    assert b"".join(pieces) == samples
    assert all(len(piece) <= 10 * BYTES_A_SECOND for piece in pieces)
    ends = [len(b"".join(pieces[: number + 1])) / BYTES_A_SECOND for number in range(len(whole))]
    assert 7.0 <= ends[0] <= 7.6
    assert 15.6 <= ends[1] <= 16.6


def test_what_nobody_can_hear_is_silent() -> None:
    assert is_silent(samples_of((3.0, 0.0)))
    assert is_silent(samples_of((3.0, 0.002)))
    assert not is_silent(samples_of((3.0, 0.0), (0.3, 0.2)))


@pytest.mark.parametrize(
    ("container", "codec", "found"),
    [("wav", "", "wav"), ("mp3", "libmp3lame", "mp3"), ("ipod", "aac", "mov"), ("ogg", "libopus", "ogg"),
     ("flac", "flac", "flac"), ("matroska", "aac", "matroska"), ("adts", "aac", "aac")],
)  # fmt: skip
def test_a_container_is_told_by_its_bytes(container: str, codec: str, found: str) -> None:
    data = make_packed(container, codec, (0.3, 1.0)) if codec else make_wav((0.3, 1.0))
    assert container_of(data[:64]) == found


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7 and so on and on", b"\xff\xfeU\x00T\x00F\x001\x006\x00 text", b"x" * 64]
)
def test_other_files_are_no_recordings(data: bytes) -> None:
    assert container_of(data) == ""


def written(begins: float, *utterances: Utterance, is_timed: bool = True) -> Written:
    return Written(begins, 600.0, Transcript(utterances, is_timed))


def test_words_keep_the_recordings_own_time() -> None:
    pieces = [
        written(0.0, Utterance(1.0, 3.0, "Owls hunt"), Utterance(3.0, 5.0, "at night."), Utterance(5.0, 9.0, "Why?")),
        written(590.5, Utterance(0.5, 2.0, " They\nhear  well. ")),
    ]
    document = write_down(pieces, "talk.mp3", ())
    assert document.text == "Owls hunt at night.\nWhy?\nThey hear well."
    said = [(document.text[each.start :].split()[0], each.begins, each.ends) for each in document.spoken]
    assert said == [("Owls", 1.0, 3.0), ("at", 3.0, 5.0), ("Why?", 5.0, 9.0), ("They", 591.0, 592.5)]
    assert document.title == "talk"
    assert [document.text[each.start : each.end] for each in document.passages] == [document.text]


def test_words_without_times_are_spread_over_their_piece() -> None:
    told = Utterance(0.0, 100.0, "Owls hunt at night. They hear well.")
    found = list(spread([told], 100.0))
    assert [each.text for each in found] == ["Owls hunt at night. ", "They hear well."]
    assert (found[0].begins, found[1].ends) == (0.0, pytest.approx(100.0))
    assert found[0].ends == found[1].begins == pytest.approx(57.1, abs=0.1)


def test_a_recording_without_a_word_is_refused() -> None:
    with pytest.raises(NothingSaidError):
        write_down([written(0.0), written(5.0, Utterance(0, 1, " \u202e "))], "talk.mp3", ())


def test_a_description_stands_behind_what_was_recognised() -> None:
    first = ParsedDocument("Chart", "en", None, "Sales", (ParsedPassage(1, "Sales", 0, 5, None, "", "en"),))
    second = ParsedDocument("x", "en", None, "A bar chart.", (ParsedPassage(1, "A bar chart.", 0, 12, None, "", "en"),))
    both = joined(first, second)
    assert both.described_from == 7
    assert [(each.number, both.text[each.start : each.end]) for each in both.passages] == [
        (1, "Sales"),
        (2, "A bar chart."),
    ]


def test_times_are_written_as_players_do() -> None:
    assert [timecode(seconds) for seconds in (0, 59, 754, 3_600, 45_296)] == [
        "0:00",
        "0:59",
        "12:34",
        "1:00:00",
        "12:34:56",
    ]


def test_old_formats_are_told_what_to_become() -> None:
    error = UnsupportedTypeError(found="AVI")
    assert "MP4" in str(error)
    assert DocumentType.VIDEO not in str(error)
