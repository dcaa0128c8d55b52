"""What goes on behind test cases."""

from uuid import UUID

from procrastinate import JobContext

from convosphere.core.jobs import Patience, is_last_attempt, jobs
from convosphere.playground.service import running
from convosphere.playground.service.runs import RUN_TASK


@jobs.task(name=RUN_TASK, pass_context=True, retry=Patience())
async def run_cases(context: JobContext, workspace_id: str, account_id: str, run_id: str) -> None:
    """Do the next cases of a run; it gives itself the rest as another job."""
    await running.run_cases(
        UUID(workspace_id), UUID(account_id), UUID(run_id), is_last_attempt=is_last_attempt(context.job)
    )
