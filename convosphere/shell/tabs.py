"""Whether a tab is still there: what works for a tab in the background asks this, and ends with it."""

from collections.abc import Callable
from functools import partial

import reflex as rx

from convosphere.core.errors import ConfigurationError

Probe = Callable[[str], bool]
_probes: list[Probe] = []


def provide_probe(probe: Probe) -> None:
    """Tell how to find out whether the tab of a client token is connected; the composition root does, once."""
    _probes[:] = [probe]


def is_tab_open(state: rx.State) -> bool:
    """Whether the tab of a State is connected to this process.

    Raises:
        ConfigurationError: no probe was provided.
    """
    return tab_probe(state)()


def tab_probe(state: rx.State) -> Callable[[], bool]:
    """The same question about the same tab, for who asks it many times a second.

    Raises:
        ConfigurationError: no probe was provided.
    """
    if not _probes:
        raise ConfigurationError("Nobody said how to find out whether a tab is open.")
    return partial(_probes[0], state.router.session.client_token)
