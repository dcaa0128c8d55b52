"""What goes on behind the trail."""

from uuid import UUID

from convosphere.core.audit import service, verifying
from convosphere.core.jobs import Patience, jobs


@jobs.periodic(cron="3 * * * *")
@jobs.task(name="audit.record_heads", queueing_lock="audit.record_heads")
async def record_heads(timestamp: int) -> None:
    """Write, every hour, where the chains end."""
    del timestamp
    await service.record_heads()


@jobs.task(name=verifying.VERIFY_TASK, retry=Patience())
async def verify(workspace_id: str, account_id: str, name: str) -> None:
    """Verify a workspace's chain for the person who asked."""
    await verifying.verify_workspace(UUID(workspace_id), UUID(account_id), name)
