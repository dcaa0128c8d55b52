"""What kinds, states and abilities of models are called, and their pictures."""

from typing import cast

import reflex as rx

from convosphere.llm.service.offering import ICONS
from convosphere.ui import t
from convosphere.ui.feedback import status_word

USUAL_ICON = "bot"


def model_icon(name: rx.Var[str], size: int = 18) -> rx.Component:
    """The picture of a model, one for all that have none of their own."""
    drawings = [(icon, rx.icon(icon, size=size, aria_hidden="true")) for icon in ICONS if icon]
    usual = rx.icon(USUAL_ICON, size=size, aria_hidden="true")
    return rx.match(name, *drawings, usual)  # pyright: ignore[reportReturnType]


def icon_words() -> dict[str, rx.Var[str]]:
    """The pictures by what they show."""
    return {
        "": t("Robot (usual)"), "brain": t("Brain"), "sparkles": t("Sparkles"), "zap": t("Lightning"),
        "feather": t("Feather"), "gem": t("Gem"), "leaf": t("Leaf"), "globe": t("Globe"), "server": t("Server"),
        "cpu": t("Chip"), "shield": t("Shield"), "code": t("Program text"), "languages": t("Languages"),
        "eye": t("Eye"), "image": t("Picture"), "mic": t("Microphone"), "search": t("Magnifying glass"),
    }  # fmt: skip


def kind_word(kind: rx.Var[str]) -> rx.Var[str]:
    """What a model is for."""
    words = (
        ("chat", t("Chat")), ("embedding", t("Vectors")), ("rerank", t("Ranking")), ("speech", t("Speech")),
        ("image", t("Images")), kind,
    )  # fmt: skip
    return cast("rx.Var[str]", rx.match(kind, *words))


def kinds() -> list[tuple[str, rx.Var[str]]]:
    """All kinds with their words."""
    return [("chat", t("Chat")), ("embedding", t("Vectors")), ("rerank", t("Ranking")), ("speech", t("Speech")),
            ("image", t("Images"))]  # fmt: skip


def ability_word(name: rx.Var[str] | str) -> rx.Var[str]:
    """What a model can do."""
    words = {
        "vision": t("Sees images"),
        "tools": t("Uses tools"),
        "thinking": t("Thinks first"),
        "json": t("Fills forms (JSON)"),
    }
    if isinstance(name, str):
        return words[name]
    return cast("rx.Var[str]", rx.match(name, *words.items(), name))


def purpose_word(purpose: rx.Var[str]) -> rx.Var[str]:
    """What a default is for."""
    words = (
        ("chat", t("New conversations")), ("title", t("Titles of conversations")),
        ("follow_ups", t("Questions that may follow")), ("rewriting", t("Rewriting of questions for search")),
        ("checking", t("Judging of test cases")), ("embedding", t("Vectors for search by meaning")),
        ("rerank", t("Ranking of what search finds")), ("speech", t("Speech to text")),
        ("describing", t("Describing of pictures")), ("image", t("Making of pictures")), purpose,
    )  # fmt: skip
    return cast("rx.Var[str]", rx.match(purpose, *words))


def health_word(state: rx.Var[str]) -> rx.Component:
    """How a provider or a model does."""
    words = (
        ("working", t("Works")), ("failing", t("Fails")), ("resting", t("Rests after failures")),
        ("probing", t("Is tried again")), ("off", t("Switched off")), ("broken", t("Cannot be called")),
        t("Not asked yet"),
    )  # fmt: skip
    tones = (
        ("working", "good"), ("failing", "bad"), ("resting", "bad"), ("probing", "attention"), ("broken", "bad"),
        "neutral",
    )  # fmt: skip
    return status_word(cast("rx.Var[str]", rx.match(state, *words)), cast("rx.Var[str]", rx.match(state, *tones)))


def summary(label: rx.Var[str]) -> rx.Component:
    """The line that opens what is folded away."""
    return rx.el.summary(rx.icon("chevron-right", size=16, aria_hidden="true"), label, class_name="model-summary")
