"""What goes on behind the ledger."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.identity.service.installation import founded_workspace
from convosphere.usage.service import rolling, telling


@jobs.periodic(cron="7 * * * *")
@jobs.task(name="usage.roll_up", queueing_lock="usage.roll_up")
async def roll_up(timestamp: int) -> None:
    """Sum up, soon after it has ended, each day of the workspace."""
    del timestamp
    if workspace_id := await founded_workspace():
        await rolling.roll_up(workspace_id)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="usage.tell_managers", queueing_lock="usage.tell_managers")
async def tell_managers(timestamp: int) -> None:
    """Tell those who can act which shared budgets of the workspace come to their end."""
    del timestamp
    if workspace_id := await founded_workspace():
        await telling.tell_managers(workspace_id)


@jobs.task(name=rolling.ROLL_UP_TASK, retry=Patience())
async def roll_up_workspace(workspace_id: str) -> None:
    """The same for one whose sums were forgotten."""
    await rolling.roll_up(UUID(workspace_id))
