"""What goes on behind previews."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.core.permissions import system_actor
from convosphere.knowledge.previews import service


@jobs.task(name=service.THUMBNAIL_TASK, retry=Patience())
async def make_thumbnail(workspace_id: str, document_id: str) -> None:
    """Make the small picture of a document that a list lacks."""
    await service.make_thumbnail(system_actor(UUID(workspace_id)), UUID(document_id))
