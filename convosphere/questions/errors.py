"""What can go wrong with questions that documents did not answer.

ExpectedError
└── QuestionNotFoundError    missing, or nothing the actor looks after
"""

from convosphere.core.errors import NotFoundError
from convosphere.core.i18n import Message, t


class QuestionNotFoundError(NotFoundError):
    """There is no such question, or the actor may not know of it."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This question is not there any more, or somebody else looks after it.")
