"""The job that asks the test questions."""

from uuid import UUID

from convosphere.core.jobs import Patience, jobs
from convosphere.knowledge.evaluation import service


@jobs.task(name=service.TRIAL_TASK, retry=Patience())
async def ask_test_questions(workspace_id: str, account_id: str, trial_id: str) -> None:
    """Ask them all."""
    await service.run_trial(UUID(workspace_id), UUID(account_id), UUID(trial_id))
