"""Reading OpenAI's stream."""

import json

import pytest

from convosphere.llm.errors import (
    ContextTooLongError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    ProviderUnreadableError,
)
from convosphere.llm.providers import events
from convosphere.llm.providers.collected import read_usage
from convosphere.llm.providers.events import Answer, EventLines
from convosphere.llm.schemas import CompletionRequest, TextPiece, Usage


def chunk(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}, ensure_ascii=False).encode() + b"\n\n"


def test_any_cutting_of_the_bytes_gives_the_same_text() -> None:
    stream = b": hello\r\n\r\n" + chunk("Grü") + chunk("ße 👋") + chunk("\n\n") + b"event: x\r\ndata: [DONE]\r\n\r\n"
    for size in range(1, 40):
        lines, answer = EventLines(), Answer("m")
        for start in range(0, len(stream), size):
            assert answer.add_all(lines.feed(stream[start : start + size])) is None
        assert answer.take() == [TextPiece("Grüße 👋\n\n")]
        assert answer.collected.is_whole


def test_what_came_in_one_read_is_one_piece() -> None:
    answer = Answer("m")
    answer.add_all(EventLines().feed(chunk("a") + chunk("b")))
    assert answer.take() == [TextPiece("ab")]
    assert answer.take() == []


def test_a_line_without_end_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LONGEST_LINE", 1000)
    lines = EventLines()
    for _ in range(9):
        assert lines.feed(b"x" * 111) == []
    with pytest.raises(OverflowError):
        lines.feed(b"x" * 111)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"message": "boom", "code": 500}, ProviderUnavailableError),
        ({"message": "boom", "code": "429"}, ProviderRateLimitedError),
        ({"message": "slow down", "type": "rate_limit_exceeded"}, ProviderRateLimitedError),
        ({"message": "x", "code": "context_length_exceeded"}, ContextTooLongError),
        ("just words", ProviderUnavailableError),
    ],
)
def test_an_error_in_the_stream_comes_after_the_text_before_it(error: object, kind: type[Exception]) -> None:
    answer = Answer("m")
    failure = answer.add_all([chunk("so far")[6:].strip(), json.dumps({"error": error}).encode()])
    assert isinstance(failure, kind)
    assert answer.take() == [TextPiece("so far")]


@pytest.mark.parametrize("payload", [b"{", b"[]", b"3", b"\xff\xfe"])
def test_what_is_no_chunk_breaks_the_stream(payload: bytes) -> None:
    assert isinstance(Answer("m").add_all([payload]), ProviderUnreadableError)


def test_parts_reasoning_and_use_are_read() -> None:
    answer = Answer("m")
    delta = {"content": [{"type": "text", "text": "x"}], "reasoning_content": "hm"}
    use = {"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 5}}
    payloads = [{"choices": [{"delta": delta, "finish_reason": "length"}]}, {"choices": None, "usage": use}]
    assert answer.add_all([json.dumps(payload).encode() for payload in payloads]) is None
    assert [type(event).__name__ for event in answer.take()] == ["ThinkingPiece", "TextPiece"]
    finished = answer.collected.finish(CompletionRequest("m", ()))
    assert (finished.finish_reason, finished.usage) == ("length", Usage(7, 2, 5))


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": -1, "completion_tokens": 2},
        {"prompt_tokens": 10**15, "completion_tokens": 2},
        {"prompt_tokens": "7", "completion_tokens": 2},
        {"prompt_tokens": True, "completion_tokens": 2},
        {"prompt_tokens": None, "completion_tokens": None},
        {"prompt_tokens": {}, "completion_tokens": []},
        {"prompt_tokens": 1.5, "completion_tokens": 2},
        {},
        [],
        "many",
    ],
)
def test_numbers_that_cannot_be_true_are_none(usage: object) -> None:
    assert read_usage(usage) is None


def test_details_of_numbers_stay_within_them() -> None:
    details = {"prompt_tokens_details": {"cached_tokens": 99}, "completion_tokens_details": {"reasoning_tokens": "x"}}
    assert read_usage({"prompt_tokens": 7, "completion_tokens": 2, **details}) == Usage(7, 2, 7, 0)
    assert read_usage({"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": 3}) == Usage(7, 2)
    written = {"prompt_tokens_details": {"cached_tokens": 4, "cache_creation_tokens": 5}}
    assert read_usage({"prompt_tokens": 7, "completion_tokens": 2, **written}) == Usage(7, 2, 4, written_tokens=3)


def test_odd_shapes_do_no_harm() -> None:
    answer = Answer("m")
    odd = [
        {"choices": 3},
        {"choices": [None, 3, {"delta": "x"}]},
        {"choices": [{"delta": {"content": [3, {"text": 4}, {"text": "so"}], "tool_calls": None}}]},
        {"choices": [{"finish_reason": 7}]},
    ]
    assert answer.add_all([json.dumps(payload).encode() for payload in odd]) is None
    assert answer.take() == [TextPiece("so")]


def test_json_as_deep_as_the_sea_is_no_answer() -> None:
    assert isinstance(Answer("m").add_all([b"[" * 100_000]), ProviderUnreadableError)
