"""The lists of models of those providers whose answers LiteLLM reads, asked for at their own fixed addresses.

Sources: docs.anthropic.com/en/api/models-list, ai.google.dev/api/models, docs.mistral.ai/api (models),
docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from convosphere.llm.errors import (
    ProviderStreamBrokenError,
    ProviderTimeoutError,
    ProviderUnreachableError,
    ProviderUnreadableError,
)
from convosphere.llm.providers.bodies import read_at_most
from convosphere.llm.providers.collected import read_count
from convosphere.llm.providers.failures import failure_of_status, read_reason
from convosphere.llm.schemas import ListedModel

LIST_SECONDS = 20.0
LARGEST_LIST = 8_000_000


@dataclass(frozen=True)
class ModelList:
    """Where a provider's list is, and how it is read; `headers` hold the key."""

    provider: str
    url: str
    read: Callable[[Mapping[str, Any]], list[ListedModel]]
    headers: Mapping[str, str] = field(repr=False)
    key: str = field(repr=False)

    async def fetch(self, session: aiohttp.ClientSession) -> tuple[ListedModel, ...]:
        """The models that the key can reach.

        Raises:
            ProviderError: the provider refused, or gave no list.
        """
        try:
            async with (
                asyncio.timeout(LIST_SECONDS),
                session.get(self.url, headers=dict(self.headers), allow_redirects=False) as response,
            ):
                data = await read_at_most(response, LARGEST_LIST)
                status = response.status
        except TimeoutError:
            raise ProviderTimeoutError(self.provider, LIST_SECONDS, stalled=False) from None
        except OverflowError:
            raise ProviderUnreadableError(self.provider) from None
        except (aiohttp.ClientError, OSError):
            raise ProviderUnreachableError(self.provider) from None
        if status != 200:
            raise failure_of_status(status, read_reason(data[:16_384]), self.provider, secrets=(self.key,))
        try:
            return tuple(self.read(json.loads(data)))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ProviderStreamBrokenError(self.provider) from None


def list_of(kind: str, provider: str, key: str, region: str = "") -> ModelList:
    """The list of a kind of provider."""
    if kind == "anthropic":
        headers = {"x-api-key": key, "anthropic-version": "2023-06-01"}
        url = "https://api.anthropic.com/v1/models?limit=1000"
        return ModelList(provider, url, read_anthropic, headers, key)
    if kind == "gemini":
        url = "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000"
        return ModelList(provider, url, read_gemini, {"x-goog-api-key": key}, key)
    bearer = {"authorization": f"Bearer {key}"}
    if kind == "mistral":
        return ModelList(provider, "https://api.mistral.ai/v1/models", read_mistral, bearer, key)
    url = f"https://bedrock.{region}.amazonaws.com/foundation-models?byInferenceType=ON_DEMAND"
    return ModelList(provider, url, read_bedrock, bearer, key)


def read_anthropic(answer: Mapping[str, Any]) -> list[ListedModel]:
    """Anthropic's: `data` with ids."""
    return [ListedModel(f"anthropic/{entry['id']}") for entry in answer["data"]]


def read_gemini(answer: Mapping[str, Any]) -> list[ListedModel]:
    """Google's: names such as `models/gemini-2.5-pro`, of which some neither chat nor embed."""
    useful = {"generateContent", "embedContent"}
    return [
        ListedModel("gemini/" + entry["name"].removeprefix("models/"), read_count(entry.get("inputTokenLimit")) or None)
        for entry in answer["models"]
        if useful & set(entry.get("supportedGenerationMethods") or ())
    ]


def read_mistral(answer: Mapping[str, Any]) -> list[ListedModel]:
    """Mistral's: like OpenAI's, with the length of the context."""
    return [
        ListedModel(f"mistral/{entry['id']}", read_count(entry.get("max_context_length")) or None)
        for entry in answer["data"]
    ]


def read_bedrock(answer: Mapping[str, Any]) -> list[ListedModel]:
    """Amazon's: summaries of those that write or embed."""
    return [
        ListedModel(f"bedrock/{entry['modelId']}")
        for entry in answer["modelSummaries"]
        if {"TEXT", "EMBEDDING"} & set(entry.get("outputModalities") or ())
    ]
