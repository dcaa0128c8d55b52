"""What goes into the trail and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from convosphere.core.audit.actions import Action, Fact, Facts, Outcome, tidy
from convosphere.core.origin import Origin, current_origin
from convosphere.core.permissions import Actor

INSTALLATION = UUID(int=0)
"""Stands for the chain of what belongs to no workspace; chains of workspaces have the workspace's id."""

_LONGEST_NAME = 200


@dataclass(frozen=True)
class Event:
    """Something that happened, before it has a place in a chain."""

    action: str
    object_type: str
    object_id: UUID | None
    label: str
    before: dict[str, Fact] | None
    after: dict[str, Fact] | None
    outcome: Outcome
    account_id: UUID | None
    account_name: str
    session_id: UUID | None
    real_account_id: UUID | None
    """Who it really was that looked through the account's eyes."""
    real_name: str
    origin: Origin
    times: int = 1
    """How often within a minute, for refusals that repeat."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a chain, as it is stored."""

    workspace_id: UUID | None
    sequence: int
    occurred_at: datetime
    account_id: UUID | None
    account_name: str
    session_id: UUID | None
    means: str
    address: str
    user_agent: str
    real_account_id: UUID | None
    real_name: str
    action: str
    object_type: str
    object_id: UUID | None
    label: str
    before: Mapping[str, Fact] | None
    after: Mapping[str, Fact] | None
    outcome: str
    times: int
    key_id: str
    previous_hmac: bytes
    hmac: bytes


@dataclass(frozen=True)
class EntryFilter:
    """Which entries to list; what is None does not matter.

    Args:
        of_installation: those that belong to no workspace instead of the actor's workspace's.
        name: part of the name of who did it, or really did it.
        actions: names such as `document:delete`.
        label: part of what the thing was called.
    """

    of_installation: bool = False
    account_id: UUID | None = None
    name: str = ""
    actions: frozenset[str] | None = None
    object_id: UUID | None = None
    label: str = ""
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class EntryPage:
    """Entries from the newest on, and where to go on; None at the end."""

    entries: list[Entry]
    next_cursor: int | None


def describe(
    actor: Actor,
    action: Action[Facts],
    object_id: UUID | None = None,
    *,
    label: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
    outcome: Outcome = Outcome.DONE,
) -> Event:
    """What an actor did or was refused, from where the running request came.

    Raises:
        TypeError: the action does not declare these facts.
    """
    return Event(
        action=action.name,
        object_type=action.object_type,
        object_id=object_id,
        label=tidy(label, _LONGEST_NAME),
        before=action.checked(before),
        after=action.checked(after),
        outcome=outcome,
        account_id=actor.account_id,
        account_name=tidy(actor.name, _LONGEST_NAME),
        session_id=actor.session_id,
        real_account_id=actor.real_account_id,
        real_name=tidy(actor.real_name, _LONGEST_NAME),
        origin=current_origin(),
    )
