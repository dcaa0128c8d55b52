"""What people are told of templates."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from convosphere.core.i18n import t
from convosphere.core.page_routes import template
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.creations.queries.creations import list_names
from convosphere.notifications.schemas import NotificationKind, Subject
from convosphere.templates.kind import TEMPLATES
from convosphere.templates.schemas import OBJECT_TYPE

TEMPLATE_SHARED: Final = NotificationKind(
    "template_shared",
    t("A template is shared with me"),
    t("{by} shares the template “{name}” with you."),
    "sharing",
    subject_type=OBJECT_TYPE,
    renews=True,
    needs=Permission.TEMPLATE_READ,
)
TEMPLATE_NOTIFICATIONS: Final = (TEMPLATE_SHARED,)


async def fetch_templates(uow: UnitOfWork, template_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Those of some templates that the unit's actor sees."""
    names = await list_names(uow, TEMPLATES, template_ids)
    return {key: Subject(name, template(str(key))) for key, name in names.items()}
