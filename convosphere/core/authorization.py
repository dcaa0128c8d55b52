"""The question that every way in asks first, and who is acting while it is answered."""

from contextvars import ContextVar

from convosphere.core.audit.actions import PERMISSION_REFUSED
from convosphere.core.audit.refusals import refused
from convosphere.core.errors import ForbiddenError, SignInRequiredError
from convosphere.core.permissions import ANONYMOUS, Actor, Permission

_acting: ContextVar[Actor] = ContextVar("acting", default=ANONYMOUS)


def current_actor() -> Actor:
    """Whoever the running page event is for; anonymous unless the session middleware found somebody."""
    return _acting.get()


def set_current_actor(actor: Actor) -> None:
    """Say who the event that is being processed is for."""
    _acting.set(actor)


def require(actor: Actor, permission: Permission) -> None:
    """Refuse an actor who lacks a permission; the trail is told when it was somebody.

    Raises:
        SignInRequiredError: nobody is signed in.
        ForbiddenError: somebody is, but may not do this.
    """
    if actor.may(permission):
        return
    if actor.is_anonymous:
        raise SignInRequiredError
    refused(actor, PERMISSION_REFUSED, after={"permission": permission})
    raise ForbiddenError
