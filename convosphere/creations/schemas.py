"""What a package tells of the things that it lets people make, and what it gets back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, SQLColumnExpression
from sqlmodel import col

from convosphere.core.audit.actions import Action, NoFacts, OwnerFacts, SharingFacts, VersionFacts
from convosphere.core.errors import NotFoundError
from convosphere.core.i18n import Message
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.creations.models import Creation, CreationVersion
from convosphere.identity.grants import Level, may_access

Thing = TypeVar("Thing", bound=Creation)
Version = TypeVar("Version", bound=CreationVersion)
Definition = TypeVar("Definition", bound=BaseModel)

LONGEST_WHY: Final = 300
MOST_VERSIONS: Final = 100
"""Of the newest ones, in a list."""


@dataclass(frozen=True)
class CreationActions:
    """What the audit trail calls what is done to things of a kind."""

    created: Action[NoFacts]
    changed: Action[VersionFacts]
    deleted: Action[NoFacts]
    restored: Action[NoFacts]
    shared: Action[SharingFacts]
    handed_over: Action[OwnerFacts]


@dataclass(frozen=True)
class CreationWords:
    """What people read of things of a kind, with a count."""

    own: Callable[[int], Message]
    """Those that nobody else uses."""
    shared: Callable[[int], Message]


def _nothing_more(_definition: BaseModel) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class CreationKind(Generic[Thing, Version, Definition]):
    """A kind of thing that people make and share.

    Args:
        object_type: as in `access_grant`; versions name their thing in the column `<object_type>_id`.
        things, versions: the tables.
        definition: what a version keeps.
        missing: raised where the actor sees none.
        take_face: shows a thing in lists as a definition says.
        actions, words: what the trail and people read.
        read, share: what somebody needs to see such things at all, and to share them.
        purge_task: the job that removes one which was put away; it takes `workspace_id` and `<object_type>_id`.
        more_of: what the table of versions repeats of a definition, by column.
        rule: who may do what where that is more than owning and grants say.
    """

    object_type: str
    things: type[Thing]
    versions: type[Version]
    definition: type[Definition]
    missing: type[NotFoundError]
    take_face: Callable[[Thing, Definition], None]
    actions: CreationActions
    words: CreationWords
    read: Permission
    share: Permission
    purge_task: str
    more_of: Callable[[Definition], Mapping[str, Any]] = _nothing_more
    rule: Callable[[UnitOfWork, Level], ColumnElement[bool]] | None = None

    @property
    def key(self) -> str:
        """What refers to a thing of this kind, in tables and in jobs."""
        return f"{self.object_type}_id"

    @property
    def thing_of_version(self) -> SQLColumnExpression[UUID]:
        """Whose version a version is."""
        return col(getattr(self.versions, self.key))

    def may(self, uow: UnitOfWork, level: Level) -> ColumnElement[bool]:
        """True in SQL where the actor may do `level` with the thing."""
        if self.rule:
            return self.rule(uow, level)
        return may_access(uow.actor, self.object_type, col(self.things.id), col(self.things.owner_id), level)

    def read_definition(self, version: CreationVersion) -> Definition:
        """What a version keeps."""
        return self.definition.model_validate(version.definition)


@dataclass(frozen=True)
class VersionRow(Generic[Definition]):
    """A version in a list; its definition only where it was asked for."""

    id: UUID
    number: int
    why: str
    author_name: str
    created_at: datetime
    is_current: bool
    definition: Definition | None = None
