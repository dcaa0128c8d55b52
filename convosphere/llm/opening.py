"""Models for jobs, which connect to them only when the first one needs them."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from convosphere.llm.gateway import Gateway, current_gateway

OpenModels = Callable[[], Awaitable[None]]
_openers: list[OpenModels] = []


@contextmanager
def models_from(open_models: OpenModels) -> Iterator[None]:
    """Let jobs of this process connect to models when the first one begins. Composition roots call it."""
    _openers.append(open_models)
    try:
        yield
    finally:
        _openers.remove(open_models)


async def open_gateway() -> Gateway:
    """The gateway of this process, connected if it was not.

    Raises:
        ConfigurationError: this process has none.
    """
    for opener in _openers[-1:]:
        await opener()
    return current_gateway()
