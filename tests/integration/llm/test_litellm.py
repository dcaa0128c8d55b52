"""The path of all providers that speak a format of their own, with LiteLLM itself and over HTTP."""

import asyncio
from contextlib import aclosing

import pytest

from convosphere.llm.errors import (
    ContextTooLongError,
    ProviderError,
    ProviderKeyRefusedError,
    ProviderRateLimitedError,
    ProviderStreamBrokenError,
    ProviderUnavailableError,
)
from convosphere.llm.lazy_loader import load_litellm
from convosphere.llm.providers.through_litellm import LiteLLMProvider
from convosphere.llm.routing import Route, Router
from convosphere.llm.schemas import Finished, Model, TextPiece
from tests.integration.llm.conftest import KEY, PATIENT, ask, collect, text_of
from tests.provider.fixtures import RunningProvider

# LiteLLM 1.106 leaves sessions and models behind that complain of their own, and Pydantic of its types.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


async def test_streams_fails_and_embeds_through_litellm(provider: RunningProvider) -> None:
    await load_litellm()
    account = LiteLLMProvider(key=KEY, api_base=provider.url)
    router = Router(PATIENT)
    route = Route(Model("x", "test-echo", "openai"), account, "openai/test-echo")

    events = await collect(router.stream([route], ask("Where is the key?")))
    assert text_of(events) == "Where is the key?"
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert (finished.usage.prompt_tokens, finished.usage.completion_tokens) == (6, 4)

    for directive, error in (
        ("[[status=401 leak]]", ProviderKeyRefusedError),
        ("[[status=429 retry_after=60]]", ProviderRateLimitedError),
        ("[[status=500]]", ProviderUnavailableError),
        ("[[context]]", ContextTooLongError),
    ):
        before = len(provider.chats())
        with pytest.raises(error) as raised:
            await anext(account.stream("openai/test-echo", "test-echo", ask(directive)))
        assert len(provider.chats()) == before + 1, "LiteLLM must not retry by itself"
        assert KEY not in f"{raised.value!r}{vars(raised.value)}"

    for directive in ("[[tokens=9 end_after=3]]", "[[tokens=9 cut_after=3]]", "[[tokens=9 error_after=3]]"):
        with pytest.raises(ProviderError) as raised:
            await collect(router.stream([route], ask(directive)))
        assert isinstance(raised.value, ProviderStreamBrokenError), directive

    async with aclosing(router.stream([route], ask("[[tokens=1000 rate=100]]"))) as stream:
        async for event in stream:
            if isinstance(event, TextPiece):
                break
    assert await asyncio.to_thread(provider.wait_for, lambda: provider.chats()[-1].disconnected is not None)

    embedded = await account.embed("openai/test-embed", ["one", "two"])
    assert [len(vector) for vector in embedded.vectors] == [256, 256]
    ranking = LiteLLMProvider(key=KEY, api_base=provider.url, only="hosted_vllm")
    ranked = await ranking.rank("rank-1", "which", ["a long one", "short"])
    assert ranked.relevances[1] > ranked.relevances[0]
