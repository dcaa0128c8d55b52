"""What can go wrong with test cases.

ExpectedError
├── CaseNotFoundError     missing, or of an assistant that the actor may not change
├── RunNotFoundError      likewise
├── CaseRefusedError      a case cannot be kept as it is written
└── NoCasesError          there is nothing to run
"""

from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t


class CaseNotFoundError(NotFoundError):
    """The test case does not exist, or the actor may not know that it does."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This test case does not exist any more.")


class RunNotFoundError(NotFoundError):
    """The run does not exist, or the actor may not know that it does."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This run does not exist any more.")


class CaseRefusedError(InvalidInputError):
    """A test case cannot be kept as it is written; the message says why."""

    code = "case_refused"


class NoCasesError(ConflictError):
    """There is nothing to run."""

    code = "no_cases"

    @classmethod
    def default_message(cls) -> Message:
        return t("There are no test cases yet. Add one first.")
