"""How a model is to answer in a conversation: what was chosen there, over what its assistant says."""

from collections.abc import Mapping
from typing import Any, Final

from convosphere.assistants.schemas import Settings
from convosphere.assistants.service.settings import known_settings
from convosphere.llm.schemas import Model, Parameters

USUAL: Final = Settings()
"""Nothing was chosen."""


def settings_of(kept: Mapping[str, Any] | None) -> Settings:
    """What a row keeps of them."""
    return Settings(**(kept or {}))


def as_kept(settings: Settings) -> dict[str, Any]:
    """As a row keeps them."""
    return settings.model_dump(exclude_none=True)


def chosen_for(model: Model, chosen: Settings, before: Settings) -> Settings:
    """What was chosen for a model; of what it does not know stays what was chosen before, for those that do."""
    known = known_settings(model)
    return Settings(**{name: getattr(chosen if name in known else before, name) for name in Settings.model_fields})


def made_with(model: Model, settings: Settings, others: Parameters) -> dict[str, Any] | None:
    """What an answer of a model is made with, as its row keeps it; None where all is left to the model."""
    wanted = settings.parameters(others)
    made = {name: getattr(wanted, name) for name in sorted(known_settings(model))}
    return {name: value for name, value in made.items() if value is not None} or None
