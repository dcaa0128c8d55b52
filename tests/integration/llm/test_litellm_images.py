"""Images on the path of providers that speak a format of their own: what goes over the wire."""

import base64

import pytest

from convosphere.llm.errors import ProviderError
from convosphere.llm.images import ImagePart
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
PIXELS = b"\xff\xd8\xff not read by anybody here"
ENCODED = base64.b64encode(PIXELS).decode()
IMAGE = ImagePart("owl.jpg", "image/jpeg", PIXELS, 10)
REQUEST = CompletionRequest(
    "",
    (
        ChatMessage("user", "What is this?", images=(IMAGE,)),
        ChatMessage("assistant", "An owl.", is_lasting=True),
        ChatMessage("user", "And these?", images=(IMAGE, IMAGE)),
    ),
)


async def test_images_stand_before_their_words_in_every_language(provider: RunningProvider) -> None:
    # LiteLLM's clients live as long as their loop, so both are asked in one test.
    account = LiteLLMProvider(key=KEY, api_base=provider.url)
    await anext(account.stream("openai/test-answer", "test-answer", REQUEST))
    url = {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{ENCODED}"}}
    assert [message["content"] for message in provider.chats()[-1].body["messages"]] == [
        [url, {"type": "text", "text": "What is this?"}], "An owl.", [url, url, {"type": "text", "text": "And these?"}],
    ]  # fmt: skip

    account = LiteLLMProvider(key=KEY, api_base=provider.url.removesuffix("/v1"))
    with pytest.raises(ProviderError):  # The test provider does not speak Anthropic's language; it only listens.
        await anext(account.stream("anthropic/claude-sonnet-4-5", "claude", REQUEST))
    body = next(record.body for record in provider.provider.records if record.path.endswith("/messages"))
    parts = [part for message in body["messages"] for part in message["content"]]
    assert [part["type"] for part in parts] == ["image", "text", "text", "image", "image", "text"]
    sources = [part["source"] for part in parts if part["type"] == "image"]
    assert sources == [{"type": "base64", "media_type": "image/jpeg", "data": ENCODED}] * 3
