"""What the doors to identity take and give."""

from dataclasses import dataclass
from datetime import datetime

from convosphere.core.permissions import Actor


@dataclass(frozen=True)
class Client:
    """Where a request came from, as shown in the list of sessions."""

    address: str
    user_agent: str


@dataclass(frozen=True)
class NewAccount:
    """What a person fills in to get an account."""

    name: str
    email: str
    password: str
    locale: str


@dataclass(frozen=True)
class SignedIn:
    """A fresh session: the token goes into the cookie and nowhere else."""

    token: str
    expires_at: datetime
    actor: Actor


@dataclass(frozen=True)
class InvitationLink:
    """A one-time link to join; the token is shown once."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class IssuedLink:
    """A one-time link of an account, shown or sent once."""

    address: str
    token: str
    expires_at: datetime
