"""Prices, lists of models and the estimate of tokens."""

from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
import tiktoken

from convosphere.llm.prices import chat_models_of, cost_nanos, find_facts
from convosphere.llm.schemas import Price, Usage
from convosphere.llm.tokens import estimate_tokens

TEXTS = [
    "Employees are entitled to thirty days of paid leave each calendar year, and unused days lapse on 31 March.",
    "Die Beschäftigten haben Anspruch auf dreißig Tage Erholungsurlaub; Näheres regelt die Betriebsvereinbarung.",
    "Zürich, Müßiggang, Straßenbahnhaltestelle, Überstundenvergütungsvereinbarung",
    "従業員は毎年三十日間の有給休暇を取得する権利があります。",
    "def f(x: int) -> int:\n    return [y ** 2 for y in range(x) if y % 3 == 0][-1]\n",
    "| 1.234,56 | 2026-11-20 | 0049 30 123456 |",
    "👍🏽🎉✅",
    "{}[]()<>!?;:,.-_#+*~'\"",
    "Все сотрудники имеют право на отпуск.",
    "a",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_estimate_is_never_below_what_gpt_4_counts(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = find_spec("litellm")
    assert spec is not None
    assert spec.origin is not None
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(Path(spec.origin).parent / "litellm_core_utils" / "tokenizers"))
    exact = len(tiktoken.get_encoding("cl100k_base").encode(text))
    assert exact <= estimate_tokens(text) <= 3 * exact + 1


def test_nothing_is_no_token() -> None:
    assert estimate_tokens("") == 0


def test_a_cost_is_exact_to_the_billionth() -> None:
    facts = find_facts("openai/gpt-4o")
    assert facts
    assert cost_nanos(facts.price, Usage(1000, 100)) == 1000 * 2500 + 100 * 10_000
    assert cost_nanos(facts.price, Usage(1000, 100, cached_tokens=400)) == 600 * 2500 + 400 * 1250 + 100 * 10_000


def test_what_a_provider_writes_down_to_remember_costs_more() -> None:
    price = Price(1_000_000, 5_000_000, 100_000, written_nanos=1_250_000)
    usage = Usage(10_000, 1_000, cached_tokens=4_000, written_tokens=2_000)
    assert cost_nanos(price, usage) == 4_000 + 400 + 2_500 + 5_000
    facts = find_facts("claude-sonnet-4-5")
    assert facts
    assert facts.price
    assert facts.price.written_nanos == facts.price.input_nanos * 5 // 4


def test_a_cost_that_is_not_known_is_none() -> None:
    facts = find_facts("gpt-4o")
    assert find_facts("nobody/knows-this") is None
    assert cost_nanos(None, Usage(10, 10)) is None
    assert facts
    assert facts.price
    assert cost_nanos(facts.price, Usage(10, 10, estimated=True)) is None


def test_a_price_of_zero_in_the_list_is_not_known_but_for_ones_own_machine() -> None:
    assert (facts := find_facts("gemini/gemini-exp-1206")) is None or facts.price is None
    local = find_facts("ollama/llama3")
    assert local
    assert local.price == Price(0, 0)


@pytest.mark.parametrize("provider", ["anthropic", "gemini", "mistral"])
def test_a_providers_list_is_short_and_of_models_that_chat(provider: str) -> None:
    names = chat_models_of(provider, date(2026, 11, 20))
    assert 3 <= len(names) <= 16
    assert all(name.startswith(f"{provider}/") for name in names)
    assert all(facts and facts.chats and facts.price for facts in map(find_facts, names))
