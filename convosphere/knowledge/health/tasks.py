"""The job that looks for remains."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.knowledge.health import scanning


@jobs.task(name=scanning.SCAN_TASK, retry=Patience())
async def scan(workspace_id: str, account_id: str, scan_id: str) -> None:
    """Look, and clean up where that was asked for."""
    await scanning.run(UUID(workspace_id), UUID(account_id), UUID(scan_id))
