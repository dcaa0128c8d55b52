"""What people are told of runs of test cases."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from convosphere.assistants.service.telling import fetch_assistants
from convosphere.core.i18n import t
from convosphere.core.page_routes import playground
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.schemas import NotificationKind, Subject

RUN_ENDED: Final = NotificationKind(
    "run_ended",
    t("A run of test cases has ended"),
    t("The test cases of “{name}” have been run."),
    "job",
    subject_type="assistant_run",
    is_own=True,
    needs=Permission.ASSISTANT_WRITE,
)
PLAYGROUND_NOTIFICATIONS: Final = (RUN_ENDED,)


async def fetch_runs(uow: UnitOfWork, assistant_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Where the runs of those of some assistants are that the unit's actor sees."""
    found = await fetch_assistants(uow, assistant_ids)
    return {key: Subject(subject.name, playground(str(key))) for key, subject in found.items()}
