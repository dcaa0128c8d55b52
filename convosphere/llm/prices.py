"""What is known of a model: price, context, whether it chats. From LiteLLM's bundled list, read as plain JSON.

Importing litellm would take seconds and 180 MB; its file is found without that.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from convosphere.llm.schemas import Usage

NANOS = 1_000_000_000
LONG_PROMPT_TOKENS = 200_000
LONGEST_LIST = 16
_FILE = "model_prices_and_context_window_backup.json"
_DATED = re.compile(r"(-\d{4}-\d{2}-\d{2}|-\d{8}|-\d{4})$")
_SPECIAL = re.compile(
    r"preview|audio|tts|search|robotics|computer-use|research|lyria|gemma|learnlm|exp-|labs-|code-fim"
)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One entry of the list; prices are per token in US dollars, None if unknown."""

    provider: str
    mode: str
    context_tokens: int | None
    input_price: float | None
    output_price: float | None
    cached_price: float | None
    long_input_price: float | None
    long_output_price: float | None
    calls_functions: bool
    ends_on: date | None

    @property
    def chats(self) -> bool:
        """Whether it answers messages, rather than embedding, drawing or speaking."""
        return self.mode in {"chat", "responses", "completion"}


def find_facts(name: str) -> ModelFacts | None:
    """What is known of a model by LiteLLM's name for it, with or without its provider in front."""
    entries = _entries()
    return entries.get(name) or entries.get(name.partition("/")[2])


def is_provider(name: str) -> bool:
    """Whether LiteLLM knows a provider of this name, with prices for at least one model."""
    return name in _providers()


def chat_models_of(provider: str, today: date | None = None) -> tuple[str, ...]:
    """The provider's models for everyday use, by LiteLLM's names: undated, not ended, no previews; newest first."""
    day = today or datetime.now(UTC).date()
    names = {
        name if name.startswith(f"{provider}/") else f"{provider}/{name}"
        for name, facts in _entries().items()
        if facts.provider == provider and is_everyday(name, facts, day)
    }
    return tuple(sorted(names, key=_newest_first)[:LONGEST_LIST])


def is_everyday(name: str, facts: ModelFacts, day: date) -> bool:
    """Whether people would look for this name in a list; dated copies and special trades they would not."""
    usual = facts.mode == "chat" and facts.calls_functions and (facts.ends_on is None or facts.ends_on > day)
    return usual and not _DATED.search(name) and not _SPECIAL.search(name) and not name.startswith("ft:")


def cost_nanos(facts: ModelFacts | None, usage: Usage) -> int | None:
    """The cost in billionths of a US dollar; None where the price or the use is not known for sure."""
    if facts is None or usage.estimated or facts.input_price is None or facts.output_price is None:
        return None
    input_price, output_price = facts.input_price, facts.output_price
    if usage.prompt_tokens > LONG_PROMPT_TOKENS:
        input_price = facts.long_input_price or input_price
        output_price = facts.long_output_price or output_price
    cached_price = facts.cached_price if facts.cached_price is not None else input_price
    dollars = (
        _exact(input_price) * (usage.prompt_tokens - usage.cached_tokens)
        + _exact(cached_price) * usage.cached_tokens
        + _exact(output_price) * usage.completion_tokens
    )
    return round(dollars * NANOS)


def _exact(price: float) -> Decimal:
    return Decimal(str(price))


def _newest_first(name: str) -> tuple[bool, int, int, str]:
    """Moving names such as `…-latest` first, then by version."""
    major, minor = [*(int(number) for number in re.findall(r"\d+", name)), 0, 0][:2]
    return not name.endswith("-latest"), -major, -minor, name


@lru_cache(maxsize=1)
def _entries() -> dict[str, ModelFacts]:
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("litellm")
    listed = json.loads((Path(spec.origin).parent / _FILE).read_text(encoding="utf-8"))
    return {name: _facts(entry) for name, entry in listed.items() if name != "sample_spec" and entry.get("mode")}


@lru_cache(maxsize=1)
def _providers() -> frozenset[str]:
    return frozenset(facts.provider for facts in _entries().values())


def _facts(entry: dict[str, Any]) -> ModelFacts:
    ends_on = entry.get("deprecation_date")
    return ModelFacts(
        provider=entry.get("litellm_provider", ""),
        mode=entry["mode"],
        context_tokens=entry.get("max_input_tokens") or entry.get("max_tokens"),
        input_price=entry.get("input_cost_per_token"),
        output_price=entry.get("output_cost_per_token"),
        cached_price=entry.get("cache_read_input_token_cost"),
        long_input_price=entry.get("input_cost_per_token_above_200k_tokens"),
        long_output_price=entry.get("output_cost_per_token_above_200k_tokens"),
        calls_functions=bool(entry.get("supports_function_calling")),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )
