"""What goes on behind templates."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.creations.service import keeping
from convosphere.templates.kind import TEMPLATES


@jobs.task(name=TEMPLATES.purge_task, retry=Patience())
async def purge_template(workspace_id: str, conversation_template_id: str) -> None:
    """Remove a deleted template once it can no longer be brought back."""
    await keeping.purge(UUID(workspace_id), TEMPLATES, UUID(conversation_template_id))
