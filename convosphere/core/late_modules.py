"""Libraries that weigh much and are needed by few."""

from importlib import import_module
from typing import Any


class LateModule:
    """A module that is loaded when something of it is first asked for.

    Whoever uses one imports the real module for the type checker alone, so that what is asked of it keeps its types.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # Whatever the module has.
        return getattr(import_module(self._name), name)
