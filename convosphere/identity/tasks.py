"""What goes on behind accounts."""

from convosphere.core.jobs import Patience, jobs
from convosphere.identity.service import recovery


@jobs.task(name=recovery.RECOVERY_TASK, queue="mail", retry=Patience())
async def send_recovery(sealed: str) -> None:
    """Send a link for a new password, if there is an account of the address."""
    await recovery.send_recovery(sealed)
