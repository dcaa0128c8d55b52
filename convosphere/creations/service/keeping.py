"""Making, changing, putting away and bringing back. Whoever calls has checked what the actor may do at all."""

from datetime import timedelta
from uuid import UUID

from convosphere.core.audit.actions import Action, NoFacts
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.creations.queries import creations as queries
from convosphere.creations.queries import versions as version_queries
from convosphere.creations.schemas import LONGEST_WHY, CreationKind, Definition, Thing, Version

UNDO_TIME = timedelta(days=1)
"""How long what was put away can be brought back."""
_ROOM_FOR_COPY = 10
"""Characters that the word for a copy takes of a name."""


async def add(
    uow: UnitOfWork,
    kind: CreationKind[Thing, Version, Definition],
    definition: Definition,
    why: str,
    action: Action[NoFacts] | None = None,
) -> Thing:
    """Make a thing of the actor's own, at first for them alone; `action` is what the trail calls that."""
    thing = kind.things(workspace_id=uow.workspace_id, owner_id=uow.account_id, name="", current_version_id=new_id())
    kind.take_face(thing, definition)
    await queries.add(uow, thing)
    await version_queries.add_version(uow, kind, thing, definition, _tidy(why))
    uow.record(action or kind.actions.created, thing.id, label=thing.name)
    return thing


async def change(
    uow: UnitOfWork, kind: CreationKind[Thing, Version, Definition], thing: Thing, definition: Definition, why: str
) -> int:
    """Make a definition the current version of a thing that is held; gives its number."""
    thing.current_version_id, thing.updated_at = new_id(), utc_now()
    kind.take_face(thing, definition)
    number = await version_queries.add_version(uow, kind, thing, definition, _tidy(why))
    uow.record(kind.actions.changed, thing.id, label=thing.name, after={"version": number})
    return number


def why_restored(actor: Actor, number: int) -> str:
    """Why a version was made that is one from before."""
    return t("Version {number} restored", number=number).in_locale(actor.locale)


def name_of_copy(actor: Actor, name: str, longest: int) -> str:
    """What a copy is called at first."""
    return t("{name} (copy)", name=name[: longest - _ROOM_FOR_COPY]).in_locale(actor.locale)


async def put_away(actor: Actor, kind: CreationKind[Thing, Version, Definition], thing_id: UUID) -> str:
    """Put a thing away; `bring_back` undoes it until it is purged. Gives its name.

    Raises:
        NotFoundError: the kind's `missing`; the actor does not manage such a thing.
    """
    async with unit_of_work(actor) as uow:
        thing = await queries.get(uow, kind, thing_id, "manage", lock=True)
        thing.deleted_at = utc_now()
        uow.record(kind.actions.deleted, thing_id, label=thing.name)
        args = {"workspace_id": str(uow.workspace_id), kind.key: str(thing_id)}
        await uow.enqueue(kind.purge_task, args, delay=UNDO_TIME + timedelta(minutes=1))
        return thing.name


async def bring_back(actor: Actor, kind: CreationKind[Thing, Version, Definition], thing_id: UUID) -> None:
    """Bring back what was put away.

    Raises:
        NotFoundError: the kind's `missing`; the actor has put away no such thing.
    """
    async with unit_of_work(actor) as uow:
        thing = await queries.get(uow, kind, thing_id, "manage", lock=True, deleted=True)
        thing.deleted_at = None
        uow.record(kind.actions.restored, thing_id, label=thing.name)


async def purge(workspace_id: UUID, kind: CreationKind[Thing, Version, Definition], thing_id: UUID) -> None:
    """Remove a thing for good, unless it was brought back or put away anew since."""
    async with unit_of_work(system_actor(workspace_id)) as uow:
        await queries.purge(uow, kind, thing_id, UNDO_TIME)


def _tidy(why: str) -> str:
    return plain_line(why)[:LONGEST_WHY]
