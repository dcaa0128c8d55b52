"""What people are told of assistants."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from convosphere.assistants.models import Assistant
from convosphere.assistants.queries import naming
from convosphere.assistants.queries.access import OBJECT_TYPE
from convosphere.core.i18n import t
from convosphere.core.page_routes import ASSISTANTS, assistant
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.service.roles import list_holders
from convosphere.notifications.schemas import NotificationKind, Subject
from convosphere.notifications.service.telling import notify

ASSISTANT_SHARED: Final = NotificationKind(
    "assistant_shared",
    t("An assistant is shared with me"),
    t("{by} shares the assistant “{name}” with you."),
    "sharing",
    subject_type=OBJECT_TYPE,
    renews=True,
    needs=Permission.ASSISTANT_READ,
)
REVIEW_ASKED: Final = NotificationKind(
    "review_asked",
    t("An assistant waits for my review"),
    t("{by} asks that “{name}” be published in the gallery."),
    "review",
    subject_type="assistant_review",
    renews=True,
    needs=Permission.ASSISTANT_REVIEW,
)
ASSISTANT_PUBLISHED: Final = NotificationKind(
    "assistant_published",
    t("An assistant of mine is published"),
    t("“{name}” stands in the gallery now."),
    "review",
    subject_type=OBJECT_TYPE,
    renews=True,
    is_own=True,
    needs=Permission.ASSISTANT_SHARE,
)
ASSISTANT_REFUSED: Final = NotificationKind(
    "assistant_refused",
    t("An assistant of mine is not published, or no more"),
    t("“{name}” does not stand in the gallery. The reason is with the assistant."),
    "review",
    subject_type=OBJECT_TYPE,
    renews=True,
    is_own=True,
    needs=Permission.ASSISTANT_SHARE,
)
ASSISTANT_NOTIFICATIONS: Final = (ASSISTANT_SHARED, REVIEW_ASKED, ASSISTANT_PUBLISHED, ASSISTANT_REFUSED)


async def tell_reviewers(uow: UnitOfWork, wanted: Assistant) -> None:
    """Tell everybody who reviews that an assistant waits."""
    reviewers = await list_holders(uow, Permission.ASSISTANT_REVIEW)
    notify(uow, REVIEW_ASKED, reviewers, key=str(wanted.id), subject_id=wanted.id)


def tell_decided(uow: UnitOfWork, decided: Assistant, kind: NotificationKind) -> None:
    """Tell its owner, and whoever asked, what was decided of an assistant; not who decided that."""
    people = {decided.owner_id, decided.requested_by or decided.owner_id} - {uow.actor.account_id}
    notify(uow, kind, people, key=str(decided.id), subject_id=decided.id)


async def fetch_assistants(uow: UnitOfWork, assistant_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Those of some assistants that the unit's actor sees."""
    names = await naming.list_names(uow, assistant_ids, is_reviewer=False)
    return {key: Subject(name, assistant(str(key))) for key, name in names.items()}


async def fetch_reviews(uow: UnitOfWork, assistant_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """The same with those that wait for a review of the unit's actor, which is given where all are listed."""
    names = await naming.list_names(uow, assistant_ids, is_reviewer=uow.actor.may(Permission.ASSISTANT_REVIEW))
    return {key: Subject(name, ASSISTANTS) for key, name in names.items()}
