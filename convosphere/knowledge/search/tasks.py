"""What goes on behind search."""

from uuid import UUID

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from convosphere.core.errors import UnavailableError
from convosphere.core.jobs import Patience, jobs
from convosphere.core.permissions import system_actor
from convosphere.knowledge.search.embedding import EMBED_TASK
from convosphere.knowledge.search.filling import embed_passages

_LONGEST_PAUSE = 60


class Perseverance(BaseRetryStrategy):
    """As `Patience`, but never gives up on a provider that does not answer: no person would begin this job anew."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None for never."""
        if isinstance(exception, UnavailableError):
            return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts + 1, 10), _LONGEST_PAUSE)})
        return Patience().get_retry_decision(exception=exception, job=job)


@jobs.task(name=EMBED_TASK, retry=Perseverance())
async def embed_all_passages(workspace_id: str) -> None:
    """Give the passages of a workspace their vectors."""
    await embed_passages(system_actor(UUID(workspace_id)))
