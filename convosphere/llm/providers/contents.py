"""What a message says, in OpenAI's form, which LiteLLM takes as well."""

import base64

from convosphere.llm.images import ImagePart
from convosphere.llm.schemas import ChatMessage


def content_of(message: ChatMessage) -> str | list[dict[str, object]]:
    """Its text; beside images it is a part among others."""
    if not message.images:
        return message.text
    return [*map(_image, message.images), {"type": "text", "text": message.text}]


def _image(image: ImagePart) -> dict[str, object]:
    # The bytes go along: a provider could not fetch what only the signed-in see.
    encoded = base64.b64encode(image.data).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{image.media_type};base64,{encoded}"}}
