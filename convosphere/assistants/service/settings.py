"""Settings of a model: which of them it knows, and whether their values can be."""

from collections.abc import Iterator, Mapping
from typing import Final

from convosphere.assistants.errors import Problem
from convosphere.assistants.schemas import Settings
from convosphere.core.i18n import t
from convosphere.llm.schemas import Model

RANGES: Final[Mapping[str, tuple[float, float]]] = {"temperature": (0, 2), "top_p": (0, 1)}
MOST_OUTPUT: Final = 200_000


def known_settings(model: Model | None) -> frozenset[str]:
    """Those of `Settings` that a model takes; the Reader takes none."""
    if model is None or model.is_reader:
        return frozenset()
    return model.parameters & Settings.model_fields.keys()


def problems_of(settings: Settings, model: Model | None) -> Iterator[Problem]:
    """What is wrong with settings for a model; without one, what would be for any."""
    for name, (least, most) in RANGES.items():
        value = getattr(settings, name)
        if value is not None and not least <= value <= most:
            yield Problem(name, t("Please enter a number from {least} to {most}.", least=least, most=most))
    most_tokens = (model and model.output_tokens) or MOST_OUTPUT
    if settings.max_tokens is not None and not 1 <= settings.max_tokens <= most_tokens:
        yield Problem("max_tokens", t("Please enter a number from {least} to {most}.", least=1, most=most_tokens))
    for name, value in settings.model_dump().items():
        if model and value is not None and name not in model.parameters:
            yield Problem(name, t("“{name}” does not know this setting.", name=model.name))
