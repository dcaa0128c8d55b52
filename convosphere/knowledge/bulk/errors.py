"""What can go wrong with work on many documents."""

from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t


class BulkJobNotFoundError(NotFoundError):
    """There is none, or somebody else's."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This is not there any more.")


class NothingAllowedError(ForbiddenError):
    """Of all that was chosen there is nothing that the actor may do this with."""

    code = "nothing_allowed"

    @classmethod
    def default_message(cls) -> Message:
        return t("You may not do this with any of the selected documents.")


class NothingChosenError(InvalidInputError):
    """No document was chosen."""

    code = "nothing_chosen"

    @classmethod
    def default_message(cls) -> Message:
        return t("No document is selected.")


class NoUndoError(ConflictError):
    """It cannot be taken back, or was."""

    code = "no_undo"

    @classmethod
    def default_message(cls) -> Message:
        return t("This cannot be undone, or was undone already.")
