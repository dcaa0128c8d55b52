"""Why a file, or a conversation in it, is not taken in.

ExpectedError
└── ImportRefusedError     nothing of a file can be taken in
"""

from enum import StrEnum

from convosphere.core.errors import InvalidInputError


class ImportRefusedError(InvalidInputError):
    """Nothing of a file can be taken in."""

    code = "import_refused"


class Fault(StrEnum):
    """Why one conversation of a file is passed over."""

    EMPTY = "empty"
    """Nobody says anything in it."""
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    """What stands in it lies within itself too often."""
    CIRCLE = "circle"
    """Each of its messages comes after another one of them."""
    UNKNOWN = "unknown"
    """Of no kind that is known."""


class PassedOverError(Exception):
    """A conversation cannot be taken in; the ones after it can."""

    def __init__(self, fault: Fault, title: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.title = title
