"""The one question that every use case asks first."""

from convosphere.core.errors import ForbiddenError, SignInRequiredError
from convosphere.core.permissions import Actor, Permission


def require(actor: Actor, permission: Permission) -> None:
    """Refuse an actor who lacks a permission.

    Raises:
        SignInRequiredError: nobody is signed in.
        ForbiddenError: somebody is, but may not do this.
    """
    if actor.may(permission):
        return
    raise SignInRequiredError if actor.is_anonymous else ForbiddenError
