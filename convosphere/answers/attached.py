"""What came with messages, as one model can read it."""

from collections.abc import Sequence
from dataclasses import replace

from convosphere.answers.schemas import AttachedText, Brief
from convosphere.knowledge.places.schemas import Places
from convosphere.llm.images import ImagePart
from convosphere.llm.schemas import ChatMessage, Model
from convosphere.llm.tokenizers import Counter

ATTACHED_SHARE = 0.6
"""Part of the prompt that documents read whole may take with one question."""
LEFT_OUT = "[… the rest of this document does not fit]"


def for_model(brief: Brief, model: Model) -> Brief:
    """The brief as a model reads it: images are named to one that sees none, and the Reader searches everything."""
    if model.is_reader:
        searched = brief.searched_first | Places(brief.read_whole)
        return replace(brief, attached=(), images=(), searched_first=searched)
    if "vision" in model.capabilities:
        return brief
    question = f"{_named(brief.images)}\n\n{brief.question}" if brief.images else brief.question
    return replace(brief, question=question, images=(), history=tuple(map(_unseen, brief.history)))


def fitting(texts: Sequence[AttachedText], room: int, count: Counter) -> list[str]:
    """Texts as a model reads them, cut where they do not fit into so many tokens together."""
    material: list[str] = []
    left = int(room * ATTACHED_SHARE)
    for text in texts:
        tokens = count(text.text)
        if tokens > left:
            # By its share of characters, as tokens cannot be cut.
            kept = text.text[: max(0, len(text.text) * left // tokens)]
            text = replace(text, text=f"{kept}\n{LEFT_OUT}")  # noqa: PLW2901
        left = max(0, left - tokens)
        material.append(text.as_material())
    return material


def weight_of(message: ChatMessage, count: Counter) -> int:
    """What a message takes, without what is counted for each."""
    return count(message.text) + sum(image.tokens for image in message.images)


def _unseen(message: ChatMessage) -> ChatMessage:
    if not message.images:
        return message
    return replace(message, text=f"{_named(message.images)}\n\n{message.text}", images=())


def _named(images: Sequence[ImagePart]) -> str:
    return "\n".join(f"(Here was an image, “{image.name}”, which you cannot see.)" for image in images)
