"""The providers that can be connected: how each is reached, and what an administrator has to know of it."""

import re
from dataclasses import dataclass
from typing import Literal

from convosphere.core.i18n import Message, t

Protocol = Literal["direct", "litellm"]

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


@dataclass(frozen=True)
class Preset:
    """One kind of provider.

    Args:
        kind: its name in the database; for those that LiteLLM serves its name there.
        protocol: `direct` speaks OpenAI's interface at `url`, everybody else is reached through LiteLLM.
        url: its address, or an example where `asks_url`.
        needs_key: nobody gets an answer without one.
        price_prefix: before a model's name in the price list; None where the list says nothing, as of one's own server.
        help_text: where the key or the address is found.
    """

    kind: str
    label: str
    protocol: Protocol
    url: str = ""
    asks_url: bool = False
    asks_region: bool = False
    needs_key: bool = True
    price_prefix: str | None = None
    help_text: Message | None = None


PRESETS: tuple[Preset, ...] = (
    Preset("openai", "OpenAI", "direct", "https://api.openai.com/v1", price_prefix="openai/",
           help_text=t("You make a key at platform.openai.com, API keys.")),
    Preset("anthropic", "Anthropic", "litellm", price_prefix="anthropic/",
           help_text=t("You make a key at console.anthropic.com, API keys.")),
    Preset("azure", "Azure OpenAI", "direct", "https://NAME.openai.azure.com/openai/v1", asks_url=True,
           price_prefix="azure/",
           help_text=t("Address and key stand in the Azure portal at your resource, Keys and Endpoint. Models are "
                       "added by the names of your deployments.")),
    Preset("gemini", "Google Gemini", "litellm", price_prefix="gemini/",
           help_text=t("You make a key at aistudio.google.com, Get API key.")),
    Preset("mistral", "Mistral", "litellm", price_prefix="mistral/",
           help_text=t("You make a key at console.mistral.ai, API keys.")),
    Preset("bedrock", "Amazon Bedrock", "litellm", asks_region=True, price_prefix="bedrock/",
           help_text=t("You make a key in the AWS console at Amazon Bedrock, API keys.")),
    Preset("ollama", "Ollama", "direct", "http://127.0.0.1:11434/v1", asks_url=True, needs_key=False,
           help_text=t("The address of the machine that Ollama runs on. Whoever runs ConvoSphere lists it in "
                       "PROVIDER_HOSTS.")),
    Preset("vllm", "vLLM", "direct", "http://127.0.0.1:8000/v1", asks_url=True, needs_key=False,
           help_text=t("The address of your server. One in your own network is listed in PROVIDER_HOSTS by whoever "
                       "runs ConvoSphere.")),
    Preset("lmstudio", "LM Studio", "direct", "http://127.0.0.1:1234/v1", asks_url=True, needs_key=False,
           help_text=t("The address that LM Studio shows at Developer. Whoever runs ConvoSphere lists it in "
                       "PROVIDER_HOSTS.")),
    Preset("compatible", "OpenAI-compatible", "direct", "https://models.example.org/v1", asks_url=True,
           needs_key=False,
           help_text=t("Any server that speaks OpenAI's interface. One in your own network is listed in "
                       "PROVIDER_HOSTS by whoever runs ConvoSphere.")),
)  # fmt: skip
_BY_KIND = {preset.kind: preset for preset in PRESETS}


def find_preset(kind: str) -> Preset | None:
    """The preset of a kind, None if there is none."""
    return _BY_KIND.get(kind)
