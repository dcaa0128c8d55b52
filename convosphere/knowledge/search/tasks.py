"""What goes on behind search."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.core.permissions import system_actor
from convosphere.knowledge.search.vectors import EMBED_TASK, embed_passages


@jobs.task(name=EMBED_TASK, retry=Patience())
async def embed_all_passages(workspace_id: str) -> None:
    """Give the passages of a workspace their vectors."""
    await embed_passages(system_actor(UUID(workspace_id)))
