"""Where what happens came from: set by whichever gate let it in, read by whoever has to tell."""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

_LONGEST_ADDRESS = 64
_LONGEST_USER_AGENT = 300


class Means(StrEnum):
    """How somebody acts."""

    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105  # A program with a key of its own.
    JOB = "job"
    TERMINAL = "terminal"


@dataclass(frozen=True)
class Origin:
    """By which means, from which address and with which program."""

    means: Means
    address: str = ""
    user_agent: str = ""


_NOBODY_OUTSIDE = Origin(Means.JOB)
_origin: ContextVar[Origin] = ContextVar("origin", default=_NOBODY_OUTSIDE)


def current_origin() -> Origin:
    """Where the running request, event or job came from; a job unless a gate said something else."""
    return _origin.get()


def set_origin(origin: Origin) -> None:
    """Say where what is being done from now on, in this task and those that it starts, came from."""
    _origin.set(origin)


def from_browser(address: str, user_agent: str) -> Origin:
    """A request of a browser. What strangers sent is shortened and freed of unseen signs."""
    return Origin(Means.BROWSER, _seen(address)[:_LONGEST_ADDRESS], _seen(user_agent)[:_LONGEST_USER_AGENT])


def from_program(address: str, user_agent: str) -> Origin:
    """A request of a program with a key or token."""
    return Origin(Means.TOKEN, _seen(address)[:_LONGEST_ADDRESS], _seen(user_agent)[:_LONGEST_USER_AGENT])


def _seen(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
