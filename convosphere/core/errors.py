"""Failures that can be expected, as a tree that edges turn into a message, a toast or a JSON problem.

    ConvoSphereError
    ├── ConfigurationError      a setting is wrong; stops the start
    └── ExpectedError           carries a code, a translatable message and an HTTP status
        ├── NotFoundError       missing, or somebody else's: they look alike
        ├── ForbiddenError      the actor lacks a permission
        ├── SignInRequiredError nobody is signed in
        ├── InvalidInputError   what was given cannot be used
        ├── ConflictError       the state of things forbids it now
        ├── LimitReachedError   a quota or rate is used up
        │   └── TooManyRequestsError  somebody asks too often, and may go on in a known time
        └── UnavailableError    a part that is needed does not answer
            ├── DatabaseAwayError   the database cannot be reached
            └── NoSpaceError        the database's disk is full

Packages subclass these in their own `errors.py`. Whatever else is raised is a bug.
"""

from typing import ClassVar

from convosphere.core.i18n import Message, t


class ConvoSphereError(Exception):
    """Root of all errors of this product."""


class ConfigurationError(ConvoSphereError):
    """A setting is wrong or missing; the text says which and why."""


class ExpectedError(ConvoSphereError):
    """Something a person can cause or meet; `message` says what happened and what to do."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    message: Message

    def __init__(self, message: Message | None = None) -> None:
        self.message = message or self.default_message()
        super().__init__(str(self.message))

    @classmethod
    def default_message(cls) -> Message:
        """What to say when the raiser has nothing more exact."""
        return t("That did not work. Please try again.")


class NotFoundError(ExpectedError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "not_found"
    status = 404

    @classmethod
    def default_message(cls) -> Message:
        return t("This does not exist, or you have no access to it.")


class ForbiddenError(ExpectedError):
    """The actor is known but lacks the permission."""

    code = "forbidden"
    status = 403

    @classmethod
    def default_message(cls) -> Message:
        return t("You do not have permission to do this.")


class SignInRequiredError(ExpectedError):
    """Nobody is signed in."""

    code = "sign_in_required"
    status = 401

    @classmethod
    def default_message(cls) -> Message:
        return t("Please sign in first.")


class InvalidInputError(ExpectedError):
    """What was given cannot be used as it is."""

    code = "invalid_input"
    status = 422


class ConflictError(ExpectedError):
    """The state of things forbids it now."""

    code = "conflict"
    status = 409


class LimitReachedError(ExpectedError):
    """A quota or rate is used up."""

    code = "limit_reached"
    status = 429


class TooManyRequestsError(LimitReachedError):
    """Somebody asks too often; `seconds` says when they may go on."""

    code = "too_many_requests"

    def __init__(self, seconds: int = 60) -> None:
        self.seconds = seconds
        super().__init__(self.message_for(seconds))

    @classmethod
    def message_for(cls, seconds: int) -> Message:
        """What to say; `seconds` count down where the page can."""
        return t("That was too fast. Please go on in {seconds} seconds.", seconds=seconds)


class UnavailableError(ExpectedError):
    """A part that is needed does not answer."""

    code = "unavailable"
    status = 503

    @classmethod
    def default_message(cls) -> Message:
        return t("A part of the system does not answer. Please try again in a moment.")


class DatabaseAwayError(UnavailableError):
    """The database cannot be reached, or has no connection to spare."""

    code = "database_away"

    @classmethod
    def default_message(cls) -> Message:
        return t("The database does not answer at present. Please try again in a moment.")


class NoSpaceError(UnavailableError):
    """The database has no room for what was to be stored."""

    code = "no_space"
    status = 507

    @classmethod
    def default_message(cls) -> Message:
        return t("The server has no space left, so nothing was saved. Please tell an administrator.")
