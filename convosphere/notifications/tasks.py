"""What goes on behind notifications."""

from typing import cast
from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.identity.service.installation import founded_workspace
from convosphere.notifications.schemas import Digest
from convosphere.notifications.service import digests, reading


@jobs.periodic(cron="*/15 * * * *")
@jobs.task(name="notifications.send_digests", queueing_lock="notifications.send_digests")
async def send_digests(timestamp: int) -> None:
    """Find, every quarter of an hour, to whom a mail with news is due."""
    del timestamp
    if workspace_id := await founded_workspace():
        await digests.enqueue_due(workspace_id)


@jobs.task(name=digests.SEND_TASK, queue="mail", retry=Patience())
async def send_digest(workspace_id: str, account_id: str, period: str) -> None:
    """Mail one person their news."""
    await digests.send_digest(UUID(workspace_id), UUID(account_id), cast("Digest", period))


@jobs.periodic(cron="41 3 * * *")
@jobs.task(name="notifications.forget_old", queueing_lock="notifications.forget_old")
async def forget_old(timestamp: int) -> None:
    """Delete, every night, what is kept long enough."""
    del timestamp
    if workspace_id := await founded_workspace():
        await reading.forget_old(workspace_id)
        await digests.forget_old(workspace_id)
