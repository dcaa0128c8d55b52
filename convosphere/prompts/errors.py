"""What can go wrong with prompts.

ExpectedError
├── PromptNotFoundError    missing, or somebody else's
├── PromptRefusedError     something in it cannot be kept; `problems` say what
└── PromptChangedError     somebody else saved a version since the editor was opened
"""

from collections.abc import Sequence
from dataclasses import dataclass

from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field, and how to mend it; fields of a variable are called `name.field`."""

    field: str
    message: Message


class PromptNotFoundError(NotFoundError):
    """The prompt does not exist, or the actor may not know that it does."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This prompt does not exist, or you have no access to it.")


class PromptRefusedError(InvalidInputError):
    """A prompt cannot be kept as it is."""

    code = "prompt_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems[0].message)


class PromptChangedError(ConflictError):
    """Somebody else saved a version since the editor was opened."""

    code = "prompt_changed"

    @classmethod
    def default_message(cls) -> Message:
        return t("Somebody else has saved a new version meanwhile. Copy what you wrote and load the page again.")
