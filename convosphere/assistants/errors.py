"""What can go wrong with assistants.

ExpectedError
├── AssistantNotFoundError      missing, or somebody else's
├── AssistantUnavailableError   it does not answer: deleted, switched off, or no longer shared
├── DefinitionRefusedError      something in it cannot be kept; `problems` say what
├── FileRefusedError            a file holds no assistant, or what no assistant may hold
└── EditedMeanwhileError        somebody else saved a version since the editor was opened
"""

from collections.abc import Sequence
from dataclasses import dataclass

from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field, and how to mend it; one that is not `blocking` may be saved all the same."""

    field: str
    message: Message
    blocking: bool = True


class AssistantNotFoundError(NotFoundError):
    """The assistant does not exist, or the actor may not know that it does."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This assistant does not exist, or you have no access to it.")


class AssistantUnavailableError(NotFoundError):
    """Whoever was to answer does not: it was deleted or switched off, or is no longer shared with the asker."""

    code = "assistant_unavailable"

    @classmethod
    def default_message(cls) -> Message:
        return t("This assistant is not available to you at present. Choose another one, or none.")


class DefinitionRefusedError(InvalidInputError):
    """A definition cannot be kept as it is."""

    code = "definition_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems[0].message)


class FileRefusedError(InvalidInputError):
    """A file cannot be taken in; the message says why."""

    code = "assistant_file_refused"


class EditedMeanwhileError(ConflictError):
    """Somebody else saved a version since the editor was opened."""

    code = "edited_meanwhile"

    @classmethod
    def default_message(cls) -> Message:
        return t("Somebody else has saved a new version meanwhile. Copy what you wrote and load the page again.")
