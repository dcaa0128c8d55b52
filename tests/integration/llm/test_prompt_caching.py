"""What goes over the wire so that a provider remembers the beginning of a prompt."""

import pytest

from convosphere.llm.errors import ProviderError
from convosphere.llm.providers.through_litellm import LiteLLMProvider
from convosphere.llm.schemas import ChatMessage, CompletionRequest
from tests.integration.llm.conftest import KEY
from tests.provider.fixtures import RunningProvider

# LiteLLM 1.106 leaves sessions and models behind that complain of their own, and Pydantic of its types.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
MARK = {"type": "ephemeral"}
REQUEST = CompletionRequest(
    "",
    (
        ChatMessage("system", "Be kind.", is_lasting=True),
        ChatMessage("user", "One?"),
        ChatMessage("assistant", "One.", is_lasting=True),
        ChatMessage("user", "Two?"),
    ),
)


async def test_only_anthropic_is_told_up_to_where_to_remember(provider: RunningProvider) -> None:
    # LiteLLM's clients live as long as their loop, so both are asked in one test.
    account = LiteLLMProvider(key=KEY, api_base=provider.url)
    await anext(account.stream("openai/test-echo", "test-echo", REQUEST))
    messages = provider.chats()[-1].body["messages"]
    assert messages == [{"role": message.role, "content": message.text} for message in REQUEST.messages]

    account = LiteLLMProvider(key=KEY, api_base=provider.url.removesuffix("/v1"))
    with pytest.raises(ProviderError):  # The test provider does not speak Anthropic's language; it only listens.
        await anext(account.stream("anthropic/claude-sonnet-4-5", "claude", REQUEST))
    body = next(record.body for record in provider.provider.records if record.path.endswith("/messages"))
    assert body["system"] == [{"type": "text", "text": "Be kind.", "cache_control": MARK}]
    parts = [part for message in body["messages"] for part in message["content"]]
    marks = [(part["text"], part.get("cache_control")) for part in parts]
    assert marks == [("One?", None), ("One.", MARK), ("Two?", None)]
