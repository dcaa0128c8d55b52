"""Work on many documents, and the end of what lies in the trash."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.knowledge.bulk import running, service
from convosphere.knowledge.search.tasks import Perseverance
from convosphere.knowledge.service import trash


@jobs.task(name=service.RUN_TASK, retry=Perseverance())
async def run_bulk(workspace_id: str, account_id: str, job_id: str) -> None:
    """Do a job."""
    await running.run(UUID(workspace_id), UUID(account_id), UUID(job_id))


@jobs.periodic(cron="23 * * * *")
@jobs.task(name="knowledge.empty_trash", queueing_lock="knowledge.empty_trash", retry=Patience())
async def empty_trash(timestamp: int) -> None:
    """Delete for good, every hour, what has been in the trash for 30 days, and forget old jobs."""
    del timestamp
    await trash.empty()
    await service.forget_old()
