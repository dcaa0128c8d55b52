"""What goes on behind prompts."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.creations.service import keeping
from convosphere.prompts.kind import PROMPTS


@jobs.task(name=PROMPTS.purge_task, retry=Patience())
async def purge_prompt(workspace_id: str, prompt_id: str) -> None:
    """Remove a deleted prompt once it can no longer be brought back."""
    await keeping.purge(UUID(workspace_id), PROMPTS, UUID(prompt_id))
