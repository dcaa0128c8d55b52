"""What can go wrong before a model is asked.

ExpectedError
└── ContextFullError   the conversation is longer than the model reads, and somebody wants to decide
"""

from convosphere.core.errors import ConflictError
from convosphere.core.i18n import Message, t


class ContextFullError(ConflictError):
    """The conversation is longer than the model reads, and whoever asks wants to decide what becomes of it."""

    code = "context_full"

    @classmethod
    def default_message(cls) -> Message:
        return t("This conversation is longer than the model can read at once. How shall it go on?")
