"""What goes on behind assistants."""

from uuid import UUID

from convosphere.assistants.service import assistants
from convosphere.core.jobs import Patience, jobs


@jobs.task(name=assistants.PURGE_TASK, retry=Patience())
async def purge_assistant(workspace_id: str, assistant_id: str) -> None:
    """Remove a deleted assistant once it can no longer be brought back."""
    await assistants.purge(UUID(workspace_id), UUID(assistant_id))
