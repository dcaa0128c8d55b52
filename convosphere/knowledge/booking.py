"""Who pays for models that read documents."""

from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor, system_actor
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.ledger.schemas import Work


async def payer_of(work: Work) -> Actor:
    """Whoever brought what is read; the workspace itself, if they are no member any more."""
    try:
        return await resolve_person(work.workspace_id, work.author_id or work.owner_id)
    except NotFoundError:
        return system_actor(work.workspace_id)
