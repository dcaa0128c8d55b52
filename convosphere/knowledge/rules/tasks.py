"""Rules go on behind documents."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.knowledge.rules.applying import TAG_TASK, apply_rules


@jobs.task(name=TAG_TASK, retry=Patience())
async def tag_by_rules(workspace_id: str, document_ids: str) -> None:
    """Hold some documents, whose ids stand with commas between them, against the rules of their workspace."""
    await apply_rules(UUID(workspace_id), [UUID(each) for each in document_ids.split(",")])
