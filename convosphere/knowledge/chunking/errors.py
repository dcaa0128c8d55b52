"""What can go wrong when texts are to be cut in another way.

ExpectedError
├── LayoutUnknownError   nothing is known of how a text is laid out, so that nobody can say how it would be cut
├── ShadowExistsError    a set is in the making already
├── ShadowMissingError   there is none, or it was dropped meanwhile
└── ShadowUnreadyError   it lacks documents or vectors
"""

from convosphere.core.errors import ConflictError, NotFoundError
from convosphere.core.i18n import Message, t


class LayoutUnknownError(ConflictError):
    """The document was read before layouts were kept, or has none."""

    code = "layout_unknown"

    @classmethod
    def default_message(cls) -> Message:
        return t("This document was not read yet, or too long ago to say. Read it again, or choose another one.")


class ShadowExistsError(ConflictError):
    """One set at a time is made."""

    code = "shadow_exists"

    @classmethod
    def default_message(cls) -> Message:
        return t("Passages are being made anew already. Switch to them or drop them first.")


class ShadowMissingError(NotFoundError):
    """Nothing is in the making."""

    @classmethod
    def default_message(cls) -> Message:
        return t("There are no new passages any more. Somebody else may have dropped them, or switched to them.")


class ShadowUnreadyError(ConflictError):
    """It would lack what is found now."""

    code = "shadow_unready"

    @classmethod
    def default_message(cls) -> Message:
        return t("The new passages are not complete yet: documents came meanwhile, which are being cut as well.")
