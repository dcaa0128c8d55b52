"""What rules do to documents that are new, changed or moved.

A job of its own, begun by whatever changed the documents in the same transaction: so none is forgotten, and reading
holds up nobody while words are compared. Done twice, it changes nothing.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from convosphere.core.permissions import Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.memberships import people_now
from convosphere.knowledge.rules import queries
from convosphere.knowledge.service.announcements import announce

TAG_TASK: Final = "knowledge.tag_by_rules"
_AT_ONCE: Final = 500


async def enqueue_rules(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
    """Hold some documents against all rules once this unit is committed, if the workspace has any."""
    if not document_ids or not await queries.has_active(uow):
        return
    batches = [document_ids[start : start + _AT_ONCE] for start in range(0, len(document_ids), _AT_ONCE)]
    workspace_id = str(uow.workspace_id)
    args = [{"workspace_id": workspace_id, "document_ids": ",".join(map(str, batch))} for batch in batches]
    await uow.enqueue_many(TAG_TASK, args)


async def apply_rules(workspace_id: UUID, document_ids: Sequence[UUID]) -> None:
    """Put the tags of all rules on some documents. A rule whose owner is gone, or may not do this, rests."""
    async with unit_of_work(system_actor(workspace_id)) as uow:
        rules = await queries.list_active(uow)
        owners = await people_now(uow, {rule.owner_id for rule in rules})
        awake = [
            (rule, owners[rule.owner_id])
            for rule in rules
            if rule.owner_id in owners and owners[rule.owner_id].may(Permission.DOCUMENT_WRITE)
        ]
        if not awake:
            return
        await queries.hold(uow, document_ids)
        version_ids = await queries.list_version_ids(uow, document_ids)
        changed = await queries.apply(uow, awake, document_ids, version_ids)
        if changed:
            await announce(uow, *changed)
