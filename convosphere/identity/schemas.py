"""What the doors to identity take and give."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
class HalfSignedIn:
    """A sign-in that waits for a second factor; the token goes into a cookie of its own."""

    token: str
    ways: tuple[str, ...]
    """What the person may prove themselves with: `totp`, `passkey`, `recovery`."""


@dataclass(frozen=True)
class InvitationLink:
    """A one-time link to join; the token is shown once, and not at all where it went out by mail."""

    token: str
    expires_at: datetime
    is_mailed: bool = False


@dataclass(frozen=True)
class IssuedLink:
    """A one-time link of an account, shown or sent once."""

    address: str
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class KeyRow:
    """A key for programs, without its text. `expires_at` is None where it works for ever."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_address: str


@dataclass(frozen=True)
class NewKey:
    """A key just made; `value` is shown once."""

    value: str
    row: KeyRow


@dataclass(frozen=True)
class TokenPair:
    """An access token and the refresh token that gives the next one."""

    access: str
    seconds: int
    refresh: str
    scopes: list[str]


@dataclass(frozen=True)
class DeviceRow:
    """A browser in which a person is signed in."""

    id: UUID
    device: str
    """Browser and system in words."""
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class TimeLeft:
    """How long a session lasts; `is_final` where nothing but a fresh proof prolongs it."""

    seconds: float
    is_final: bool
