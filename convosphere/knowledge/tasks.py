"""What goes on behind documents."""

from uuid import UUID

from procrastinate import JobContext

from convosphere.core.jobs import Patience, is_last_attempt, jobs
from convosphere.core.permissions import system_actor
from convosphere.knowledge.service import processing
from convosphere.knowledge.service.announcements import PROCESS_TASK


@jobs.task(name=PROCESS_TASK, pass_context=True, retry=Patience())
async def process_document(
    context: JobContext, workspace_id: str, account_id: str, document_id: str, version_id: str
) -> None:
    """Read one document.

    The workspace's own actor does it: reading needs no right of its owner, and must not end when they leave the team.
    """
    del account_id
    await processing.process_document(
        system_actor(UUID(workspace_id)), UUID(document_id), UUID(version_id),
        is_last_attempt=is_last_attempt(context.job),
    )  # fmt: skip
