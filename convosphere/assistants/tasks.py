"""What goes on behind assistants."""

from uuid import UUID

from convosphere.assistants.kind import ASSISTANTS
from convosphere.core.jobs import Patience, jobs
from convosphere.creations.service import keeping


@jobs.task(name=ASSISTANTS.purge_task, retry=Patience())
async def purge_assistant(workspace_id: str, assistant_id: str) -> None:
    """Remove a deleted assistant once it can no longer be brought back."""
    await keeping.purge(UUID(workspace_id), ASSISTANTS, UUID(assistant_id))
