"""What is known of a model: price, context, whether it chats. From LiteLLM's bundled list, read as plain JSON.

Importing litellm would take seconds and 180 MB; its file is found without that.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from convosphere.llm.schemas import EVERY_PARAMETER, Capability, Price, UnitPrice, Usage

NANOS = 1_000_000_000
MILLION = 1_000_000
LONG_PROMPT_TOKENS = 200_000
LONGEST_LIST = 16
_CAPABILITY_KEYS: dict[Capability, str] = {
    "vision": "supports_vision",
    "tools": "supports_function_calling",
    "thinking": "supports_reasoning",
    "json": "supports_response_schema",
}
_MAKES_PICTURES = "image_generation"
_WITHOUT_SEED = ("anthropic", "bedrock")
_ON_OWN_MACHINES = {"ollama", "lemonade"}
_FILE = "model_prices_and_context_window_backup.json"
_DATED = re.compile(r"(-\d{4}-\d{2}-\d{2}|-\d{8}|-\d{4})$")
_SPECIAL = re.compile(
    r"preview|audio|tts|search|robotics|computer-use|research|lyria|gemma|learnlm|exp-|labs-|code-fim"
)

Name = TypeVar("Name", bound=str)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One entry of the list; None is what it does not know."""

    provider: str
    mode: str
    context_tokens: int | None
    output_tokens: int | None
    price: Price | None
    capabilities: frozenset[Capability]
    parameters: frozenset[str]
    ends_on: date | None
    unit_price: UnitPrice | None = None

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
    usual = facts.mode == "chat" and "tools" in facts.capabilities and (facts.ends_on is None or facts.ends_on > day)
    return usual and not _DATED.search(name) and not _SPECIAL.search(name) and not name.startswith("ft:")


def cost_nanos(price: Price | None, usage: Usage) -> int | None:
    """The cost in billionths of the price's currency; None where the price or the use is not known for sure."""
    if price is None or usage.estimated:
        return None
    input_nanos, output_nanos = price.input_nanos, price.output_nanos
    if usage.prompt_tokens > LONG_PROMPT_TOKENS:
        input_nanos = _else(price.long_input_nanos, input_nanos)
        output_nanos = _else(price.long_output_nanos, output_nanos)
    total = (
        input_nanos * (usage.prompt_tokens - usage.cached_tokens - usage.written_tokens)
        + _else(price.cached_nanos, input_nanos) * usage.cached_tokens
        + _else(price.written_nanos, input_nanos) * usage.written_tokens
        + output_nanos * usage.completion_tokens
    )
    return round(Decimal(total) / MILLION)


def _else(nanos: int | None, otherwise: int) -> int:
    return otherwise if nanos is None else nanos


def _newest_first(name: str) -> tuple[bool, int, int, str]:
    """Moving names such as `…-latest` first, then by version."""
    major, minor = [*(int(number) for number in re.findall(r"\d+", name)), 0, 0][:2]
    return not name.endswith("-latest"), -major, -minor, name


@lru_cache(maxsize=1)
def _entries() -> dict[str, ModelFacts]:
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("litellm")
    text = (Path(spec.origin).parent / _FILE).read_text(encoding="utf-8")
    # Each entry is turned while it is read: all of them as they stand there would take 20 MB at once.
    listed = json.loads(text, object_hook=_turned)
    _same_names.cache_clear()
    return {name: facts for name, facts in listed.items() if isinstance(facts, ModelFacts)}


def _turned(entry: dict[str, Any]) -> ModelFacts | dict[str, Any]:
    """Facts of a model's entry. The whole list, what is inside of entries, and the sample in prose stay as they are."""
    return _facts(entry) if entry.get("mode", "").isidentifier() else entry


@cache
def _same_names(names: frozenset[Name]) -> frozenset[Name]:
    """One object for the same names: thousands of models differ in few sets."""
    return names


@lru_cache(maxsize=1)
def _providers() -> frozenset[str]:
    return frozenset(facts.provider for facts in _entries().values())


def _facts(entry: dict[str, Any]) -> ModelFacts:
    ends_on = entry.get("deprecation_date")
    return ModelFacts(
        provider=entry.get("litellm_provider", ""),
        mode=entry["mode"],
        context_tokens=entry.get("max_input_tokens") or entry.get("max_tokens"),
        output_tokens=entry.get("max_output_tokens"),
        price=_price(entry),
        capabilities=_same_names(frozenset(name for name, key in _CAPABILITY_KEYS.items() if entry.get(key))),
        parameters=_same_names(_parameters(entry)),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
        unit_price=_unit_price(entry),
    )


def _parameters(entry: dict[str, Any]) -> frozenset[str]:
    """What a model takes: those of OpenAI that think refuse to be steered, and some providers have no seed."""
    provider, thinks = entry.get("litellm_provider", ""), bool(entry.get("supports_reasoning"))
    known = EVERY_PARAMETER if thinks else EVERY_PARAMETER - {"thinking"}
    if provider.startswith(_WITHOUT_SEED):
        known -= {"seed", "presence_penalty", "frequency_penalty"}
    if entry.get("supports_sampling_params") is False:
        known -= {"temperature", "top_p"}
    if thinks and provider in {"openai", "azure"}:
        known -= {"temperature", "top_p", "stop", "presence_penalty", "frequency_penalty"}
    return known


def _price(entry: dict[str, Any]) -> Price | None:
    """The list has prices per token, in US dollars. Both must be there: half a price would make half a cost.

    A zero stands there for previews and plans whose price the list does not know as well, so it says nothing but of
    models on one's own machine.
    """
    written = "output_cost_per_image_token" if entry["mode"] == _MAKES_PICTURES else "output_cost_per_token"
    input_nanos, output_nanos = _nanos(entry, "input_cost_per_token"), _nanos(entry, written)
    if input_nanos is None or output_nanos is None:
        return None
    if not (input_nanos or output_nanos or entry.get("litellm_provider") in _ON_OWN_MACHINES):
        return None
    return Price(
        input_nanos,
        output_nanos,
        _nanos(entry, "cache_read_input_token_cost"),
        _nanos(entry, "input_cost_per_token_above_200k_tokens"),
        _nanos(entry, "output_cost_per_token_above_200k_tokens"),
        written_nanos=_nanos(entry, "cache_creation_input_token_cost"),
    )


def _unit_price(entry: dict[str, Any]) -> UnitPrice | None:
    """For models that write down what is said, whose prices the list has per second, and for those that make pictures.

    Some entries have the same price as that of input and of output; it is paid once. A zero says nothing.
    """
    if entry["mode"] == "audio_transcription":
        dollars = entry.get("output_cost_per_second") or entry.get("input_cost_per_second")
        return UnitPrice(round(Decimal(str(dollars)) * NANOS * 60), "minute") if dollars else None
    if entry["mode"] == _MAKES_PICTURES:
        dollars = entry.get("output_cost_per_image") or entry.get("input_cost_per_image")
        return UnitPrice(round(Decimal(str(dollars)) * NANOS), "picture") if dollars else None
    return None


def _nanos(entry: dict[str, Any], name: str) -> int | None:
    dollars = entry.get(name)
    return None if dollars is None else round(Decimal(str(dollars)) * NANOS * MILLION)
