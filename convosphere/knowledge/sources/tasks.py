"""Reading sources when it is time, and the end of what nobody needs of them."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.core.permissions import system_actor
from convosphere.identity.service.installation import founded_workspace
from convosphere.knowledge.search.tasks import Perseverance
from convosphere.knowledge.sources import gone, running, service


@jobs.task(name=service.RUN_TASK, queue=service.QUEUE, retry=Perseverance())
async def read_source(workspace_id: str, run_id: str) -> None:
    """Do a run."""
    await running.run(UUID(workspace_id), UUID(run_id))


@jobs.task(name=service.DELETE_TASK, queue=service.QUEUE, retry=Perseverance())
async def delete_source(workspace_id: str, source_id: str) -> None:
    """Put what a source brought into the trash, then forget it."""
    await gone.delete_source(UUID(workspace_id), UUID(source_id))


@jobs.periodic(cron="* * * * *")
@jobs.task(name="knowledge.start_due_sources", queueing_lock="knowledge.start_due_sources", retry=Patience())
async def start_due_sources(timestamp: int) -> None:
    """Begin to read, every minute, what is due."""
    del timestamp
    if workspace_id := await founded_workspace():
        await service.start_due(system_actor(workspace_id))


@jobs.periodic(cron="41 * * * *")
@jobs.task(name="knowledge.forget_sources", queueing_lock="knowledge.forget_sources", retry=Patience())
async def forget_sources(timestamp: int) -> None:
    """Forget, every hour, drafts that nobody kept and runs of long ago."""
    del timestamp
    if workspace_id := await founded_workspace():
        await service.forget_old(system_actor(workspace_id))
