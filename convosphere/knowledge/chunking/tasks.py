"""Making passages anew, and the end of those that are searched no more."""

from uuid import UUID

from convosphere.core.jobs import jobs
from convosphere.core.permissions import system_actor
from convosphere.knowledge.chunking import making, switching
from convosphere.knowledge.search.tasks import Perseverance


@jobs.task(name=switching.MAKE_TASK, retry=Perseverance())
async def make_passages(workspace_id: str, set_id: str) -> None:
    """Complete a set of passages."""
    await making.make(system_actor(UUID(workspace_id)), UUID(set_id))


@jobs.task(name=switching.DROP_TASK, retry=Perseverance())
async def drop_passages(workspace_id: str) -> None:
    """Delete what is left."""
    await switching.delete_leaving(system_actor(UUID(workspace_id)))
