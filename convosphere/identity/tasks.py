"""What goes on behind accounts."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.identity.service import leaving, lists, looking, recovery


@jobs.periodic(cron="* * * * *")
@jobs.task(name="identity.end_looks", queueing_lock="identity.end_looks")
async def end_looks(timestamp: int) -> None:
    """Write to the trail, every minute, where looking as somebody has ended by itself."""
    del timestamp
    await looking.end_run_out()


@jobs.task(name=recovery.RECOVERY_TASK, queue="mail", retry=Patience())
async def send_recovery(sealed: str) -> None:
    """Send a link for a new password, if there is an account of the address."""
    await recovery.send_recovery(sealed)


@jobs.task(name=leaving.DELETE_TASK, retry=Patience())
async def delete_person(workspace_id: str, deletion_id: str) -> None:
    """Delete somebody who was shut out before."""
    await leaving.finish_deletion(UUID(workspace_id), UUID(deletion_id))


@jobs.task(name=lists.SEND_LIST_TASK, retry=Patience())
async def send_list(workspace_id: str, list_id: str) -> None:
    """Invite everybody on a list."""
    await lists.send_lines(UUID(workspace_id), UUID(list_id))
