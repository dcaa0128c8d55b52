"""What can go wrong with templates.

ExpectedError
├── TemplateNotFoundError    missing, or somebody else's
├── TemplateRefusedError     something in it cannot be kept
└── TemplateChangedError     somebody else saved it since the editor was opened
"""

from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t


class TemplateNotFoundError(NotFoundError):
    """The template does not exist, or the actor may not know that it does."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This template does not exist, or you have no access to it.")


class TemplateRefusedError(InvalidInputError):
    """A template cannot be kept as it is; `field` is what has to be mended."""

    code = "template_refused"

    def __init__(self, field: str, message: Message) -> None:
        self.field = field
        super().__init__(message)


class TemplateChangedError(ConflictError):
    """Somebody else saved it since the editor was opened."""

    code = "template_changed"

    @classmethod
    def default_message(cls) -> Message:
        return t("Somebody else has saved this template meanwhile. Copy what you wrote and load the page again.")
