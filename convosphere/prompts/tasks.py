"""What goes on behind prompts."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.prompts.service import prompts


@jobs.task(name=prompts.PURGE_TASK, retry=Patience())
async def purge_prompt(workspace_id: str, prompt_id: str) -> None:
    """Remove a deleted prompt once it can no longer be brought back."""
    await prompts.purge(UUID(workspace_id), UUID(prompt_id))
