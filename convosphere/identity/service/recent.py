"""What is delicate asks for a fresh proof of who one is: a browser left open is not enough (OWASP ASVS 5.0, 7.5.1)."""

from datetime import timedelta

from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.identity.errors import ReauthenticationRequiredError

RECENT = timedelta(minutes=10)


def require_recent(actor: Actor) -> None:
    """Refuse somebody who has not proved who they are for a while.

    Raises:
        ReauthenticationRequiredError: they have not, or look through another one's eyes.
    """
    proved = actor.authenticated_at
    if proved is None or actor.real_account_id is not None or utc_now() - proved > RECENT:
        raise ReauthenticationRequiredError
