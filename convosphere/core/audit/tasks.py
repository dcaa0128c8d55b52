"""What goes on behind the trail."""

from convosphere.core.audit import service
from convosphere.core.jobs import jobs


@jobs.periodic(cron="3 * * * *")
@jobs.task(name="audit.record_heads", queueing_lock="audit.record_heads")
async def record_heads(timestamp: int) -> None:
    """Write, every hour, where the chains end."""
    del timestamp
    await service.record_heads()
