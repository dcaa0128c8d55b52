"""Loads the heavy libraries of models late: litellm takes 4 to 6 s and 166 MB, onnxruntime 60, numpy 10."""

import asyncio
import importlib
import os
from functools import lru_cache
from types import ModuleType
from typing import Any

from convosphere.core.errors import ConfigurationError
from convosphere.core.memory import give_back_memory

# Read by litellm when it is imported: its own price list instead of a download, and no `.env` into the environment.
_LITELLM_ENVIRONMENT = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "DO_NOT_TRACK": "1",
}


async def load_litellm() -> Any:  # noqa: ANN401  # The module has no useful types.
    """The litellm module; the first time it is imported in a thread, so that pages and streams go on."""
    return await asyncio.to_thread(_import_litellm)


def load_module(name: str, needed_for: str) -> ModuleType:
    """An optional library.

    Raises:
        ConfigurationError: it is not installed; `needed_for` names the setting that wants it.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ConfigurationError(f"{needed_for} needs the Python package {name}, which is not installed.") from None


@lru_cache(maxsize=1)
def _import_litellm() -> Any:  # noqa: ANN401
    for name, value in _LITELLM_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    litellm: Any = importlib.import_module("litellm")
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.disable_streaming_logging = True
    litellm.turn_off_message_logging = True
    litellm.drop_params = True
    give_back_memory()
    return litellm
