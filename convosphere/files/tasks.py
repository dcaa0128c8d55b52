"""What goes on behind files."""

from convosphere.core.jobs import jobs
from convosphere.files import service


@jobs.periodic(cron="17 3 * * *")
@jobs.task(name="files.sweep", queueing_lock="files.sweep")
async def sweep(timestamp: int) -> None:
    """Delete, once a day, what killed processes left."""
    del timestamp
    await service.sweep_all()
