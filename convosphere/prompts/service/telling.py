"""What people are told of prompts."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from convosphere.core.i18n import t
from convosphere.core.page_routes import prompt
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.creations.queries.creations import list_names
from convosphere.notifications.schemas import NotificationKind, Subject
from convosphere.prompts.kind import PROMPTS
from convosphere.prompts.queries.prompts import OBJECT_TYPE

PROMPT_SHARED: Final = NotificationKind(
    "prompt_shared",
    t("A prompt is shared with me"),
    t("{by} shares the prompt “{name}” with you."),
    "sharing",
    subject_type=OBJECT_TYPE,
    renews=True,
    needs=Permission.PROMPT_READ,
)
PROMPT_NOTIFICATIONS: Final = (PROMPT_SHARED,)


async def fetch_prompts(uow: UnitOfWork, prompt_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Those of some prompts that the unit's actor sees."""
    names = await list_names(uow, PROMPTS, prompt_ids)
    return {key: Subject(name, prompt(str(key))) for key, name in names.items()}
