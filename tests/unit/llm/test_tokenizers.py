"""Counting tokens: exact where the vocabulary is at hand, never too few elsewhere."""

import pytest

from convosphere.llm.tokenizers import counter_of, counts_exactly, load, vocabulary_of
from convosphere.llm.tokens import estimate_tokens

GERMAN = "Die Kündigungsfrist beträgt sechs Wochen zum Quartalsende, für beide Seiten."


@pytest.mark.parametrize(
    ("model", "vocabulary"),
    [
        ("gpt-4o-mini", "o200k_base"),
        ("gpt-5.1", "o200k_base"),
        ("o3", "o200k_base"),
        ("acme/gpt-4.1", "o200k_base"),
        ("gpt-oss-120b", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("anthropic/claude-sonnet-4-5", ""),
        ("llama3.1:8b", ""),
        ("", ""),
    ],
)
def test_a_models_vocabulary_is_known_by_its_name(model: str, vocabulary: str) -> None:
    assert vocabulary_of(model) == vocabulary
    assert counts_exactly(model) == bool(vocabulary)


async def test_a_count_is_exact_once_the_vocabulary_is_there() -> None:
    await load("o200k_base")
    count = counter_of("gpt-4o")
    assert count("hello world") == 2
    assert count(GERMAN) == count(GERMAN) < estimate_tokens(GERMAN)
    assert count("<|endoftext|>") > 1, "what looks like a control token is text"


async def test_other_models_are_estimated() -> None:
    assert counter_of("llama3.1:8b")(GERMAN) == estimate_tokens(GERMAN)
