"""What goes on behind the ledger."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.identity.service.installation import founded_workspace
from convosphere.usage.service import rolling


@jobs.periodic(cron="7 * * * *")
@jobs.task(name="usage.roll_up", queueing_lock="usage.roll_up")
async def roll_up(timestamp: int) -> None:
    """Sum up, soon after it has ended, each day of the workspace."""
    del timestamp
    if workspace_id := await founded_workspace():
        await rolling.roll_up(workspace_id)


@jobs.task(name=rolling.ROLL_UP_TASK, retry=Patience())
async def roll_up_workspace(workspace_id: str) -> None:
    """The same for one whose sums were forgotten."""
    await rolling.roll_up(UUID(workspace_id))
